"""Projects: the source trees in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from lestockage.analytics.row_batches import batches_of_rows
from lestockage.analytics.view import Column, View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.analytics.sources import Sources

TIME = pa.timestamp("ms")


def _batches(sources: Sources) -> Iterator[pa.RecordBatch]:
    return batches_of_rows(PROJECTS.schema, [[(row.id, row.name, row.root, row.created_at, row.updated_at) for row in sources.projects]])


PROJECTS = View(
    "projects",
    "The projects, by name.",
    (
        Column("id", pa.int64(), "key, never given again"),
        Column("name", pa.string(), "unique"),
        Column("root", pa.string(), "the folder of its files"),
        Column("created_at", TIME, "UTC"),
        Column("updated_at", TIME, "UTC"),
    ),
    _batches,
)
