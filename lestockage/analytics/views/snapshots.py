"""Snapshots: the states of the projects that were recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from lestockage.analytics.row_batches import batches_of_rows
from lestockage.analytics.view import Column, View
from lestockage.analytics.views.projects import TIME
from lestockage.store.snapshot_rows import list_snapshots

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.analytics.sources import Sources


def _batches(sources: Sources) -> Iterator[pa.RecordBatch]:
    for project in sources.projects:
        rows = [(row.id, project.name, *row[2:]) for row in list_snapshots(sources.store, project.id)]
        yield from batches_of_rows(SNAPSHOTS.schema, [rows])


SNAPSHOTS = View(
    "snapshots",
    "Recorded states of the projects, in the order in which they were recorded.",
    (
        Column("id", pa.int64(), "key, never given again"),
        Column("project", pa.string(), "name of the project"),
        Column("label", pa.string(), "unique in the project"),
        Column("commit_id", pa.string(), "of git; null for a state that is no commit"),
        Column("committed_at", TIME, "UTC, or null"),
        Column("author", pa.string(), "of the commit, or null"),
        Column("subject", pa.string(), "of the commit, or null"),
        Column("recorded_at", TIME, "UTC"),
        Column("files", pa.int64(), "files in it"),
        Column("nodes", pa.int64(), "symbols in it"),
        Column("edges", pa.int64(), "references in it"),
    ),
    _batches,
)
