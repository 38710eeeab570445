"""Metrics: what the graph of references says of each symbol, as far as it costs a pass or two over the edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from lestockage.analytics.row_batches import batch_of_columns
from lestockage.analytics.view import Column, View
from lestockage.analytics.views.symbol_columns import SYMBOL_COLUMNS, symbols

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.analytics.sources import Sources


def _batches(sources: Sources) -> Iterator[pa.RecordBatch]:
    from lestockage.analytics.graph_metrics import components, degrees, layers  # noqa: PLC0415  # they need the extra
    from lestockage.analytics.graph_metrics.pagerank import pagerank  # noqa: PLC0415

    graph = sources.graph()
    sources.report("components", 0, 0)
    strong = components.strong_components(graph)
    sources.report("ranks", 0, 0)
    computed = [
        degrees.in_degrees(graph),
        degrees.out_degrees(graph),
        degrees.references_in(graph),
        degrees.references_out(graph),
        pagerank(graph),
        components.weak_components(graph),
        strong,
        components.component_sizes(strong),
        layers.layers(graph, strong),
        layers.distances(graph, layers.entry_points(graph)),
    ]
    for found in symbols(sources):
        places = graph.places(found.columns[0])
        distance = [None if steps < 0 else steps for steps in computed[-1][places].tolist()]
        yield batch_of_columns(METRICS.schema, [*found.columns, *(values[places] for values in computed[:-1]), distance])


METRICS = View(
    "metrics",
    "Symbols of the projects' own, with what the graph of calls, imports, inheritance and data says of them. Parallel edges count once.",
    (
        *SYMBOL_COLUMNS,
        Column("in_degree", pa.int64(), "symbols that refer to it"),
        Column("out_degree", pa.int64(), "symbols that it refers to"),
        Column("references_in", pa.int64(), "places in code that refer to it"),
        Column("references_out", pa.int64(), "places in its code that refer to a symbol"),
        Column("pagerank", pa.float64(), "share of a random walk along references; all sum to 1"),
        Column("component", pa.int64(), "weakly connected component, 0 the largest"),
        Column("circle", pa.int64(), "strongly connected component, 0 the largest"),
        Column("circle_size", pa.int64(), "symbols in it; above 1, it is in a dependency cycle"),
        Column("layer", pa.int64(), "0 refers to nothing outside its circle, else 1 more than the highest that it refers to"),
        Column("entry_distance", pa.int64(), "steps from the nearest symbol that nothing refers to; null when none leads here"),
    ),
    _batches,
    packages=("numpy", "scipy"),
)
