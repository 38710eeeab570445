"""Row batch: rows on their way into one statement, taken one by one and counted, so that a refusal can name the row."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from lestockage.errors import ConstraintError, RefusedRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lestockage.errors import StoreError
    from lestockage.store.connection import StoreFile

    Row = tuple[Any, ...]

LARGE: Final = 1_000
"""Rows from which on it pays to fill an empty table without its indexes."""


def begin(rows: Iterable[Any]) -> tuple[Iterable[Any], bool]:
    """Return the rows again, and whether there are many, having taken no more of them than tells that."""
    iterator = iter(rows)
    head = list(islice(iterator, LARGE))
    return chain(head, iterator), len(head) == LARGE


class RowBatch:
    """Rows of a caller's iterable, converted one at a time when the statement takes them."""

    __slots__ = ("_convert", "_path", "_rows", "index", "row")

    def __init__(self, path: str, rows: Iterable[Any], convert: Callable[[Any], Row]) -> None:
        """Prepare; `convert` makes a row of what the caller gave, and may raise ValueError, TypeError or IndexError to refuse it."""
        self._path = path
        self._rows = rows
        self._convert = convert
        self.index = -1
        self.row: Row = ()

    def __iter__(self) -> Iterator[Row]:
        convert = self._convert
        index = -1
        for given in self._rows:
            index += 1
            self.index = index
            try:
                self.row = row = convert(given)
            except (ValueError, TypeError, IndexError) as error:
                raise RefusedRow(self._path, str(error), index) from error
            yield row

    def write(self, store: StoreFile, sql: str, refusal: Callable[[ConstraintError, Row, int], StoreError]) -> int:
        """Run a statement for each row and return how many rows of the table it changed.

        Raises:
            RefusedRow: something is no row of the table.
            StoreError: what `refusal` makes of an error of the schema's constraints, the row and its index.
        """
        try:
            return store.executemany(sql, self)
        except RefusedRow:
            raise
        except ConstraintError as error:
            raise refusal(error, self.row, self.index) from error
