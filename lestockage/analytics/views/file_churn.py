"""File churn: how often each file has changed, as far as a history is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from lestockage.analytics.row_batches import batches_of_rows
from lestockage.analytics.view import Column, View
from lestockage.analytics.views.projects import TIME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.analytics.sources import Sources


def _batches(sources: Sources) -> Iterator[pa.RecordBatch]:
    for project in sources.projects:
        sources.report("reading history", 0, 0)
        found = sources.churn(project.root)
        yield from batches_of_rows(FILE_CHURN.schema, [[(project.name, path, *found[path]) for path in sorted(found)]])


FILE_CHURN = View(
    "file_churn",
    "Files with their changes in the history that was read; empty where none is known.",
    (
        Column("project", pa.string(), "name of the project"),
        Column("file_path", pa.string(), "from the project's root, under its present name"),
        Column("commits", pa.int64(), "commits that touch it, merges left out"),
        Column("added", pa.int64(), "lines added in all"),
        Column("deleted", pa.int64(), "lines deleted in all"),
        Column("authors", pa.int64(), "people who wrote those commits"),
        Column("last_commit", TIME, "UTC"),
    ),
    _batches,
)
