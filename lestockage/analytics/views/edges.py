"""Edges: which symbol refers to which, how, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from lestockage.analytics.row_batches import batches_of_rows
from lestockage.analytics.view import Column, View
from lestockage.store.bulk_rows import stream_edge_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.analytics.sources import Sources


def _batches(sources: Sources) -> Iterator[pa.RecordBatch]:
    done = 0
    for project in sources.projects:
        for batch in batches_of_rows(EDGES.schema, stream_edge_rows(sources.store, project.id)):
            done += batch.num_rows
            sources.report("reading edges", done, 0)
            yield batch


EDGES = View(
    "edges",
    "References between symbols, one row for each place in code, grouped by caller.",
    (
        Column("caller_id", pa.int64(), "`nodes.id` of who refers"),
        Column("callee_id", pa.int64(), "`nodes.id` of what is referred to, of any project"),
        Column("edge_type", pa.string(), "call, inheritance, data_dependency, import, containment"),
        Column("site_line", pa.int64(), "from the caller's first line, which is 0"),
        Column("site_column", pa.int64(), "from 0"),
        Column("confidence", pa.float64(), "0 to 1"),
        Column("provenance", pa.string(), "the rule that found it"),
    ),
    _batches,
)
