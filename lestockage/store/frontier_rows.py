"""Frontier rows: the nodes and edges at a set of nodes, which is how a graph is walked without being loaded.

A frontier is given to SQLite as one parameter, however large; what is read is the rows at it and no others. Edges come as plain tuples in
the order of `EdgeRow`, for there are very many.
"""

# ruff: noqa: S608  # SQL is put together from constants of this package; values are always parameters
# SQL is put together from constants of this package; values are always parameters

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lestockage.store.edge_rows import EDGE_COLUMNS
from lestockage.store.json_lists import id_list, sorted_list
from lestockage.store.node_rows import NODE_COLUMNS, node_rows
from lestockage.store.type_names import chosen_edge_types

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lestockage.store.connection import StoreFile
    from lestockage.store.edge_rows import EdgeRow
    from lestockage.store.node_rows import NodeRow

_GIVEN: Final = "json_each(?)"


def nodes_by_id(store: StoreFile, ids: Iterable[int]) -> list[NodeRow]:
    """Return the nodes of some ids, each once; an id that is not there is passed over."""
    return node_rows(
        store.query(f"SELECT {NODE_COLUMNS} FROM {_GIVEN} CROSS JOIN intel_nodes AS n ON n.id = json_each.value", (id_list(set(ids)),))
    )


def nodes_of_files(store: StoreFile, project_id: int, paths: Iterable[str]) -> list[NodeRow]:
    """Return the nodes of some files of a project, by file and qualified name."""
    return node_rows(
        store.query(
            f"SELECT {NODE_COLUMNS} FROM {_GIVEN} CROSS JOIN intel_nodes AS n ON n.project_id = ? AND n.file_path = json_each.value",
            (sorted_list(paths), project_id),
        )
    )


def nodes_by_identity(store: StoreFile, keys: Iterable[tuple[int, str, str]]) -> list[NodeRow]:
    """Return the nodes of some (project id, file path, qualified name), repeated definitions among them."""
    return node_rows(
        store.query(
            f"SELECT {NODE_COLUMNS} FROM {_GIVEN} CROSS JOIN intel_nodes AS n ON n.project_id = json_each.value ->> 0"
            " AND n.file_path = json_each.value ->> 1 AND n.qualified_name = json_each.value ->> 2",
            (sorted_list(keys),),
        )
    )


def edges_into(store: StoreFile, ids: Iterable[int], edge_types: Sequence[str] = ()) -> list[EdgeRow]:
    """Return the edges whose callee is one of some nodes; of some types, or of all when none is given."""
    chosen, types = _chosen(edge_types)
    return store.query(
        f"SELECT {EDGE_COLUMNS} FROM {_GIVEN} CROSS JOIN intel_edges AS e ON e.callee_id = json_each.value{chosen}",
        (id_list(ids), *types),
    )


def edges_out_of(store: StoreFile, ids: Iterable[int], edge_types: Sequence[str] = ()) -> list[EdgeRow]:
    """Return the edges whose caller is one of some nodes; of some types, or of all when none is given."""
    chosen, types = _chosen(edge_types)
    return store.query(
        f"SELECT {EDGE_COLUMNS} FROM {_GIVEN} CROSS JOIN intel_edges AS e ON e.caller_id = json_each.value{chosen}",
        (id_list(ids), *types),
    )


def edges_among(store: StoreFile, ids: Iterable[int], edge_types: Sequence[str] = ()) -> list[EdgeRow]:
    """Return the edges of which both ends are among some nodes; of some types, or of all when none is given."""
    chosen, types = _chosen(edge_types)
    listed = id_list(ids)
    return store.query(
        f"SELECT {EDGE_COLUMNS} FROM {_GIVEN} CROSS JOIN intel_edges AS e ON e.caller_id = json_each.value{chosen}"
        " WHERE e.callee_id IN (SELECT value FROM json_each(?))",
        (listed, *types, listed),
    )


def _chosen(edge_types: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Return the condition that an edge is of one of some types, and its parameters."""
    types = chosen_edge_types(edge_types)
    return (f" AND e.edge_type IN ({', '.join('?' * len(types))})" if types else ""), types
