"""networkx's own source: the questions answered on a real index, by names that anyone can check in its code."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import pytest

from lestockage.graph import callers, cycles, impact, import_graph, inheritance_graph, paths, program_graph
from lestockage.store.connection import StoreFile
from lestockage.store.projects import get_project
from lestockage.workspace.unused import find_unused
from lestockage.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.graph.reach import Reach


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreFile]:
    """Return an index of `networkx.classes` and `networkx.utils`, large enough to be real and quick to make."""
    found = importlib.util.find_spec("networkx")
    assert found is not None
    assert found.submodule_search_locations is not None
    folder = tmp_path_factory.mktemp("networkx")
    for part in ("classes", "utils"):
        with Workspace.open(folder / "index.db") as workspace:
            workspace.index(Path(found.submodule_search_locations[0]) / part, project=part)
    with StoreFile.open(folder / "index.db", read_only=True) as opened:
        yield opened


def names(reach: Reach) -> set[str]:
    """Return qualified names."""
    return {each.node.qualified_name for each in reach}


def test_inheritance(store: StoreFile) -> None:
    """MultiDiGraph inherits from MultiGraph and DiGraph, and both from Graph."""
    graph = inheritance_graph(store, "classes")
    name = dict(graph.nodes(data="qualified_name"))
    links = {(name[a].rpartition(".")[2], name[b].rpartition(".")[2]) for a, b in graph.edges()}
    assert {("MultiDiGraph", "MultiGraph"), ("MultiDiGraph", "DiGraph"), ("MultiGraph", "Graph"), ("DiGraph", "Graph")} <= links


def test_imports(store: StoreFile) -> None:
    """Multidigraph imports digraph and multigraph at its top."""
    graph = import_graph(store, "classes")
    name = dict(graph.nodes(data="qualified_name"))
    imported = {
        name[b] for a, b, facts in graph.edges(data=True) if name[a] == "networkx.classes.multidigraph" and not facts["is_deferred"]
    }
    assert {"networkx.classes.digraph", "networkx.classes.multigraph"} <= imported


def test_callers_and_impact(store: StoreFile) -> None:
    """new_edge_key is called by MultiGraph.add_edge, which MultiGraph.add_edges_from calls."""
    key = "networkx.classes.multigraph.MultiGraph.new_edge_key"
    assert "networkx.classes.multigraph.MultiGraph.add_edge" in names(callers(store, key))
    found = impact(store, key)
    assert "networkx.classes.multigraph.MultiGraph.add_edges_from" in names(found)
    whole = program_graph(store)
    assert found.rows_read < whole.number_of_edges() / 4


def test_an_override_reaches_callers_of_the_base(store: StoreFile) -> None:
    """MultiDiGraph.add_edge overrides methods of Graph, DiGraph and MultiGraph, whose callers may run it."""
    found = impact(store, "networkx.classes.multidigraph.MultiDiGraph.add_edge", depth=1)
    overridden = {each.node.qualified_name for each in found if each.relation == "is overridden by"}
    assert {f"networkx.classes.{kind.lower()}.{kind}.add_edge" for kind in ("MultiGraph", "DiGraph", "Graph")} <= overridden


def test_a_path(store: StoreFile) -> None:
    """The way from a method to the helper that it calls has no step more than it needs."""
    (path,) = paths(store, "networkx.classes.multigraph.MultiGraph.add_edges_from", "networkx.classes.multigraph.MultiGraph.new_edge_key")
    assert len(path) <= 3


def test_cycles_are_those_of_the_whole_graph(store: StoreFile) -> None:
    """Groups of mutual calls are networkx's own answer over its own call graph."""
    graph = program_graph(store, edge_types=("call",))
    expected = {frozenset(group) for group in nx.strongly_connected_components(nx.DiGraph(graph)) if len(group) > 1}
    assert {frozenset(node.id for node in cycle.members) for cycle in cycles(store) if len(cycle.members) > 1} == expected


def test_hardly_anything_is_reported_as_unused(store: StoreFile) -> None:
    """A maintained library has little that is surely unused; the public classes everyone knows are not reported at all."""
    found = find_unused(store, get_project(store, "classes"))
    assert sum(each.sureness == "sure" for each in found) <= 5
    assert not {"Graph", "DiGraph", "MultiGraph", "MultiDiGraph"} & {each.node.symbol_name for each in found}
