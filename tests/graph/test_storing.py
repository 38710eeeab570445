"""Storing: a graph that is written and read again is the same graph."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lestockage.errors import DuplicateRow, UnknownType
from lestockage.graph import program_graph, store_graph
from lestockage.store.connection import StoreFile
from lestockage.store.intel_tables import EDGE_TYPES, NODE_TYPES
from lestockage.store.projects import find_project

if TYPE_CHECKING:
    from pathlib import Path

    from lestockage.graph.build import ProgramGraph

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
whole = st.integers(-(2**63), 2**63 - 1)
node_facts = st.fixed_dictionaries(
    {
        "file_path": st.none() | text,
        "symbol_name": text.filter(bool),
        "node_type": st.sampled_from(NODE_TYPES),
        "stale": st.integers(0, 1),
        **dict.fromkeys(("language", "signature", "visibility"), st.none() | text),
        **dict.fromkeys(("complexity", "start_line", "start_column", "end_line", "end_column"), st.none() | whole),
        "content_hash": st.none() | st.binary(max_size=4),
        **dict.fromkeys(("created_at", "updated_at"), st.integers(0, 2**40)),
    }
)
edge_facts = st.fixed_dictionaries(
    {
        "edge_type": st.sampled_from(EDGE_TYPES),
        "site_line": st.integers(0, 3),
        "site_column": st.integers(0, 2),
        "confidence": st.floats(0, 1),
        "provenance": text,
    }
)


@st.composite
def graphs(draw: st.DrawFn) -> ProgramGraph:
    """Return a graph with every attribute, and edges that may be parallel or lead to where they start."""
    graph: ProgramGraph = nx.MultiDiGraph()
    for number, facts in enumerate(draw(st.lists(node_facts, max_size=5))):
        graph.add_node(number, **facts, qualified_name=f"s{number}", ordinal=draw(st.integers(0, 2)))
    ends = st.integers(0, max(len(graph) - 1, 0))
    for a, b, facts in draw(st.lists(st.tuples(ends, ends, edge_facts), max_size=8)) if len(graph) else ():
        graph.add_edge(a, b, (facts["edge_type"], facts["site_line"], facts["site_column"]), **facts)
    return graph


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=graphs())
def test_a_round_trip_is_the_identity(store: StoreFile, graph: ProgramGraph) -> None:
    """Graph, store, graph: under the ids that were given, nodes, edges, keys and every attribute are what they were; and once more."""
    names = [uuid.uuid4().hex, uuid.uuid4().hex]
    for name in names:
        ids = store_graph(store, graph, name)
        read = program_graph(store, name)
        expected = nx.relabel_nodes(graph, ids)
        project = find_project(store, name)
        assert project is not None
        nx.set_node_attributes(expected, project.id, "project_id")
        assert nx.utils.graphs_equal(read, expected)
        graph = read


def test_what_is_left_out_has_a_default(store: StoreFile) -> None:
    """The least that a graph must say, and what it is read back with."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("a", qualified_name="m.a", node_type="function", colour="red")
    graph.add_edge("a", "a", edge_type="call")
    ids = store_graph(store, graph, "p")
    read = program_graph(store, "p")
    facts = read.nodes[ids["a"]]
    assert (facts["symbol_name"], facts["ordinal"], facts["signature"], facts["stale"]) == ("a", 0, None, 0)
    assert "colour" not in facts
    assert list(read.edges(keys=True)) == [(ids["a"], ids["a"], ("call", 0, 0))]


@pytest.mark.parametrize(
    ("node", "edge", "error"),
    [
        ({"qualified_name": "m.a", "node_type": "planet"}, {"edge_type": "call"}, UnknownType),
        ({"qualified_name": "m.a", "node_type": "class"}, {"edge_type": "likes"}, UnknownType),
        ({"qualified_name": "m.b", "node_type": "class"}, {"edge_type": "call"}, DuplicateRow),
    ],
)
def test_a_graph_that_does_not_fit_is_refused_whole(
    store: StoreFile, node: dict[str, Any], edge: dict[str, Any], error: type[Exception]
) -> None:
    """A typed error, and nothing of the graph is in the file, not even the project."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("b", qualified_name="m.b", node_type="class", file_path="m.py")
    graph.add_node("a", **node, file_path="m.py")
    graph.add_edge("a", "b", **edge)
    with pytest.raises(error):
        store_graph(store, graph, "p")
    assert find_project(store, "p") is None


def test_a_graph_between_files(store: StoreFile, program: dict[str, int], tmp_path: Path) -> None:
    """An indexed program copied into another file, externals and parallel edges among it."""
    graph = program_graph(store)
    with StoreFile.open(tmp_path / "other.db") as other:
        ids = store_graph(other, graph, "small")
        assert nx.utils.graphs_equal(program_graph(other), nx.relabel_nodes(graph, ids))
