"""PageRank: how likely a walk along references is to be at each node."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from lestockage.analytics.graph_metrics.compact_graph import CompactGraph, Floats


def pagerank(graph: CompactGraph, *, damping: float = 0.85, tolerance: float = 1e-10, rounds: int = 1_000) -> Floats:
    """Return the PageRank of each node; they sum to 1.

    Page, Brin, Motwani, Winograd, "The PageRank citation ranking", 1999, by power iteration; a node without successors leads everywhere
    alike, and parallel edges count once, as in `networkx.pagerank(weight=None)`. It ends when the ranks change by less than `tolerance` in
    all, or after `rounds`: the error is then below damping ** rounds. O(edges) a round, at most 140 rounds for 1e-10.
    """
    size = len(graph)
    if not size:
        return np.zeros(0)
    degrees = np.diff(graph.indptr)
    is_end = degrees == 0
    share = np.divide(damping, degrees, out=np.zeros(size), where=~is_end)
    incoming = graph.transposed
    ranks = np.full(size, 1 / size)
    for _ in range(rounds):
        spread = (damping * ranks[is_end].sum() + 1 - damping) / size
        following = incoming @ (ranks * share) + spread
        moved = np.abs(following - ranks).sum()
        ranks = following
        if moved < tolerance:
            break
    return np.asarray(ranks / ranks.sum())
