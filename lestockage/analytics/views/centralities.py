"""Centralities: what costs more than a pass over the edges: betweenness, closeness, eigenvector, hubs and authorities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from lestockage.analytics.row_batches import batch_of_columns
from lestockage.analytics.view import Column, View
from lestockage.analytics.views.symbol_columns import symbols

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.analytics.sources import Sources


def _batches(sources: Sources) -> Iterator[pa.RecordBatch]:
    import numpy as np  # noqa: PLC0415  # part of the extra

    from lestockage.analytics.graph_metrics.eigenvector import eigenvector  # noqa: PLC0415
    from lestockage.analytics.graph_metrics.hits import hits  # noqa: PLC0415
    from lestockage.analytics.graph_metrics.shortest_paths import path_metrics  # noqa: PLC0415

    graph = sources.graph()
    paths = path_metrics(graph, progress=lambda done, total: sources.report("shortest paths", done, total))
    unknown = np.full(len(graph), np.nan)
    found_hits = hits(graph)
    values = eigenvector(graph)
    computed = [
        paths.betweenness,
        paths.standard_error,
        np.full(len(graph), paths.bound),
        paths.closeness,
        unknown if values is None else values,
        *((unknown, unknown) if found_hits is None else found_hits),
    ]
    for found in symbols(sources):
        places = graph.places(found.columns[0])
        yield batch_of_columns(CENTRALITIES.schema, [*found.columns[:3], *(each[places] for each in computed)])


CENTRALITIES = View(
    "centralities",
    "Symbols of the projects' own, with the centralities that take seconds on a large graph.",
    (
        Column("id", pa.int64(), "`nodes.id`"),
        Column("project", pa.string(), "name of the project"),
        Column("qualified_name", pa.string(), "dotted, from the import root"),
        Column("betweenness", pa.float64(), "share of shortest paths that pass through it"),
        Column("betweenness_error", pa.float64(), "its standard error; 0 when exact"),
        Column("betweenness_bound", pa.float64(), "no betweenness is off by more, with probability 0.95; 0 when exact"),
        Column("closeness", pa.float64(), "1 / mean distance from those that reach it, times their share"),
        Column("eigenvector", pa.float64(), "null when the iteration does not settle, as in a graph without circles"),
        Column("hub", pa.float64(), "refers to authorities; all sum to 1"),
        Column("authority", pa.float64(), "hubs refer to it; all sum to 1"),
    ),
    _batches,
    packages=("numpy", "scipy", "rustworkx"),
)
