"""Program graphs: what is in them, under which names, and that they are what networkx itself would have built."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lestockage.errors import UnknownProject
from lestockage.graph import call_graph, import_graph, inheritance_graph, program_graph
from lestockage.store import IntelStore
from lestockage.store.intel_tables import EDGE_TYPES
from lestockage.store.node_rows import NodeRow
from lestockage.workspace.workspace import Workspace
from tests.graph.conftest import EDGES, SYMBOLS
from tests.graph.planting import Symbol, only, plant

if TYPE_CHECKING:
    from lestockage.graph.build import ProgramGraph
    from lestockage.store.connection import StoreFile

edges = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.sampled_from(EDGE_TYPES)), max_size=25)


def names(graph: ProgramGraph) -> set[str]:
    """Return the qualified names of a graph's nodes."""
    return {name for _, name in graph.nodes(data="qualified_name")}


def links(graph: ProgramGraph) -> list[tuple[str, str]]:
    """Return the edges of a graph by name."""
    name = dict(graph.nodes(data="qualified_name"))
    return sorted((name[a], name[b]) for a, b in graph.edges())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=edges)
def test_the_graph_is_the_one_that_networkx_builds(store: StoreFile, chosen: list[tuple[int, int, str]]) -> None:
    """Nodes, edges, keys, attributes and both directions are those of `add_node` and `add_edge` over the rows, one by one."""
    symbols = [Symbol(f"m{n % 2}.s{n}") for n in range(6)]
    with only(store, symbols, [(f"m{a % 2}.s{a}", f"m{b % 2}.s{b}", kind) for a, b, kind in chosen]):
        built = program_graph(store)
        expected: nx.MultiDiGraph[int] = nx.MultiDiGraph()
        for row in store.query(f"SELECT {', '.join(NodeRow._fields)} FROM intel_nodes"):  # noqa: S608  # names of ours
            expected.add_node(row[0], **dict(zip(NodeRow._fields[1:], row[1:], strict=True)))
        columns = ("edge_type", "site_line", "site_column", "confidence", "provenance")
        for a, b, *facts in store.query(f"SELECT caller_id, callee_id, {', '.join(columns)} FROM intel_edges"):  # noqa: S608
            expected.add_edge(a, b, tuple(facts[:3]), **dict(zip(columns, facts, strict=True)))
    assert nx.utils.graphs_equal(built, expected)
    assert nx.utils.graphs_equal(built.reverse(), expected.reverse())
    built.remove_nodes_from(list(built)[::2])
    expected.remove_nodes_from(list(expected)[::2])
    assert nx.utils.graphs_equal(built, expected)


def test_everything_is_in_the_program_graph(store: StoreFile, program: dict[str, int]) -> None:
    """Every symbol, external ones among them, and every edge, parallel ones apart."""
    graph = program_graph(store, "small")
    assert set(graph) == set(program.values())
    assert len(graph.edges) == len(EDGES)
    assert len(graph[program["b.Sub.run"]][program["b.leaf"]]) == 2
    assert names(graph) == {symbol.name for symbol in SYMBOLS}


def test_edge_types_can_be_chosen(store: StoreFile, program: dict[str, int]) -> None:
    """With edge types every node is there, and the edges of those types."""
    graph = program_graph(store, edge_types=("inheritance", "import"))
    assert set(graph) == set(program.values())
    assert {kind for *_, kind in graph.edges(data="edge_type")} == {"inheritance", "import"}


def test_the_call_graph(store: StoreFile, program: dict[str, int]) -> None:
    """Every function and method, and externals that are called; no variable and no class that takes no part."""
    graph = call_graph(store)
    assert names(graph) == {name for name, kind in SYMBOLS if kind in {"function", "method", "external"}}
    assert links(graph).count(("b.Sub.run", "b.leaf")) == 2
    assert ("c.main", "os.path.join") in links(graph)


def test_the_inheritance_graph(store: StoreFile, program: dict[str, int]) -> None:
    """Every class, with an edge to each base."""
    graph = inheritance_graph(store)
    assert names(graph) == {"a.Base", "b.Sub"}
    assert links(graph) == [("b.Sub", "a.Base")]


def test_the_import_graph(store: StoreFile) -> None:
    """Modules only, an imported symbol standing for its module; what a function imports is marked, and externals are there."""
    symbols = [*(Symbol(name, "module") for name in "ab"), Symbol("a.f"), Symbol("b.g"), Symbol("os.sep", "external")]
    plant(store, "p", symbols, [("a", "b.g", "import"), ("a.f", "b", "import"), ("a", "os.sep", "import")])
    graph = import_graph(store)
    assert links(graph) == [("a", "b"), ("a", "b"), ("a", "os.sep")]
    found = {facts["imported"]: facts["is_deferred"] for *_, facts in graph.edges(data=True)}
    assert found == {"b.g": False, "b": True, "os.sep": False}


def test_several_projects_together(store: StoreFile) -> None:
    """One graph of both, with the edges between them; alone, a project brings the nodes that it refers to and not their edges."""
    library = plant(store, "library", [Symbol("lib.f"), Symbol("lib.g")], [("lib.f", "lib.g", "call")])
    application = plant(store, "application", [Symbol("app.main")], [])
    store.execute(
        "INSERT INTO intel_edges (caller_id, callee_id, edge_type, site_line, site_column, confidence, provenance)"
        " VALUES (?, ?, 'call', 1, 1, 1.0, 'name')",
        (application["app.main"], library["lib.f"]),
    )
    assert links(program_graph(store, "library", "application")) == [("app.main", "lib.f"), ("lib.f", "lib.g")]
    assert links(program_graph(store)) == links(call_graph(store)) == [("app.main", "lib.f"), ("lib.f", "lib.g")]
    assert links(program_graph(store, "application")) == links(call_graph(store, "application")) == [("app.main", "lib.f")]
    assert names(program_graph(store, "library")) == {"lib.f", "lib.g"}


def test_an_unknown_project_is_refused(store: StoreFile, program: dict[str, int]) -> None:
    """The error names those that there are."""
    with pytest.raises(UnknownProject, match="small"):
        program_graph(store, "none")


@pytest.mark.parametrize("is_enabled", [True, False])
def test_the_collector_is_left_as_it_was(store: StoreFile, program: dict[str, int], is_enabled: bool) -> None:
    """Building pauses the cyclic garbage collector, and only for as long."""
    (gc.enable if is_enabled else gc.disable)()
    try:
        program_graph(store)
        assert gc.isenabled() == is_enabled
    finally:
        gc.enable()


def test_every_owner_of_a_file_is_a_handle(store: StoreFile, program: dict[str, int]) -> None:
    """A store of models, a workspace and the file itself give the same graph."""
    graph = program_graph(store)
    for handle in (IntelStore(store), Workspace(store)):
        assert nx.utils.graphs_equal(program_graph(handle, "small"), graph)
