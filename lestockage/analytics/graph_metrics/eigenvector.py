"""Eigenvector: nodes that are referred to by central nodes are central."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from lestockage.analytics.graph_metrics.compact_graph import CompactGraph, Floats


def eigenvector(graph: CompactGraph, *, tolerance: float = 1e-10, rounds: int = 1_000) -> Floats | None:
    """Return the eigenvector centrality of each node, of Euclidean length 1, or None when the iteration does not settle.

    Bonacich, "Power and centrality", 1987. Power iteration on the adjacency matrix plus the identity, over incoming edges, from equal
    values, as `networkx.eigenvector_centrality`. It ends when the values change by less than `tolerance` for each node on average. A graph
    without circles has no such vector: nothing flows back, and the iteration slows down without end, hence None. O(edges) a round.
    """
    size = len(graph)
    if not size:
        return np.zeros(0)
    incoming = graph.transposed
    values = np.full(size, 1 / size)
    for _ in range(rounds):
        following = values + incoming @ values
        following /= np.linalg.norm(following)
        moved = np.abs(following - values).sum()
        values = following
        if moved < size * tolerance:
            return np.asarray(values)
    return None
