"""Program graphs: whole projects as networkx graphs, one of everything or of one relation.

A graph of several projects is one graph, in which references from one to another are edges. Of a project that is not asked for, the nodes
that the asked ones refer to are there, without edges of their own.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from lestockage.graph.build import add_edges, add_nodes, collector_paused, new_graph
from lestockage.graph.handle import project_ids, store_of
from lestockage.store.bulk_rows import stream_edge_rows, stream_node_rows
from lestockage.store.frontier_rows import nodes_by_id
from lestockage.store.node_rows import NodeRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lestockage.graph.build import ProgramGraph
    from lestockage.graph.handle import Handle
    from lestockage.store.connection import StoreFile

_TYPE = NodeRow._fields.index("node_type")
_CALLABLE = frozenset({"function", "method"})


def program_graph(handle: Handle, *projects: str, edge_types: Sequence[str] = ()) -> ProgramGraph:
    """Return every node of the projects (of all when none is named), and every edge that leaves one (of some types only, if given).

    Nodes are row ids; `graph.build` tells the names of attributes and keys.

    Raises:
        UnknownProject: there is no project of that name.
        UnknownType: there is no such edge type.
    """
    return _graph(store_of(handle), projects, edge_types, None)


def call_graph(handle: Handle, *projects: str) -> ProgramGraph:
    """Return who calls whom, one edge for each site: every function and method, and whatever else calls or is called."""
    return _graph(store_of(handle), projects, ("call",), _CALLABLE)


def inheritance_graph(handle: Handle, *projects: str) -> ProgramGraph:
    """Return which class inherits from which, one edge from a class to each base it names: every class, and the external bases."""
    return _graph(store_of(handle), projects, ("inheritance",), frozenset({"class"}))


def import_graph(handle: Handle, *projects: str) -> ProgramGraph:
    """Return which module imports which: every module, and the external names that they import.

    An import of a function or class leads to the module that defines it. Each statement is an edge: beside the usual attributes it has
    `imported`, the qualified name of what is imported, and `is_deferred`, whether it stands in a function or class and not at the top;
    its key is (id of the importing symbol, id of the imported one, line, column), the line counted from the importing symbol's first.
    """
    store = store_of(handle)
    ids = project_ids(store, projects)
    graph = new_graph()
    with collector_paused(), store.snapshot():
        nodes = {row[0]: NodeRow._make(row) for project_id in ids for rows in stream_node_rows(store, project_id) for row in rows}
        edges = [row for project_id in ids for rows in stream_edge_rows(store, project_id, ("import",)) for row in rows]
        beyond = nodes_by_id(store, {row[1] for row in edges}.difference(nodes))
    nodes.update((node.id, node) for node in beyond)
    modules = {(node.project_id, node.file_path): node.id for node in nodes.values() if node.node_type == "module"}
    add_nodes(graph, [node for node in nodes.values() if node.node_type == "module"])
    for caller_id, callee_id, edge_type, line, column, confidence, provenance in edges:
        caller, callee = nodes[caller_id], nodes[callee_id]
        target = modules.get((callee.project_id, callee.file_path), callee_id)
        source = modules.get((caller.project_id, caller.file_path), caller_id)
        if target not in graph or source not in graph:
            add_nodes(graph, [nodes[end] for end in (source, target) if end not in graph])
        facts: dict[str, Any] = {"site_line": line, "site_column": column, "confidence": confidence, "provenance": provenance}
        facts |= {"imported": callee.qualified_name, "is_deferred": source != caller_id}
        graph.add_edge(source, target, (caller_id, callee_id, line, column), edge_type=edge_type, **facts)
    return graph


def _graph(store: StoreFile, projects: Sequence[str], edge_types: Sequence[str], node_types: frozenset[str] | None) -> ProgramGraph:
    """Return nodes of some types (None: of all) with those at either end of an edge, and the edges."""
    graph = new_graph()
    ids = project_ids(store, projects)
    spare: dict[int, tuple[Any, ...]] = {}
    with collector_paused(), store.snapshot():
        for rows in chain.from_iterable(stream_node_rows(store, project_id) for project_id in ids):
            if node_types is None:
                add_nodes(graph, rows)
            else:
                add_nodes(graph, [row for row in rows if row[_TYPE] in node_types])
                spare.update((row[0], row) for row in rows if row[_TYPE] not in node_types)
        is_whole = node_types is None and len(ids) == _number_of_projects(store)
        for edges in chain.from_iterable(stream_edge_rows(store, project_id, edge_types) for project_id in ids):
            if not is_whole:
                missing = {end for row in edges for end in row[:2]}.difference(graph)
                add_nodes(graph, [spare[end] for end in sorted(missing) if end in spare])
                add_nodes(graph, nodes_by_id(store, missing.difference(spare)))
            add_edges(graph, edges)
    return graph


def _number_of_projects(store: StoreFile) -> int:
    return len(project_ids(store, ()))
