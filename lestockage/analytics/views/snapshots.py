"""Snapshots: how size, complexity and coupling of each project went."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from lestockage.analytics.evolution.timeline import Timeline
from lestockage.analytics.evolution.trend import trend
from lestockage.analytics.row_batches import batches_of_rows
from lestockage.analytics.view import Column, View
from lestockage.analytics.views.projects import TIME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.analytics.sources import Sources


def _batches(sources: Sources) -> Iterator[pa.RecordBatch]:
    for project in sources.projects:
        sources.report("reading snapshots", 0, 0)
        rows = []
        for place, point in enumerate(trend(Timeline(sources.store, project.id))):
            row = point.snapshot
            commit = (row.commit_id, row.committed_at, row.author, row.subject)
            rows.append((row.id, project.name, row.label, *commit, row.recorded_at, place, row.files, row.nodes, row.edges, *point[1:]))
        yield from batches_of_rows(SNAPSHOTS.schema, [rows])


SNAPSHOTS = View(
    "snapshots",
    "The recorded states of the projects, oldest first: their size, complexity and coupling, and what changed since the one before.",
    (
        Column("id", pa.int64(), "in the order of recording"),
        Column("project", pa.string(), "name of the project"),
        Column("label", pa.string(), "unique in the project; the commit's id where it was not named"),
        Column("commit_id", pa.string(), "of git; null for a state that is no commit"),
        Column("committed_at", TIME, "UTC, or null"),
        Column("author", pa.string(), "of the commit, or null"),
        Column("subject", pa.string(), "first line of the commit's message, or null"),
        Column("recorded_at", TIME, "UTC"),
        Column("place", pa.int64(), "in the order of time, from 0: of the commit, else of recording"),
        Column("files", pa.int64(), "Python files"),
        Column("nodes", pa.int64(), "that the files define"),
        Column("edges", pa.int64(), "of all types, each place in code counts"),
        Column("lines", pa.int64(), "of all modules"),
        Column("functions", pa.int64(), "functions and methods"),
        Column("complexity", pa.int64(), "sum of their cyclomatic complexity"),
        Column("complex_functions", pa.int64(), "those with a complexity over 10"),
        Column("references", pa.int64(), "from one file to another"),
        Column("coupled_files", pa.int64(), "ordered pairs of files with such references"),
        Column("added", pa.int64(), "symbols that the state before had not"),
        Column("removed", pa.int64(), "symbols of the state before that are gone"),
        Column("modified", pa.int64(), "symbols whose content differs from the state before"),
    ),
    _batches,
)
