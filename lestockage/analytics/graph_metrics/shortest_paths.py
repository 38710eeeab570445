"""Shortest paths: betweenness and closeness, over all sources or over a sample of them whose error is stated."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.analytics.graph_metrics.compact_graph import CompactGraph, Floats, Integers

EXACT_WORK = 500_000_000
"""Nodes times (nodes + edges) up to which all sources are taken: seconds at worst, and for code far less."""
SAMPLES = 256
"""Sources of a sample, unless it is said otherwise."""
DOUBT = 0.05
"""The stated bound is exceeded by any node at most this often."""


class PathMetrics(NamedTuple):
    """Betweenness and closeness of each node, as networkx normalises them, and how far they may be off.

    `standard_error` is the estimated standard deviation of each betweenness (0 when exact); `bound` is what no betweenness is off by, with
    probability 1 - `DOUBT` (0 when exact).
    """

    betweenness: Floats
    closeness: Floats
    standard_error: Floats
    bound: float
    sources: int
    is_exact: bool


def path_metrics(
    graph: CompactGraph,
    *,
    exact_work: int = EXACT_WORK,
    samples: int = SAMPLES,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> PathMetrics:
    """Return betweenness and closeness, exact while nodes x (nodes + edges) is at most `exact_work`, else from `samples` random sources.

    Exact: `networkx.betweenness_centrality` and `networkx.closeness_centrality`, by rustworkx (Brandes, "A faster algorithm for betweenness
    centrality", 2001). Sampled: Brandes and Pich, "Centrality estimation in large networks", 2007, sources drawn without repetition from
    `seed`; the dependency of one source divided by nodes - 2 lies within 0 and 1, so by Hoeffding's inequality (1963, which holds without
    repetition too) no estimate is off by more than sqrt(ln(2 nodes / DOUBT) / (2 samples)). O(samples x (nodes + edges)).
    """
    size = len(graph)
    if size * (size + graph.edge_count) <= exact_work:
        return _exact(graph)
    if samples >= size:
        return sampled_paths(graph, np.arange(size), progress=progress)
    drawn = np.sort(np.random.default_rng(seed).choice(size, samples, replace=False))
    return sampled_paths(graph, drawn, progress=progress)


def sampled_paths(graph: CompactGraph, sources: Integers, *, progress: Callable[[int, int], None] | None = None) -> PathMetrics:
    """Return the metrics as some sources see them, by breadth-first searches over arrays; with all sources they are exact."""
    size, count = len(graph), len(sources)
    total, squares, reached_by, distance_sum = np.zeros(size), np.zeros(size), np.zeros(size), np.zeros(size)
    for number, source in enumerate(sources.tolist()):
        if progress is not None:
            progress(number, count)
        dependency, distance = _dependencies(graph, source)
        total += dependency
        squares += dependency * dependency
        is_reached = distance > 0
        reached_by += is_reached
        distance_sum += np.where(is_reached, distance, 0)
    # What one source says of a node, as an estimate of the normalised value: (n / k) sum / ((n - 1)(n - 2)).
    scale = size / ((size - 1) * (size - 2)) if size > 2 else 0.0
    mean = total / max(count, 1)
    is_exact = count >= size
    variance = np.maximum(squares / max(count, 1) - mean * mean, 0.0) * count / max(count - 1, 1)
    remaining = 1 - count / size if size else 0.0  # sources are drawn without repetition
    return PathMetrics(
        betweenness=mean * scale,
        closeness=_closeness(reached_by, distance_sum, np.bincount(sources, minlength=size), count, size),
        standard_error=np.zeros(size) if is_exact else np.sqrt(variance / count * remaining) * scale,
        bound=0.0 if is_exact else min(1.0, size / (size - 1) * math.sqrt(math.log(2 * size / DOUBT) / (2 * count))),
        sources=count,
        is_exact=is_exact,
    )


def _closeness(reached_by: Floats, distance_sum: Floats, is_source: Integers, count: int, size: int) -> Floats:
    """Return (reaching / (n - 1)) / (mean distance), Wasserman and Faust's form; of the sources, a node itself is not counted."""
    others = np.maximum(count - is_source, 1)
    share = reached_by / others if size > 1 else np.zeros(size)
    return np.divide(share * reached_by, distance_sum, out=np.zeros(size), where=distance_sum > 0)


def _exact(graph: CompactGraph) -> PathMetrics:
    import rustworkx  # noqa: PLC0415  # part of an extra; small graphs are only asked for here

    size = len(graph)
    made: rustworkx.PyDiGraph[None, None] = rustworkx.PyDiGraph(multigraph=False, node_count_hint=size)
    made.add_nodes_from([None] * size)
    made.extend_from_edge_list(list(zip(graph.sources.tolist(), graph.indices.tolist(), strict=True)))
    betweenness = rustworkx.digraph_betweenness_centrality(made, normalized=True)
    closeness = rustworkx.digraph_closeness_centrality(made)
    nothing = np.zeros(size)
    return PathMetrics(_listed(betweenness, size), _listed(closeness, size), nothing, 0.0, size, is_exact=True)


def _listed(values: object, size: int) -> Floats:
    return np.fromiter((values[place] for place in range(size)), dtype=np.float64, count=size)  # type: ignore[index]  # rustworkx's mapping


def _dependencies(graph: CompactGraph, source: int) -> tuple[Floats, Integers]:
    """Return Brandes's dependency of a source on every node, and the distance to each (-1: not reached)."""
    size = len(graph)
    distance = np.full(size, -1, dtype=np.int64)
    paths = np.zeros(size)
    mark = np.empty(size, dtype=np.int64)
    distance[source], paths[source] = 0, 1.0
    frontier = np.array([source], dtype=np.int64)
    steps: list[tuple[Integers, Integers]] = []
    while len(frontier):
        callers, callees = graph.out_edges(frontier)
        found = callees[distance[callees] < 0]
        # Each of them once: the last to leave its mark on a node is the one that keeps it.
        mark[found] = np.arange(len(found))
        frontier = found[mark[found] == np.arange(len(found))]
        distance[frontier] = len(steps) + 1
        is_shortest = distance[callees] == len(steps) + 1
        callers, callees = callers[is_shortest], callees[is_shortest]
        np.add.at(paths, callees, paths[callers])
        steps.append((callers, callees))
    dependency = np.zeros(size)
    for callers, callees in reversed(steps):
        np.add.at(dependency, callers, paths[callers] / paths[callees] * (1 + dependency[callees]))
    dependency[source] = 0.0
    return dependency, distance
