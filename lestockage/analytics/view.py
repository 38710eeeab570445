"""View: a table that SQL, frames and exports know by name; its columns, and how its rows are made.

Adding one is one declaration in `lestockage.analytics.views` and its name in `catalogue.VIEWS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lestockage.analytics.sources import Sources


class Column(NamedTuple):
    """One column: its type is pyarrow's, `about` says what it holds, in which unit, and when it is null."""

    name: str
    type: pa.DataType
    about: str


class View(NamedTuple):
    """One table.

    `batches` yields its rows, in an order that does not depend on anything but the file. `packages` are those it needs beyond the core, of
    the extra `analytics`.
    """

    name: str
    about: str
    columns: tuple[Column, ...]
    batches: Callable[[Sources], Iterator[pa.RecordBatch]]
    packages: tuple[str, ...] = ()

    @property
    def schema(self) -> pa.Schema:
        """The columns as pyarrow's schema."""
        return pa.schema([(column.name, column.type) for column in self.columns])
