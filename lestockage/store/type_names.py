"""Type names: the types of nodes and edges, and directions, for the schema, for type checkers, and for whoever filters by them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

from lestockage.errors import UnknownType

if TYPE_CHECKING:
    from collections.abc import Sequence

NodeType = Literal["module", "class", "function", "method", "variable", "external"]
EdgeType = Literal["call", "inheritance", "data_dependency", "import", "containment"]
Direction = Literal["in", "out", "both"]

NODE_TYPES: Final[tuple[str, ...]] = get_args(NodeType)
EDGE_TYPES: Final[tuple[str, ...]] = get_args(EdgeType)
DIRECTIONS: Final[tuple[str, ...]] = get_args(Direction)


def require_node_type(value: object) -> object:
    """Return a node type as it is.

    Raises:
        UnknownType: there is none of that name.
    """
    if value not in NODE_TYPES:
        raise UnknownType("node type", value, NODE_TYPES)
    return value


def require_edge_type(value: object) -> object:
    """Return an edge type as it is.

    Raises:
        UnknownType: there is none of that name.
    """
    if value not in EDGE_TYPES:
        raise UnknownType("edge type", value, EDGE_TYPES)
    return value


def require_direction(value: str) -> str:
    """Return a direction as it is.

    Raises:
        UnknownType: there is none of that name.
    """
    if value not in DIRECTIONS:
        raise UnknownType("direction", value, DIRECTIONS)
    return value


def chosen_edge_types(edge_types: str | Sequence[str]) -> tuple[str, ...]:
    """Return the edge types of a filter, which is one type, several, or none for all.

    Raises:
        UnknownType: one of them does not exist.
    """
    chosen = (edge_types,) if isinstance(edge_types, str) else tuple(edge_types)
    for edge_type in chosen:
        require_edge_type(edge_type)
    return chosen
