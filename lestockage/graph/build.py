"""Build: rows into a networkx graph.

Nodes are the row ids, their attributes the other columns of `intel_nodes` by name. Edges carry `edge_type`, `site_line`, `site_column`,
`confidence` and `provenance`; the key of an edge is (edge type, site line, site column), which is what tells parallel edges apart.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from lestockage.store.node_rows import NodeRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import networkx

    from lestockage.store.edge_rows import EdgeRow

    ProgramGraph: TypeAlias = networkx.MultiDiGraph[int]

NODE_ATTRIBUTES = NodeRow._fields[1:]
"""The attributes of a node, in the order of the columns; the id is the node itself."""


def new_graph() -> ProgramGraph:
    """Return an empty graph."""
    import networkx  # noqa: PLC0415  # costs 200 ms, which impact and its like do not need

    return networkx.MultiDiGraph()


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the cyclic garbage collector from walking, again and again, what is only just being made."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def add_nodes(graph: ProgramGraph, rows: Iterable[tuple[Any, ...]]) -> None:
    """Add nodes given as plain tuples of `NodeRow`'s columns."""
    graph.add_nodes_from([(row[0], dict(zip(NODE_ATTRIBUTES, row[1:], strict=True))) for row in rows])


def add_edges(graph: ProgramGraph, rows: Iterable[EdgeRow]) -> None:
    """Add edges between nodes that are there.

    Written into the graph's adjacency itself: reading a million rows and making their dictionaries costs as much as networkx needs to add
    them once they are made. `tests/graph/test_program.py` holds the outcome equal to that of `add_edge`.

    Raises:
        KeyError: an end is not in the graph.
    """
    inner: Any = graph
    succeeding, preceding = inner._succ, inner._pred  # noqa: SLF001  # as above
    for caller, callee, edge_type, line, column, confidence, provenance in rows:
        attributes = {"edge_type": edge_type, "site_line": line, "site_column": column, "confidence": confidence, "provenance": provenance}
        outgoing = succeeding[caller]
        parallel = outgoing.get(callee)
        if parallel is None:
            outgoing[callee] = preceding[callee][caller] = {(edge_type, line, column): attributes}
        else:
            parallel[edge_type, line, column] = attributes
