"""Coupling: what groups of nodes (modules) have to do with each other, and with themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lestockage.analytics.graph_metrics.compact_graph import CompactGraph

if TYPE_CHECKING:
    from lestockage.analytics.graph_metrics.compact_graph import Floats, Integers


class Coupling(NamedTuple):
    """What is told of each group, in the order of their numbers."""

    afferent: Integers
    efferent: Integers
    instability: Floats
    internal: Integers
    relational_cohesion: Floats
    own_share: Floats
    graph: CompactGraph


def coupling(graph: CompactGraph, groups: Integers, count: int) -> Coupling:
    """Return the coupling of `count` groups; `groups` is the number of each node's group, from 0. O(edges).

    - afferent, efferent: how many other groups refer to it, and it refers to.
    - instability: efferent / (afferent + efferent), 0 stable … 1 free to change; nan for a group alone. Martin, "OO Design Quality
      Metrics", 1994.
    - internal: edges between different nodes of the group. relational_cohesion: (internal + 1) / nodes (Larman, "Applying UML and
      Patterns", 2004; 1.5 to 4 is usual); nan for an empty group.
    - own_share: internal / (internal + edges to other groups), nan where there are neither.
    - graph: the groups' own graph, of which the counts say how many edges lie behind each.
    """
    callers, callees = groups[graph.sources], groups[graph.indices]
    is_between = callers != callees
    is_own = ~is_between & (graph.sources != graph.indices)
    condensed = CompactGraph.of_edges(np.arange(count), callers[is_between], callees[is_between])
    afferent = np.bincount(condensed.indices, minlength=count)
    efferent = np.diff(condensed.indptr)
    internal = np.bincount(callers[is_own], minlength=count)
    leaving = np.bincount(callers[is_between], minlength=count)
    sizes = np.bincount(groups, minlength=count)
    return Coupling(
        afferent,
        efferent,
        _share(efferent, afferent + efferent),
        internal,
        _share(internal + 1, sizes),
        _share(internal, internal + leaving),
        condensed,
    )


def _share(part: Integers, whole: Integers) -> Floats:
    return np.asarray(np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0), dtype=np.float64)
