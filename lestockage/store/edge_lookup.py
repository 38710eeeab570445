"""Edge look-up: the rows of edges by one of their ends or by their type."""

# ruff: noqa: S608  # SQL is put together from constants of this package; values are always parameters

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.store.bulk_rows import stream_edge_rows
from lestockage.store.edge_rows import EDGE_COLUMNS
from lestockage.store.type_names import chosen_edge_types, require_direction, require_edge_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lestockage.store.connection import StoreFile
    from lestockage.store.type_names import Direction

_SELECT = f"SELECT {EDGE_COLUMNS} FROM intel_edges AS e WHERE "
_ORDER = " ORDER BY 1, 2, 3, 4, 5"
_ENDS = {
    "out": "e.caller_id = ?1{types}",
    "in": "e.callee_id = ?1{types}",
    # An edge of a node to itself is found at one of its ends only.
    "both": "e.caller_id = ?1{types} UNION ALL " + _SELECT + "e.callee_id = ?1 AND e.caller_id <> ?1{types}",
}


def edges_of_node(store: StoreFile, node_id: int, direction: Direction = "both", edge_types: str | Sequence[str] = ()) -> list[Any]:
    """Return the edges that leave a node, that lead to it, or both, each once, by their identity; of some types, or of all.

    Raises:
        UnknownType: there is no such direction or edge type.
    """
    chosen = chosen_edge_types(edge_types)
    types = f" AND e.edge_type IN ({', '.join(f'?{number}' for number in range(2, len(chosen) + 2))})" if chosen else ""
    return store.query(_SELECT + _ENDS[require_direction(direction)].replace("{types}", types) + _ORDER, (node_id, *chosen))


def stream_edges_of_type(store: StoreFile, edge_type: str, project_id: int | None = None) -> Iterator[list[Any]]:
    """Give the edges of a type in lists: those that leave a project's nodes, or all of the file by their identity.

    Raises:
        UnknownType: there is no such edge type.
    """
    require_edge_type(edge_type)
    if project_id is not None:
        return stream_edge_rows(store, project_id, [edge_type])
    return store.stream(f"{_SELECT}e.edge_type = ?{_ORDER}", (edge_type,))
