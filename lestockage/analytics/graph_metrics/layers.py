"""Layers: how much of the graph each node stands on, and how far it is from where execution may begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lestockage.analytics.graph_metrics.compact_graph import CompactGraph

if TYPE_CHECKING:
    from lestockage.analytics.graph_metrics.compact_graph import Integers


def layers(graph: CompactGraph, components: Integers) -> Integers:
    """Return the layer of each node: 0 refers to nothing beyond its own circle, else one more than the highest that it refers to.

    `components` are `strong_components(graph)`; a circle is one piece with one layer. The layer is the longest way down the condensation
    (levels as Lakos, "Large-Scale C++ Software Design", 1996, has them). O(nodes + edges), and a few array operations for each layer.
    """
    count = int(components.max()) + 1 if len(components) else 0
    callers, callees = components[graph.sources], components[graph.indices]
    is_between = callers != callees
    condensed = CompactGraph.of_edges(np.arange(count), callers[is_between], callees[is_between])
    users = condensed.reversed()
    waiting = np.diff(condensed.indptr)
    found = np.zeros(count, dtype=np.int64)
    frontier = np.flatnonzero(waiting == 0)
    layer = 0
    while len(frontier):
        found[frontier] = layer
        layer += 1
        _, reached = users.out_edges(frontier)
        np.subtract.at(waiting, reached, 1)
        frontier = np.unique(reached[waiting[reached] == 0])
    return found[components]


def entry_points(graph: CompactGraph) -> Integers:
    """Return the places of the nodes that no other node refers to."""
    is_other = graph.sources != graph.indices
    return np.flatnonzero(np.bincount(graph.indices[is_other], minlength=len(graph)) == 0)


def distances(graph: CompactGraph, starts: Integers) -> Integers:
    """Return how many steps each node is from the nearest of some places, along edges; -1 where none leads. O(nodes + edges)."""
    found = np.full(len(graph), -1, dtype=np.int64)
    frontier = np.unique(starts)
    distance = 0
    while len(frontier):
        found[frontier] = distance
        distance += 1
        _, reached = graph.out_edges(frontier)
        frontier = np.unique(reached[found[reached] < 0])
    return found
