"""Storing: a networkx graph written into a project, from which `program_graph` makes the same graph again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from lestockage.graph.build import NODE_ATTRIBUTES
from lestockage.graph.handle import store_of
from lestockage.store.edge_batches import insert_edges
from lestockage.store.node_batches import insert_nodes
from lestockage.store.projects import ensure_project

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import networkx

    from lestockage.graph.handle import Handle

Name = TypeVar("Name", bound="Hashable")

_NODE_DEFAULTS: Final[dict[str, Any]] = {"ordinal": 0, "stale": 0}
_EDGE_DEFAULTS: Final[dict[str, Any]] = {"site_line": 0, "site_column": 0, "confidence": 1.0, "provenance": ""}


def store_graph(handle: Handle, graph: networkx.MultiDiGraph[Name], project: str, root: str = "") -> dict[Name, int]:
    """Write a graph's nodes and edges as new rows of a project, made when missing, and return the row id of each node of the graph.

    Nodes and edges carry their columns as attributes, under the names of `graph.build`; of a node `qualified_name` and `node_type` are
    needed, of an edge `edge_type`. What else is left out has the schema's default, `symbol_name` the last part of the qualified name;
    other attributes, and `project_id`, are not stored. All is written in one transaction, or nothing.

    Relabelled by what is returned, the graph is then `program_graph(handle, project)`, provided that every attribute was given and that
    the key of each edge is (edge type, site line, site column).

    Raises:
        DuplicateRow: the project has a node of the same file, qualified name and ordinal, or the graph has two.
        UnknownType: a node or edge has none, or one that there is not.
        ConstraintError, ReadOnlyStore: as for every write.
    """
    store = store_of(handle)
    with store.transaction():
        project_id = ensure_project(store, project, root).id
        names = list(graph)
        ids = dict(zip(names, insert_nodes(store, (_node(graph.nodes[name], project_id) for name in names)), strict=True))
        insert_edges(store, (_edge(facts, ids[a], ids[b]) for a, b, facts in graph.edges(data=True)))
    return ids


def _node(facts: Mapping[str, Any], project_id: int) -> tuple[Any, ...]:
    """Return a node as a row whose id is the store's to give."""
    given = {**_NODE_DEFAULTS, "symbol_name": str(facts.get("qualified_name", "")).rpartition(".")[2], **facts, "project_id": project_id}
    return (None, *(given.get(name) for name in NODE_ATTRIBUTES))


def _edge(facts: Mapping[str, Any], caller: int, callee: int) -> tuple[Any, ...]:
    given = {**_EDGE_DEFAULTS, **facts}
    return (caller, callee, given.get("edge_type"), *(given[name] for name in _EDGE_DEFAULTS))
