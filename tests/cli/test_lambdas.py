"""Lambdas: nodes of the graph as functions are, which lists of definitions for people leave out unless a pattern asks for them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lestockage.analytics import Analytics
from lestockage.analytics.evolution import Timeline, symbol_ages, trend
from lestockage.graph.complexity import complexity, project_complexity
from lestockage.report.facts import gather
from lestockage.store.connection import StoreFile
from lestockage.store.projects import get_project
from lestockage.store.snapshot_writer import SnapshotLabel
from lestockage.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Run

SOURCE = """\
def rank(item):
    return item


def order(items, key=lambda each: each or 1):
    def by(item):
        return key(item)

    (lambda: rank(1))()
    return sorted(items, key=lambda item: rank(item) if item else by(item))


PICK = lambda a, b=2, *c: a and b and c
"""
LAMBDAS = ["m.<lambda1>", "m.<lambda2>", "m.order.<lambda1>", "m.order.<lambda2>"]
NAMED = ["m.order", "m.order.by", "m.rank"]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StoreFile]:
    """Return the file of a project with lambdas, the one that commands work on; two snapshots, a lambda more in the second."""
    path = tmp_path / "index.db"
    monkeypatch.setenv("LESTOCKAGE_DB", str(path))
    folder = tmp_path / "src"
    folder.mkdir()
    with Workspace.open(path) as workspace:
        for label, text in (("one", SOURCE.replace("    (lambda: rank(1))()\n", "")), ("two", SOURCE)):
            (folder / "m.py").write_text(text)
            workspace.index(folder, project="p", snapshot=SnapshotLabel(label))
    with StoreFile.open(path, read_only=True) as opened:
        yield opened


def test_a_lambda_is_a_private_function(run: Run, store: StoreFile) -> None:
    """Asked for by name, it is shown like any other symbol, with its own complexity and what holds it."""
    (found,) = json.loads(run("symbols", "m.<lambda2>", "--json").out)
    assert (found["node_type"], found["visibility"], found["signature"], found["complexity"]) == ("function", "private", "(a, b=2, *c)", 3)
    assert (found["start_line"], found["start_column"]) == (13, 7)
    held = store.query(
        "SELECT a.qualified_name FROM intel_edges AS e JOIN intel_nodes AS a ON a.id = caller_id JOIN intel_nodes AS b ON b.id = callee_id"
        " WHERE edge_type = 'containment' AND b.qualified_name LIKE '%<%' ORDER BY b.qualified_name"
    )
    assert held == [("m",), ("m",), ("m.order",), ("m.order",)]


def test_a_lambda_is_never_public(store: StoreFile) -> None:
    """Other projects are offered what a dotted name leads to: no lambda."""
    found = [row[0] for row in store.query("SELECT qualified_name FROM global_symbols ORDER BY 1")]
    assert found == ["m", "m.PICK", "m.order", "m.rank"]


def test_symbols_lists_them_when_asked(run: Run, store: StoreFile) -> None:
    """Neither all symbols, nor those of a kind, nor a wildcard means them; a `<` does."""
    for words in ((), ("--kind", "function"), ("m.*",)):
        assert [row["qualified_name"] for row in json.loads(run("symbols", *words, "--json").out) if "<" in row["qualified_name"]] == []
    assert [row["qualified_name"] for row in json.loads(run("symbols", "<*", "--json").out)] == LAMBDAS


@pytest.mark.parametrize(("command", "field"), [("complexity", "name"), ("metrics", "qualified_name")])
def test_rankings_list_them_when_asked(run: Run, store: StoreFile, command: str, field: str) -> None:
    """Complexity and metrics rank what has a name; a `<` in the pattern asks for the others."""

    def listed(*words: str) -> list[str]:
        found = json.loads(run(command, *words, "--json").out)
        rows = found["symbols"] if command == "metrics" else found
        return sorted(row[field] for row in rows)

    assert [name for name in listed() if name not in {"m", "m.PICK"}] == NAMED
    assert listed("<*") == LAMBDAS


def test_show_and_status_leave_them_out(run: Run, store: StoreFile) -> None:
    """What a function contains is what it defines by name, and the most called functions have names."""
    shown = run("show", "m.order").out
    assert "def by(item)" in shown
    assert "lambda" not in shown.partition("contains")[2]
    assert [row["qualified_name"] for row in json.loads(run("status", "--json").out)["projects"][0]["most_called"]] == [
        "m.rank",
        "m.order.by",
    ]


def test_unused_reports_none(run: Run, store: StoreFile) -> None:
    """A lambda is part of what holds it: nothing refers to `order`, so what only its lambdas call is unused as well."""
    assert [row["qualified_name"] for row in json.loads(run("unused", "--json").out)] == ["m.rank", "m.order", "m.PICK"]


def test_impact_goes_on_to_what_calls_it(run: Run, store: StoreFile) -> None:
    """A lambda that is called where it stands is one step of the way to what calls it."""
    found = json.loads(run("impact", "m.rank", "--json").out)["reached"]
    order = next(row for row in found if row["qualified_name"] == "m.order")
    assert [step["relation"] for step in order["path"]] == ["", "calls", "calls"]


def test_impact_goes_on_to_what_holds_it(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who gets a lambda may run it unseen, so a change of what it calls reaches what holds it."""
    monkeypatch.setenv("LESTOCKAGE_DB", str(tmp_path / "index.db"))
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "m.py").write_text("def rank(item): ...\n\n\ndef give():\n    return lambda item: rank(item)\n")
    with Workspace.open(tmp_path / "index.db") as workspace:
        workspace.index(tmp_path / "src", project="p")
    found = json.loads(run("impact", "m.rank", "--json").out)["reached"]
    give = next(row for row in found if row["qualified_name"] == "m.give")
    assert [step["relation"] for step in give["path"]] == ["", "calls", "holds"]


def test_complexity_counts_them_once(store: StoreFile) -> None:
    """A function has the decisions of its lambdas by radon's rule, and the sums over functions have them in it only."""
    found = {each.node.qualified_name: each.metrics for each in complexity(store)}
    assert {name: found[name].cyclomatic for name in ("m.order", "m.order.<lambda2>", "m.<lambda1>")} == {
        "m.order": 2,
        "m.order.<lambda2>": 2,
        "m.<lambda1>": 2,
    }
    assert (found["m.order"].cognitive, found["m.order.<lambda2>"].cognitive, found["m.order"].mccabe) == (2, 1, 2)
    (whole,) = project_complexity(store).values()
    assert (whole.functions, whole.cyclomatic, whole.mccabe, whole.cognitive, whole.statements) == (3, 4, 3, 2, 8)


def test_analytics_count_none(store: StoreFile) -> None:
    """Hotspots, sizes of modules and distributions are of functions with names; the tables of all symbols have the others too."""
    analytics = Analytics(store)
    assert sorted(row["qualified_name"] for row in analytics.table("hotspots").to_pylist()) == NAMED
    assert [(row["functions"], row["complexity"]) for row in analytics.table("modules").to_pylist()] == [(3, 4)]
    assert [row["count"] for row in analytics.distribution("cyclomatic").to_pylist()] == [3]
    assert {row["qualified_name"] for row in analytics.table("measures").to_pylist()} == {"m", *NAMED, *LAMBDAS}


def test_the_report_counts_none(store: StoreFile) -> None:
    """Its functions are those with names."""
    assert sorted(each.node.qualified_name for each in gather(store, get_project(store, "p")).functions) == NAMED


def test_evolution_counts_none(store: StoreFile) -> None:
    """The second snapshot has a lambda more: nothing was added, and the function that holds it changed."""
    timeline = Timeline(store, get_project(store, "p").id)
    first, second = trend(timeline)
    assert (first.functions, second.functions) == (3, 3)
    assert (second.added, second.removed, second.modified) == (0, 0, 1)
    assert [each.qualified_name for each in symbol_ages(timeline) if "<" in each.qualified_name] == []
