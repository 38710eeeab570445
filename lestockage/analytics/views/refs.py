"""Refs: who uses which symbol of which other project, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from lestockage.analytics.row_batches import batches_of_rows
from lestockage.analytics.view import Column, View
from lestockage.store.projects import list_projects
from lestockage.store.reference_rows import stream_references

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.analytics.sources import Sources


def _batches(sources: Sources) -> Iterator[pa.RecordBatch]:
    names = {project.id: project.name for project in list_projects(sources.store)}
    for project in sources.projects:
        for rows in stream_references(sources.store, project.id):
            named = [(row[0], project.name, *row[1:6], names[row[6]], *row[7:]) for row in rows]
            yield from batches_of_rows(REFS.schema, [named])


REFS = View(
    "refs",
    "Places in the projects that use another project, and what is known of the symbol that they mean.",
    (
        Column("caller_id", pa.int64(), "`nodes.id` of who refers"),
        Column("project", pa.string(), "name of the caller's project"),
        Column("caller", pa.string(), "qualified name of who refers"),
        Column("file_path", pa.string(), "of the caller, from its project's root"),
        Column("line", pa.int64(), "of the place, from 1"),
        Column("site_column", pa.int64(), "of the place, from 0"),
        Column("edge_type", pa.string(), "call, inheritance, data_dependency, import"),
        Column("provider", pa.string(), "name of the project that is used"),
        Column("symbol_id", pa.int64(), "`nodes.id` of the symbol there; null unless linked or partial"),
        Column("name", pa.string(), "the dotted name in the code"),
        Column("qualified_name", pa.string(), "the symbol's, where it is known"),
        Column("state", pa.string(), "linked; partial: the nearest symbol on the way; missing: the provider has none; unknown"),
    ),
    _batches,
)
