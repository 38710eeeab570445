"""Nodes: the symbols of the projects, and those outside that they refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from lestockage.analytics.row_batches import batches_of_rows
from lestockage.analytics.view import Column, View
from lestockage.analytics.views.projects import TIME
from lestockage.store.bulk_rows import stream_node_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.analytics.sources import Sources

_SELECTED = (
    "n.id, n.file_path, n.qualified_name, n.ordinal, n.symbol_name, n.node_type, n.language, n.signature, n.visibility, n.start_line, "
    "n.start_column, n.end_line, n.end_column, n.complexity, CASE WHEN n.content_hash IS NOT NULL THEN lower(hex(n.content_hash)) END, "
    "n.stale, n.created_at, n.updated_at"
)


def _batches(sources: Sources) -> Iterator[pa.RecordBatch]:
    read = NODES.schema.remove(NODES.schema.get_field_index("project"))
    done = 0
    for project in sources.projects:
        for batch in batches_of_rows(read, stream_node_rows(sources.store, project.id, columns=_SELECTED)):
            done += batch.num_rows
            sources.report("reading nodes", done, 0)
            yield with_project(batch, project.name)


def with_project(batch: pa.RecordBatch, name: str) -> pa.RecordBatch:
    """Return a batch with the project's name as its second column, where all its rows are of one project."""
    return batch.add_column(1, "project", pa.repeat(pa.scalar(name, pa.string()), batch.num_rows))


NODES = View(
    "nodes",
    "Symbols, by project, file and qualified name; `external` ones lie outside every project.",
    (
        Column("id", pa.int64(), "key, stable while the symbol's identity is"),
        Column("project", pa.string(), "name of the project"),
        Column("file_path", pa.string(), "from the project's root; null for external symbols"),
        Column("qualified_name", pa.string(), "dotted, from the import root"),
        Column("ordinal", pa.int64(), "0, 1 … through symbols of one file with one qualified name"),
        Column("symbol_name", pa.string(), "the last part of the qualified name"),
        Column("node_type", pa.string(), "module, class, function, method, variable, external"),
        Column("language", pa.string(), "or null"),
        Column("signature", pa.string(), "or null"),
        Column("visibility", pa.string(), "public, private … or null"),
        Column("start_line", pa.int64(), "from 1, or null"),
        Column("start_column", pa.int64(), "from 0, or null"),
        Column("end_line", pa.int64(), "last line, or null"),
        Column("end_column", pa.int64(), "or null"),
        Column("complexity", pa.int64(), "cyclomatic, of its own code; null for variables and what is outside"),
        Column("content_hash", pa.string(), "of what the symbol is, in hexadecimal, or null"),
        Column("stale", pa.bool_(), "its file has failed since: the last good state"),
        Column("created_at", TIME, "UTC"),
        Column("updated_at", TIME, "UTC; changes with what the symbol is, not with where"),
    ),
    _batches,
)
