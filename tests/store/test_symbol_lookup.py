"""Symbol look-up: what a typed name stands for, and what is near to a name that stands for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage.store.intel_writer import IntelWriter
from lestockage.store.projects import ensure_project
from lestockage.store.symbol_lookup import find_symbols, near_names
from tests.store.planting import edge, key, node

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile


@pytest.fixture
def zoo(store: StoreFile, project: int) -> int:
    """Return a project with classes, methods and functions of like names, and an external."""
    with IntelWriter(store) as writer:
        writer.replace_nodes(
            project,
            "zoo/graph.py",
            [
                node("zoo.graph", kind="module"),
                node("zoo.graph.Graph", kind="class"),
                node("zoo.graph.Graph.add_node", kind="method"),
                node("zoo.graph.add_path"),
                node("zoo.graph.join"),
            ],
        )
        writer.replace_nodes(
            project, "zoo/di.py", [node("zoo.di.Graph", kind="class"), node("zoo.di.Graph.add_node", kind="method"), node("zoo.di.xGraph")]
        )
        writer.replace_nodes(project, "zoo/twice.py", [node("zoo.twice.f", 3), node("zoo.twice.f", 9, ordinal=1)])
        writer.replace_edges({key(project, "zoo/graph.py", "zoo.graph.join"): [edge(key(project, None, "os.path.join"))]})
    return project


def found(store: StoreFile, pattern: str | None = None, **restriction: object) -> list[str]:
    """Return the qualified names that are found."""
    return [row.qualified_name for row in find_symbols(store, pattern, **restriction)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("zoo.graph.Graph.add_node", ["zoo.graph.Graph.add_node"]),
        ("Graph.add_node", ["zoo.di.Graph.add_node", "zoo.graph.Graph.add_node"]),
        ("graph.Graph", ["zoo.graph.Graph"]),
        ("add_path", ["zoo.graph.add_path"]),
        ("graph", ["zoo.graph"]),
        ("raph.add_path", []),
        ("add_", []),
        ("add_*", ["zoo.di.Graph.add_node", "zoo.graph.Graph.add_node", "zoo.graph.add_path"]),
        ("add_????", ["zoo.di.Graph.add_node", "zoo.graph.Graph.add_node", "zoo.graph.add_path"]),
        ("[Gx]*raph", ["zoo.di.Graph", "zoo.di.xGraph", "zoo.graph.Graph"]),
        ("zoo.di.*", ["zoo.di.Graph", "zoo.di.Graph.add_node", "zoo.di.xGraph"]),
        ("*.Graph", ["zoo.di.Graph", "zoo.graph.Graph"]),
        ("join", ["os.path.join", "zoo.graph.join"]),
        ("", []),
        ("'; DROP TABLE intel_nodes; --", []),
    ],
)
def test_pattern(store: StoreFile, zoo: int, pattern: str, names: list[str]) -> None:
    """A name is a whole dotted name or its last parts; a pattern is matched against names, or dotted names when it has a dot."""
    assert found(store, pattern) == names
    assert found(store, pattern, project_id=zoo) == names


def test_kind_restricts(store: StoreFile, zoo: int) -> None:
    """Only symbols of the kind that is asked for are found, with a name, a pattern, or neither."""
    assert found(store, "join", kind="external") == ["os.path.join"]
    assert found(store, "*", kind="module") == ["zoo.graph"]
    assert found(store, kind="class", project_id=zoo) == ["zoo.di.Graph", "zoo.graph.Graph"]


def test_project_restricts(store: StoreFile, zoo: int) -> None:
    """Symbols of other projects are left out when a project is given."""
    other = ensure_project(store, "ark", "/").id
    with IntelWriter(store) as writer:
        writer.replace_nodes(other, "zoo/graph.py", [node("zoo.graph.Graph", kind="class")])
    assert len(found(store, "zoo.graph.Graph")) == 2
    assert [row.project_id for row in find_symbols(store, "zoo.graph.Graph", project_id=other)] == [other]
    assert found(store, project_id=other) == ["zoo.graph.Graph"]


def test_everything_but_externals_is_listed(store: StoreFile, zoo: int) -> None:
    """Without a pattern all symbols of the projects are found, by name, as many as are asked for."""
    everything = found(store)
    assert len(everything) == 10
    assert everything == sorted(everything)
    assert "os.path.join" not in everything
    assert found(store, project_id=zoo) == everything
    assert found(store, limit=3) == everything[:3]


@pytest.mark.usefixtures("zoo")
@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("zoo.graph.Graph.add_nod", "zoo.graph.Graph.add_node"),
        ("di.Graph.addnode", "zoo.di.Graph.add_node"),
        ("grahp", "zoo.graph"),
        ("add_pth", "zoo.graph.add_path"),
        ("dd_path", "zoo.graph.add_path"),
        ("ADD_PATH", "zoo.graph.add_path"),
        ("os.path.jion", "os.path.join"),
    ],
)
def test_near_name_is_offered(store: StoreFile, typed: str, nearest: str) -> None:
    """A mistyped name is answered with what was most likely meant, first."""
    near = near_names(store, typed)
    assert near[0] == nearest
    assert len(near) <= 5


@pytest.mark.parametrize("typed", ["qqqqqqqq", "", ".", "\U0010ffff", "\udc80", "é", "zoo.graph.qqqqqq"])
def test_name_like_none_has_no_candidates(store: StoreFile, zoo: int, typed: str) -> None:
    """A name that is like no other offers nothing."""
    assert near_names(store, typed, project_id=zoo) == []


def test_near_names_are_of_the_project(store: StoreFile, zoo: int) -> None:
    """What is near in another project is not offered, nor does it push out what is."""
    other = ensure_project(store, "ark", "/").id
    with IntelWriter(store) as writer:
        writer.replace_nodes(other, "m.py", [node(f"m.add_pathh{number}") for number in range(20)])
    assert near_names(store, "add_pathhh", project_id=zoo) == ["zoo.graph.add_path"]
