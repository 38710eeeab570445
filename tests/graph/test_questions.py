"""Questions: what the frontier versions answer is what plain networkx finds in the whole graph, in as many rows as the answer has."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lestockage.errors import UnknownSymbol, UnknownType
from lestockage.graph import callees, callers, cycles, dependency_matrix, impact, paths, program_graph, subgraph_by_file, subgraph_by_symbol
from lestockage.graph.cycles import import_cycles, strongly_connected_components
from tests.graph.planting import Symbol, only, plant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lestockage.graph.build import ProgramGraph
    from lestockage.graph.reach import Reach
    from lestockage.store.connection import StoreFile

KINDS = ["module", "class", "method", "function", "variable"]
SIZE = 9
TYPES = ("call", "inheritance", "data_dependency:read", "data_dependency:write", "data_dependency:read write", "import")

chosen_kinds = st.lists(st.sampled_from(KINDS), min_size=SIZE, max_size=SIZE)
chosen_edges = st.lists(st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1), st.sampled_from(TYPES)), max_size=22)
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@contextmanager
def planted(store: StoreFile, kinds: list[str], edges: list[tuple[int, int, str]]) -> Iterator[list[int]]:
    """Plant a random program: methods are in the last class before them, so some override others of the same name."""
    names: list[str] = []
    held: list[tuple[str, str, str]] = []
    for number, kind in enumerate(kinds):
        owner = next((names[place] for place in range(number - 1, -1, -1) if kinds[place] == "class"), None)
        if kind == "method" and owner is not None:
            name = f"{owner}.m{sum(other.startswith(owner + '.') for other in names)}"
            held.append((owner, name, "containment"))
        else:
            name = f"m{number % 3}.s{number}"
        names.append(name)
    symbols = [Symbol(name, kind) for name, kind in zip(names, kinds, strict=True)]
    with only(store, symbols, [*held, *((names[a], names[b], kind) for a, b, kind in edges)]) as ids:
        yield [ids[name] for name in names]


def references(graph: ProgramGraph, edge_type: str) -> set[tuple[int, int]]:
    """Return the pairs of one edge type; of data dependencies, which way they go is in the rule."""
    kind, _, rule = edge_type.partition(":")
    return {(a, b) for a, b, facts in graph.edges(data=True) if facts["edge_type"] == kind and (not rule or facts["provenance"] == rule)}


def spread_by_networkx(graph: ProgramGraph, sources: set[int], loading: set[int]) -> dict[int, int]:
    """Return how far everything is that a change of some nodes reaches, told from the whole graph at once."""
    travels: nx.DiGraph[int] = nx.DiGraph()
    travels.add_nodes_from(graph)
    for kind in ("call", "inheritance", "data_dependency:read", "data_dependency:read write"):
        travels.add_edges_from((b, a) for a, b in references(graph, kind))
    travels.add_edges_from(references(graph, "data_dependency:write") | references(graph, "data_dependency:read write"))
    inherits: nx.DiGraph[int] = nx.DiGraph(list(references(graph, "inheritance")))
    held = references(graph, "containment")
    for owner, method in held:
        for base, other in held:
            is_named_alike = method != other and graph.nodes[method]["symbol_name"] == graph.nodes[other]["symbol_name"]
            if is_named_alike and owner in inherits and base in nx.descendants(inherits, owner):
                travels.add_edge(method, other)
    imports = references(graph, "import")
    runs = set(loading)
    while more := {a for a, b in imports if b in runs and graph.nodes[a]["node_type"] == "module"} - runs:
        runs |= more
    travels.add_edges_from((b, a) for a, b in imports if b in runs)
    found = dict(nx.multi_source_dijkstra_path_length(travels, sources))
    importers = {a for a, b in imports if b in found} - found.keys()
    return found | {importer: 1 + min(found[b] for a, b in imports if a == importer and b in found) for importer in importers}


@quick
@given(kinds=chosen_kinds, edges=chosen_edges, asked=st.integers(0, SIZE - 1))
def test_impact_is_what_the_whole_graph_says(store: StoreFile, kinds: list[str], edges: list[tuple[int, int, str]], asked: int) -> None:
    """Everything a change reaches and nothing else, at its distance, and each path is made of steps that are there."""
    with planted(store, kinds, edges) as ids:
        graph = program_graph(store)
        found = impact(store, ids[asked])
        held = references(graph, "containment")
        sources = {ids[asked], *(b for a, b in held if a == ids[asked])}
        is_module = kinds[asked] == "module"
        expected = spread_by_networkx(graph, sources, {ids[asked]} if is_module else set())
        if is_module:
            assert {each.node.id for each in found} == set(expected)
        else:
            assert {each.node.id: each.distance for each in found} == expected
        for each in found:
            steps = found.path(each.node.id)
            assert [step.cause for step in steps] == [None, *(step.node.id for step in steps[:-1])]
            assert steps[0].node.id == ids[asked]
            assert all(step.edge is None or {step.node.id, step.cause} == set(step.edge[:2]) for step in steps)


def distances(reach: Reach) -> dict[int, int]:
    """Return how far each node is."""
    return {each.node.id: each.distance for each in reach}


@quick
@given(kinds=chosen_kinds, edges=chosen_edges, asked=st.integers(0, SIZE - 1), depth=st.none() | st.integers(0, 3))
def test_callers_and_callees(store: StoreFile, kinds: list[str], edges: list[tuple[int, int, str]], asked: int, depth: int | None) -> None:
    """To any depth they are what a breadth-first search of the call graph finds, in exactly as many rows as nodes and edges met."""
    with planted(store, kinds, edges) as ids:
        graph = program_graph(store)
        calls = nx.MultiDiGraph([(a, b) for a, b, kind in graph.edges(data="edge_type") if kind == "call"])
        calls.add_nodes_from(ids)
        for reach, whole, met in (
            (callees(store, ids[asked], depth), calls, calls.out_degree),
            (callers(store, ids[asked], depth), calls.reverse(), calls.in_degree),
        ):
            expected = nx.single_source_shortest_path_length(whole, ids[asked], cutoff=depth)
            assert distances(reach) == expected
            gone_on_from = [node for node, distance in expected.items() if depth is None or distance < depth]
            assert reach.rows_read == len(expected) + sum(met(node) for node in gone_on_from)


@quick
@given(kinds=chosen_kinds, edges=chosen_edges, a=st.integers(0, SIZE - 1), b=st.integers(0, SIZE - 1))
def test_paths(store: StoreFile, kinds: list[str], edges: list[tuple[int, int, str]], a: int, b: int) -> None:
    """All shortest paths, each once, or none at all; a limit takes the first of them."""
    with planted(store, kinds, edges) as ids:
        graph = program_graph(store, edge_types=("call", "inheritance", "data_dependency", "import"))
        found = paths(store, ids[a], ids[b], limit=1000)
        simple = nx.DiGraph(graph)
        expected = sorted(nx.all_shortest_paths(simple, ids[a], ids[b])) if nx.has_path(simple, ids[a], ids[b]) else []
        assert sorted([step.node.id for step in path] for path in found) == expected
        assert all(
            step.edge is None or step.edge[:2] == (before.node.id, step.node.id) for path in found for before, step in pairwise(path)
        )
        assert paths(store, ids[a], ids[b]) == found[:1]


@quick
@given(kinds=chosen_kinds, edges=chosen_edges)
def test_cycles(store: StoreFile, kinds: list[str], edges: list[tuple[int, int, str]]) -> None:
    """The groups are networkx's strongly connected components, and the circle of each is a real one, as short as any through its start."""
    with planted(store, kinds, edges):
        calls = nx.DiGraph([(a, b) for a, b, kind in program_graph(store).edges(data="edge_type") if kind == "call"])
        groups = {frozenset(group) for group in nx.strongly_connected_components(calls) if len(group) > 1 or calls.has_edge(*[*group] * 2)}
        found = cycles(store)
        assert {frozenset(node.id for node in cycle.members) for cycle in found} == groups
        assert [[node.id for node in group] for group in strongly_connected_components(store)] == [
            [node.id for node in cycle.members] for cycle in found
        ]
        for cycle in found:
            circle = [node.id for node in cycle.circle]
            assert len(set(circle)) == len(circle)
            assert all(calls.has_edge(a, b) for a, b in zip(circle, [*circle[1:], circle[0]], strict=True))
            round_trips = [1 + nx.shortest_path_length(calls, b, circle[0]) for b in calls[circle[0]] if nx.has_path(calls, b, circle[0])]
            assert len(circle) == min(round_trips)


@quick
@given(
    kinds=chosen_kinds,
    edges=chosen_edges,
    asked=st.integers(0, SIZE - 1),
    depth=st.integers(0, 3),
    way=st.sampled_from(["in", "out", "both"]),
)
def test_subgraphs(  # noqa: PLR0917  # hypothesis fills them
    store: StoreFile, kinds: list[str], edges: list[tuple[int, int, str]], asked: int, depth: int, way: str
) -> None:
    """Around a symbol: what is within reach, and all edges among it, as cut out of the whole graph."""
    with planted(store, kinds, edges) as ids:
        graph = program_graph(store)
        walked = {"in": graph.reverse(), "out": graph, "both": graph.to_undirected()}[way]
        near = nx.single_source_shortest_path_length(walked, ids[asked], cutoff=depth)
        found = subgraph_by_symbol(store, ids[asked], depth, way)  # type: ignore[arg-type]  # one of the three
        assert nx.utils.graphs_equal(found, graph.subgraph(near).copy())


def test_a_change_of_an_override_reaches_callers_of_the_base(store: StoreFile, program: dict[str, int]) -> None:
    """Whoever calls the base's method may run the override; a constructor is not run that way. Depth and path are told."""
    found = impact(store, "Sub.run")
    assert [each.node.qualified_name for each in found] == ["b.Sub.run", "a.Base.run", "c.drive", "c.LIMIT", "c.main", "c.reader"]
    steps = found.path(program["c.reader"])
    assert [(step.relation, step.node.symbol_name) for step in steps] == [
        ("", "run"),
        ("is overridden by", "run"),
        ("calls", "drive"),
        ("is set by", "LIMIT"),
        ("reads", "reader"),
    ]
    assert [each.node.qualified_name for each in impact(store, "b.Sub.__init__")] == ["b.Sub.__init__"]
    assert [each.node.qualified_name for each in impact(store, "Sub.run", depth=1)] == ["b.Sub.run", "a.Base.run"]


def test_importing_goes_no_further_but_from_a_module(store: StoreFile, program: dict[str, int]) -> None:
    """A changed class reaches who imports it; only changed module code reaches the importers' importers."""
    assert {each.node.qualified_name for each in impact(store, "a.Base.__init__")} == {
        "a.Base.__init__",
        "c.drive",
        "c.main",
        "c.LIMIT",
        "c.reader",
    }
    found = {each.node.qualified_name: each.relation for each in impact(store, "b.Sub")}
    assert found["c"] == "imports"
    assert "c" not in {each.node.qualified_name for each in impact(store, "b.leaf")}
    plant(store, "more", [Symbol(name, "module") for name in ("x", "y", "z")], [("y", "x", "import"), ("z", "y", "import")])
    assert [each.node.qualified_name for each in impact(store, "x")] == ["x", "y", "z"]


def test_being_set_is_more_than_importing(store: StoreFile) -> None:
    """A module that imports what changes and is set by it too is gone on from."""
    symbols = [Symbol("a.f"), Symbol("b", "module"), Symbol("d.h")]
    plant(store, "p", symbols, [("b", "a.f", "import"), ("a.f", "b", "data_dependency:write"), ("d.h", "b", "call")])
    assert [each.node.qualified_name for each in impact(store, "a.f")] == ["a.f", "b", "d.h"]


def test_around_a_file(store: StoreFile, program: dict[str, int]) -> None:
    """Its symbols, the edges that cross its border, and the nodes beyond without what is between them."""
    graph = subgraph_by_file(store, "b.py")
    name = dict(graph.nodes(data="qualified_name"))
    assert {n for n in name.values() if not n.startswith("b")} == {"a", "a.Base", "c"}
    assert ("a", "a.Base") not in {(name[x], name[y]) for x, y in graph.edges()}
    assert len(subgraph_by_file(store, "none.py")) == 0


def test_modules_that_import_each_other(store: StoreFile) -> None:
    """A circle of imports is one at the top level, unless the deferred ones are asked for too; a module and its own parts are none."""
    symbols = [*(Symbol(name, "module") for name in ("a", "b", "c")), Symbol("a.f"), Symbol("b.f"), Symbol("c.f")]
    plant(
        store,
        "p",
        symbols,
        [("a", "b.f", "import"), ("b", "a", "import"), ("b", "c", "import"), ("c.f", "b", "import"), ("c", "c.f", "import")],
    )
    assert [[node.qualified_name for node in cycle.members] for cycle in import_cycles(store)] == [["a", "b"]]
    assert [[node.qualified_name for node in cycle.members] for cycle in import_cycles(store, with_deferred=True)] == [["a", "b", "c"]]


def test_an_id_that_is_none(store: StoreFile, program: dict[str, int]) -> None:
    """An id of no node is refused as a name would be."""
    with pytest.raises(UnknownSymbol):
        impact(store, 10_000)


def test_unknown_types_are_told(store: StoreFile) -> None:
    """An edge type or direction that does not exist is an error, not a graph without edges."""
    with planted(store, ["function"] * SIZE, [(0, 1, "call")]) as (a, b, *_):
        asks: list[Callable[[], object]] = [
            lambda: program_graph(store, edge_types=["calls"]),
            lambda: subgraph_by_symbol(store, a, edge_types=["calls"]),
            lambda: subgraph_by_file(store, "m.py", ["calls"]),
            lambda: paths(store, a, b, edge_types=["calls"]),
            lambda: cycles(store, edge_types="calls"),
            lambda: dependency_matrix(store, edge_types=["calls"]),
        ]
        for ask in asks:
            with pytest.raises(UnknownType, match="edge type 'calls'"):
                ask()
        with pytest.raises(UnknownType, match="direction 'up'"):
            subgraph_by_symbol(store, a, 1, "up")  # type: ignore[arg-type]  # it is none
