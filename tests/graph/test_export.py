"""Exports: what other readers find in them is the graph, whatever its names hold."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any

import networkx as nx
import pydot
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from lestockage.graph import program_graph
from lestockage.graph.export import TEXT_FORMATS, write_parquet
from lestockage.graph.export.columns import column_types

if TYPE_CHECKING:
    from pathlib import Path

    from lestockage.graph.build import ProgramGraph
    from lestockage.store.connection import StoreFile

HOSTILE = [
    'a"; } evil [x="',
    "back\\slash\\",
    "a\nb\r\tc",
    '<b>&amp;"',
    "#quot;|`x`",
    ']]"]--> n1',
    "\x00\x1b",
    "ünïcødé 名",
    "end",
    "%%{init}%%",
]
hostile = st.lists(st.sampled_from(HOSTILE) | st.text(st.characters(exclude_categories=["Cs"]), max_size=6), min_size=2, max_size=4)
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def named(names: list[str]) -> ProgramGraph:
    """Return a ring of nodes with those names, with one edge doubled."""
    graph: ProgramGraph = nx.MultiDiGraph()
    for number, name in enumerate(names):
        graph.add_node(
            number,
            qualified_name=name,
            file_path=name,
            start_line=number,
            node_type=["class", "function"][number % 2],
            content_hash=b"\xff",
        )
    for number in range(len(names)):
        for line in (1, 2)[: 1 + (number == 0)]:
            facts: dict[str, Any] = {"edge_type": "call", "site_line": line, "site_column": 0, "confidence": 0.5, "provenance": names[0]}
            graph.add_edge(number, (number + 1) % len(names), ("call", line, 0), **facts)
    return graph


def written(graph: ProgramGraph, name: str) -> str:
    """Return a graph in a format that is text."""
    file = io.StringIO()
    TEXT_FORMATS[name](graph, file)
    return file.getvalue()


@pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")  # pydot's own use of pyparsing
@settings(quick, max_examples=15)
@given(names=hostile)
def test_dot_is_read_by_an_independent_reader(names: list[str]) -> None:
    """Pydot finds as many nodes and edges as there are, under labels that show the names."""
    (read,) = pydot.graph_from_dot_data(written(named(names), "dot"))
    nodes = {node.get_name(): node.get("label") for node in read.get_nodes() if node.get_name() != "node"}
    assert len(nodes) == len(names)
    assert len(read.get_edges()) == len(names)
    for number, name in enumerate(names):
        shown = nodes[f"n{number}"][1:-1]
        assert (
            re.sub(r"\\(.)", r"\1", shown) == "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in name) or not name
        )


@quick
@given(names=hostile)
def test_mermaid_has_one_statement_a_line(names: list[str]) -> None:
    """Every line is a node or an edge of the flowchart's grammar, and its text, unescaped, is the name."""
    lines = written(named(names), "mermaid").splitlines()
    assert lines[0] == "flowchart LR"
    text = r'"((?:[\w ._-]|#\d+;)*)"'
    nodes = [re.fullmatch(rf"  n\d+(?:\[|\(){text}(?:\]|\))", line) for line in lines[1 : len(names) + 1]]
    edges = [re.fullmatch(rf"  n\d+ -->\|{text}\| n\d+", line) for line in lines[len(names) + 1 :]]
    assert all(nodes)
    assert all(edges)
    assert len(edges) == len(names)
    for match, name in zip(nodes, names, strict=True):
        assert match is not None
        assert re.sub(r"#(\d+);", lambda code: chr(int(code[1])), match[1]) == "".join(" " if c.isspace() else c for c in name) or not name


@quick
@given(names=hostile)
def test_graphml_is_read_back(names: list[str]) -> None:
    """Networkx reads the same nodes, edges and typed attributes; what XML cannot hold is replaced."""
    graph = named(names)
    read = nx.parse_graphml(written(graph, "graphml"), node_type=int, force_multigraph=True)
    assert list(read) == list(graph)
    for node, facts in graph.nodes(data=True):
        clean = re.sub("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", facts["qualified_name"])
        assert read.nodes[node].get("qualified_name", "") == clean
        assert (read.nodes[node]["start_line"], read.nodes[node]["content_hash"]) == (facts["start_line"], "ff")
    keys = sorted((a, b, facts["key"], facts["confidence"]) for a, b, facts in read.edges(data=True))
    assert keys == sorted((a, b, f"call:{key[1]}:0", 0.5) for a, b, key in graph.edges(keys=True))


@quick
@given(names=hostile)
def test_node_link_is_read_back(names: list[str]) -> None:
    """Networkx reads the same graph, keys as text and bytes in hexadecimal."""
    graph = named(names)
    read = nx.node_link_graph(json.loads(written(graph, "json")), edges="edges")
    for _, facts in graph.nodes(data=True):
        facts["content_hash"] = facts["content_hash"].hex()
    named_keys: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    named_keys.add_nodes_from(graph.nodes(data=True))
    named_keys.add_edges_from((a, b, ":".join(map(str, key)), facts) for a, b, key, facts in graph.edges(keys=True, data=True))
    assert nx.utils.graphs_equal(read, named_keys)


def test_parquet_is_read_back(tmp_path: Path) -> None:
    """Pyarrow reads every attribute under its type, and the ends and key of every edge."""
    graph = named(HOSTILE)
    write_parquet(graph, tmp_path / "out")
    nodes = parquet.read_table(tmp_path / "out" / "nodes.parquet").to_pylist()
    assert nodes == [{"id": node, **facts} for node, facts in graph.nodes(data=True)]
    edges = parquet.read_table(tmp_path / "out" / "edges.parquet").to_pylist()
    keyed = graph.edges(keys=True, data=True)
    assert edges == [{"caller_id": a, "callee_id": b, "key": ":".join(map(str, key)), **facts} for a, b, key, facts in keyed]


def test_every_format_takes_a_real_graph(store: StoreFile, program: dict[str, int], tmp_path: Path) -> None:
    """A program graph, with its empty attributes and external nodes, and an empty one."""
    for graph in (program_graph(store), nx.MultiDiGraph()):
        for name in TEXT_FORMATS:
            assert written(graph, name)
        write_parquet(graph, tmp_path / "real")
        assert nx.parse_graphml(written(graph, "graphml"), node_type=int).number_of_nodes() == len(graph)


def test_types_of_columns() -> None:
    """None fits everything, whole numbers fit fractions, and what is mixed is text."""
    rows = [{"a": 1, "b": None, "c": True, "d": 1, "e": b"x", "f": (1,)}, {"a": 0.5, "b": None, "c": "x", "d": None, "e": None, "f": 1}]
    assert column_types(rows) == {"a": float, "b": str, "c": str, "d": int, "e": bytes, "f": str}
