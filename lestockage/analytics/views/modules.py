"""Modules: size, coupling and cohesion of each file, and the circles in which files depend on each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from lestockage.analytics.row_batches import batch_of_columns
from lestockage.analytics.view import Column, View
from lestockage.analytics.views.symbol_columns import symbols
from lestockage.languages.facts import is_anonymous

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.analytics.sources import Sources

_FUNCTIONS = frozenset({"function", "method"})


def _batches(sources: Sources) -> Iterator[pa.RecordBatch]:
    import numpy as np  # noqa: PLC0415  # part of the extra

    from lestockage.analytics.graph_metrics.components import component_sizes, strong_components  # noqa: PLC0415
    from lestockage.analytics.graph_metrics.coupling import coupling  # noqa: PLC0415
    from lestockage.analytics.graph_metrics.layers import layers  # noqa: PLC0415

    graph = sources.graph()
    numbers: dict[tuple[str, str], int] = {}
    names: list[str | None] = []
    facts: list[list[int]] = []
    groups = np.zeros(len(graph), dtype=np.int64)
    for found in symbols(sources):
        place_of = graph.places(found.columns[0])
        for place, project, name, kind, path, _line, complexity in zip(place_of.tolist(), *found.columns[1:], strict=True):
            number = numbers.setdefault((project, path), len(numbers))
            if number == len(names):
                names.append(None)
                facts.append([0, 0, 0, 0])
            groups[place] = number
            fact = facts[number]
            fact[0] += 1
            if kind == "module":
                names[number] = name
            elif kind in _FUNCTIONS and not is_anonymous(name):
                fact[1] += 1
                fact[2] += complexity or 0
                fact[3] = max(fact[3], complexity or 0)
    if not numbers:
        return
    told = coupling(graph, groups, len(numbers))
    circles = strong_components(told.graph)
    yield batch_of_columns(
        MODULES.schema,
        [
            *zip(*numbers, strict=True),
            names,
            *zip(*facts, strict=True),
            *(told.afferent, told.efferent, told.instability, told.internal, told.relational_cohesion, told.own_share),
            *(circles, component_sizes(circles), layers(told.graph, circles)),
        ],
    )


MODULES = View(
    "modules",
    "Files, with their coupling to other files of the projects and their cohesion, over calls, imports, inheritance and data.",
    (
        Column("project", pa.string(), "name of the project"),
        Column("file_path", pa.string(), "from the project's root"),
        Column("qualified_name", pa.string(), "of the module"),
        Column("symbols", pa.int64(), "symbols in it, the module itself included"),
        Column("functions", pa.int64(), "functions and methods"),
        Column("complexity", pa.int64(), "sum of their cyclomatic complexity"),
        Column("worst_complexity", pa.int64(), "the largest of them"),
        Column("afferent", pa.int64(), "files that refer to it"),
        Column("efferent", pa.int64(), "files that it refers to"),
        Column("instability", pa.float64(), "efferent / (afferent + efferent); null when it is alone"),
        Column("internal", pa.int64(), "references between its own symbols"),
        Column("relational_cohesion", pa.float64(), "(internal + 1) / symbols"),
        Column("own_share", pa.float64(), "share of its references that stay inside; null without references"),
        Column("circle", pa.int64(), "strongly connected component of files, 0 the largest"),
        Column("circle_size", pa.int64(), "files in it; above 1, they depend on each other in a cycle"),
        Column("layer", pa.int64(), "0 refers to no file outside its circle"),
    ),
    _batches,
    packages=("numpy", "scipy"),
)
