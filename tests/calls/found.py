"""Found: the call edges that the index has of a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.queries.trees import Tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.calls.programs import Edge


def found(files: Mapping[str, str]) -> tuple[set[Edge], set[Edge]]:
    """Return the call edges between the program's own units, and those that leave it, by qualified names."""
    inside: set[Edge] = set()
    outside: set[Edge] = set()
    for unit in Tree(dict(files)).units():
        for edge in unit.edges:
            if edge.edge_type == "call":
                (outside if edge.path is None else inside).add((unit.qualified_name, edge.qualified_name))
    return inside, outside
