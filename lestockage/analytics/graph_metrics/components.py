"""Components: which nodes hang together, and which can reach each other both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from lestockage.analytics.graph_metrics.compact_graph import CompactGraph, Integers


def weak_components(graph: CompactGraph) -> Integers:
    """Return the number of the component of each node, directions ignored; 0 is the largest, ties by smallest node id. O(nodes + edges)."""
    return _by_size(graph, "weak")


def strong_components(graph: CompactGraph) -> Integers:
    """Return the number of the strongly connected component of each node; 0 is the largest, ties by smallest node id. O(nodes + edges).

    Pearce, "A space-efficient algorithm for finding strongly connected components", 2016, as scipy has it.
    """
    return _by_size(graph, "strong")


def component_sizes(numbers: Integers) -> Integers:
    """Return, for each node, how many nodes have its component number."""
    return np.bincount(numbers)[numbers].astype(np.int64) if len(numbers) else numbers


def _by_size(graph: CompactGraph, connection: str) -> Integers:
    if not len(graph):
        return np.zeros(0, dtype=np.int64)
    _, labels = connected_components(graph.adjacency, directed=True, connection=connection)
    _, first, inverse, sizes = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    order = np.lexsort((first, -sizes))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank[inverse]
