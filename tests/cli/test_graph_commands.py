"""Impact, path, cycles and graph: what the commands print over a real index, to people and to programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import networkx as nx
import pytest

from tests.workspace.zoo_tree import ZooTree

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

CIRCLE = {
    "ring/__init__.py": "",
    "ring/a.py": "from ring import b\n\n\ndef f(n):\n    return b.g(n)\n",
    "ring/b.py": "from ring import a\n\n\ndef g(n):\n    return a.f(n - 1)\n\n\ndef h():\n    return h()\n",
}


@pytest.fixture
def indexed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ZooTree:
    """Return the zoo's package, indexed into the database that commands work on."""
    tree = ZooTree(tmp_path)
    tree.index()
    tree.reopen()
    monkeypatch.setenv("LESTOCKAGE_DB", str(tree.db))
    return tree


def test_impact_lists_what_a_change_reaches(run: Run, indexed: ZooTree) -> None:
    """Nearest first, each with why; what imports a name is there, and ends there."""
    ended = run("impact", "animal.noise")
    assert (ended.status, ended.err) == (0, "")
    rows = [line.split() for line in ended.out.splitlines()]
    assert ["1", "function", "zoo.cat.meow", "zoo/cat.py:11", "calls", "noise"] in rows
    assert ["2", "function", "zoo.keeper.feed", "zoo/keeper.py:5", "calls", "meow"] in rows
    assert [int(row[0]) for row in rows[:-1]] == sorted(int(row[0]) for row in rows[:-1])
    assert "keeper" not in run("impact", "animal.noise", "--depth", "1").out


def test_impact_for_programs(run: Run, indexed: ZooTree) -> None:
    """The symbol, everything reached with the path that explains it, and how many rows that took."""
    found = json.loads(run("impact", "animal.noise", "--json").out)
    assert found["symbol"]["qualified_name"] == "zoo.animal.noise"
    feed = next(each for each in found["reached"] if each["qualified_name"] == "zoo.keeper.feed")
    assert feed["distance"] == 2
    assert [step["relation"] for step in feed["path"]] == ["", "calls", "calls"]
    assert found["rows_read"] >= len(found["reached"])


def test_impact_of_what_nobody_uses(run: Run, indexed: ZooTree) -> None:
    """An empty answer that standard error explains; an unknown symbol is refused as everywhere."""
    ended = run("impact", "keeper.feed")
    assert (ended.status, ended.out) == (0, "")
    assert "zoo.keeper.feed" in ended.err
    assert run("impact", "nobody").status == 1


def test_path_is_a_chain_of_references(run: Run, indexed: ZooTree) -> None:
    """One step a line with the line of each reference, or nothing and a message."""
    ended = run("path", "keeper.feed", "animal.noise")
    assert [line.split() for line in ended.out.splitlines()] == [
        ["zoo.keeper.feed", "zoo/keeper.py:5"],
        ["calls", "zoo.cat.meow", "at", "zoo/keeper.py:6"],
        ["calls", "zoo.animal.noise", "at", "zoo/cat.py:12"],
    ]
    assert len(json.loads(run("path", "keeper.feed", "animal.noise", "--json", "--limit", "9").out)[0]) == 3
    none = run("path", "animal.noise", "keeper.feed")
    assert (none.status, none.out) == (0, "")
    assert "does not refer" in none.err


def test_cycles_of_imports_and_calls(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules that import each other, functions that call each other; a function that calls itself is only counted."""
    tree = ZooTree(tmp_path, CIRCLE)
    tree.index()
    tree.reopen()
    monkeypatch.setenv("LESTOCKAGE_DB", str(tree.db))
    assert run("cycles").out.splitlines() == [
        "imports: 1 cycle",
        "  ring.a -> ring.b -> ring.a",
        "calls: 1 cycle",
        "  ring.a.f -> ring.b.g -> ring.a.f",
        "and 1 function that call themselves",
    ]
    found = json.loads(run("cycles", "--json", "--project", "zoo").out)
    assert [cycle["members"] for cycle in found["calls"]] == [["ring.a.f", "ring.b.g"], ["ring.b.h"]]


def test_no_cycle_is_said(run: Run, indexed: ZooTree) -> None:
    """Nothing on standard output, a line on standard error."""
    assert run("cycles") == (0, "", "lestockage: There is no cycle.\n")


def test_graph_of_a_project_and_around_a_symbol(run: Run, indexed: ZooTree) -> None:
    """The whole program as JSON that networkx reads, and around a symbol only what is near."""
    whole = nx.node_link_graph(json.loads(run("graph", "--format", "json", "--project", "zoo").out), edges="edges")
    near = nx.node_link_graph(json.loads(run("graph", "cat.meow", "--type", "calls", "--json").out), edges="edges")
    assert len(whole) > len(near)
    assert {name for _, name in near.nodes(data="qualified_name")} == {"zoo.cat.meow", "zoo.animal.noise", "zoo.keeper.feed"}
    for kind in ("imports", "inheritance"):
        assert run("graph", "--type", kind).out.startswith("digraph")


def test_graph_into_a_file(run: Run, indexed: ZooTree, tmp_path: Path) -> None:
    """The file has the graph, and the answer says how large it is."""
    output = tmp_path / "graph.mmd"
    ended = run("graph", "--type", "calls", "--format", "mermaid", "-o", str(output))
    assert ended.out.startswith(f"{output}: ")
    assert output.read_text().startswith("flowchart LR\n")
    folder = tmp_path / "tables"
    found = json.loads(run("graph", "--format", "parquet", "-o", str(folder), "--json").out)
    assert found["nodes"] > found["edges"] / 10
    assert sorted(path.name for path in folder.iterdir()) == ["edges.parquet", "nodes.parquet"]


def test_an_output_that_cannot_be_written(run: Run, indexed: ZooTree, tmp_path: Path) -> None:
    """One line and status 2, for a folder where a file should be and for Parquet without a folder."""
    for words in (("-o", str(tmp_path)), ("--format", "parquet"), ("-o", "a\0b")):
        ended = run("graph", *words)
        assert (ended.status, ended.out) == (2, "")
        assert ended.err.count("\n") == 1
