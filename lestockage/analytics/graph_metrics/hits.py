"""Hits: hubs, which refer to what matters, and authorities, which those refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from lestockage.analytics.graph_metrics.compact_graph import CompactGraph, Floats


class Hits(NamedTuple):
    """Two values for each node; each array sums to 1."""

    hubs: Floats
    authorities: Floats


def hits(graph: CompactGraph, *, tolerance: float = 1e-12, rounds: int = 1_000) -> Hits | None:
    """Return hubs and authorities, or None when the iteration does not settle; without edges all are 0.

    Kleinberg, "Authoritative sources in a hyperlinked environment", 1999, by power iteration from equal values. Equal to `networkx.hits`
    where the answer is unique; where several parts of the graph tie for it, all of them share it. It ends when the hubs change by less than
    `tolerance` in all. O(edges) a round.
    """
    size = len(graph)
    if not graph.edge_count:
        return Hits(np.zeros(size), np.zeros(size))
    outgoing, incoming = graph.adjacency, graph.transposed
    hubs = np.full(size, 1 / size)
    for _ in range(rounds):
        authorities = incoming @ hubs
        authorities /= authorities.sum()
        following = outgoing @ authorities
        following /= following.sum()
        moved = np.abs(following - hubs).sum()
        hubs = following
        if moved < tolerance:
            return Hits(np.asarray(hubs), np.asarray(authorities))
    return None
