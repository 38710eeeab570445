"""Neighbours: who refers to a symbol and to what it refers, each with the place of the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage.store.intel_writer import IntelWriter
from lestockage.store.neighbours import Neighbour, callees, callers
from tests.store.planting import edge, ids_in, key, node

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile


@pytest.fixture
def ids(store: StoreFile, project: int) -> dict[str, int]:
    """Return the ids of a project in which `b.f` (line 10) and `a.f` (line 3) refer to `a.g`, and `a.f` to an external too."""
    with IntelWriter(store) as writer:
        writer.replace_nodes(project, "a.py", [node("a.f", 3), node("a.g", 20)])
        writer.replace_nodes(project, "b.py", [node("b.f", 10)])
        g = key(project, "a.py", "a.g")
        writer.replace_edges(
            {
                key(project, "b.py", "b.f"): [edge(g, 2, 8), edge(g, 1, 4, confidence=0.5, rule="alias")],
                key(project, "a.py", "a.f"): [edge(g, 0, 0, kind="import"), edge(key(project, None, "os.sep"), 0, 6), edge(g, 4, 1)],
            }
        )
    return ids_in(store)


def brief(neighbours: list[Neighbour]) -> list[tuple[str, str, str | None, int | None, int]]:
    """Return what is asked of neighbours in most tests."""
    return [(each.node.qualified_name, each.edge_type, each.file_path, each.line, each.column) for each in neighbours]


def test_callers_have_a_row_for_each_site(store: StoreFile, ids: dict[str, int]) -> None:
    """Every reference is listed at its absolute line in the caller's file, by caller and line."""
    assert brief(callers(store, ids["a.g"])) == [
        ("a.f", "import", "a.py", 3, 0),
        ("a.f", "call", "a.py", 7, 1),
        ("b.f", "call", "b.py", 11, 4),
        ("b.f", "call", "b.py", 12, 8),
    ]


def test_callees_have_a_row_for_each_site(store: StoreFile, ids: dict[str, int]) -> None:
    """What a symbol refers to is listed in the order of the source, externals among it."""
    assert brief(callees(store, ids["a.f"])) == [
        ("a.g", "import", "a.py", 3, 0),
        ("os.sep", "call", "a.py", 3, 6),
        ("a.g", "call", "a.py", 7, 1),
    ]


def test_confidence_and_provenance_are_told(store: StoreFile, ids: dict[str, int]) -> None:
    """Each row says how sure the edge is and which rule found it, and carries the whole node."""
    row = callers(store, ids["a.g"])[2]
    assert (row.confidence, row.provenance) == (0.5, "alias")
    assert (row.node.id, row.node.start_line, row.node.node_type) == (ids["b.f"], 10, "function")


def test_edge_types_restrict(store: StoreFile, ids: dict[str, int]) -> None:
    """Only edges of the types that are asked for are listed."""
    assert [row.edge_type for row in callers(store, ids["a.g"], ["import", "inheritance"])] == ["import"]
    assert [row.node.qualified_name for row in callees(store, ids["a.f"], ["call"])] == ["os.sep", "a.g"]


def test_sites_move_with_the_caller(store: StoreFile, project: int, ids: dict[str, int]) -> None:
    """Moving a caller moves its sites, though no edge is written."""
    with IntelWriter(store) as writer:
        writer.move_nodes(project, "b.py", [("b.f", 0, 110, 0, 111, 8)])
    assert writer.written.total == 1
    assert [row.line for row in callees(store, ids["b.f"])] == [111, 112]


def test_symbol_without_edges_has_no_neighbours(store: StoreFile, ids: dict[str, int]) -> None:
    """A symbol that nothing refers to, and an id of no symbol, have no neighbours."""
    assert callers(store, ids["b.f"]) == []
    assert callees(store, 10_000) == []
