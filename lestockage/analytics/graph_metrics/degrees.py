"""Degrees: how many neighbours each node has, and how dense the graph is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from lestockage.analytics.graph_metrics.compact_graph import CompactGraph, Integers


def in_degrees(graph: CompactGraph) -> Integers:
    """Return how many nodes refer to each node, itself included if it does. O(edges) the first time, then O(nodes)."""
    return np.asarray(np.diff(graph.transposed.indptr), dtype=np.int64)


def out_degrees(graph: CompactGraph) -> Integers:
    """Return how many nodes each node refers to, itself included if it does. O(nodes)."""
    return np.diff(graph.indptr)


def references_in(graph: CompactGraph) -> Integers:
    """Return how many edges lead to each node, parallel ones counted apart: the places in code that refer to it. O(edges)."""
    return np.bincount(graph.indices, weights=graph.counts, minlength=len(graph)).astype(np.int64)


def references_out(graph: CompactGraph) -> Integers:
    """Return how many edges leave each node, parallel ones counted apart. O(edges)."""
    return np.bincount(graph.sources, weights=graph.counts, minlength=len(graph)).astype(np.int64)


def density(graph: CompactGraph) -> float:
    """Return the share of possible edges that are there: edges / (nodes (nodes - 1)), as `networkx.density`; 0 for fewer than two nodes."""
    size = len(graph)
    return graph.edge_count / (size * (size - 1)) if size > 1 else 0.0
