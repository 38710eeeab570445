"""Plain lines: read without Typer, and meaning what they mean to Typer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lestockage.cli import app
from lestockage.cli.plain import read_plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ARGUMENTS = {
    "status": 0,
    "report": 0,
    "path": 2,
    "cycles": 0,
    "unused": 0,
    "affected": 0,
    "gc": 0,
    "check": 0,
    "verify": 0,
    "diff": 2,
    "snapshots": 0,
    "hotspots": 0,
    "projects": 0,
    "deps": 0,
    "breakage": 0,
    "compare": 2,
    "trend": 0,
    "ages": 0,
}
"""How many arguments a command takes, where that is not one."""
COMMANDS = [
    "bench",
    "index",
    "symbols",
    "show",
    "callers",
    "callees",
    "status",
    "impact",
    "path",
    "cycles",
    "unused",
    "affected",
    "flow",
    "complexity",
    "graph",
    "report",
    "diff",
    "gc",
    "check",
    "verify",
    "history",
    "snapshots",
    "compare",
    "trend",
    "ages",
    "explain",
    "watch",
    "sql",
    "export",
    "metrics",
    "hotspots",
    "projects",
    "refs",
    "resolve",
    "deps",
    "breakage",
    "forget",
]


def read_by_typer(given_words: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> tuple[str, dict[str, object]] | None:
    """Return the command and arguments that Typer hands on, or None when it refuses the line or answers itself."""
    performed: list[tuple[str, dict[str, object]]] = []

    def record(command: str, arguments: Mapping[str, object]) -> int:
        performed.append((command, dict(arguments)))
        return 0

    with monkeypatch.context() as patch:
        patch.setattr(app, "perform", record)
        app.run(given_words)
    return performed[0] if performed else None


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        (["index", "src"], {"path": "src"}),
        (
            ["index", "src", "--db", "a.db", "--project", "p", "--jobs", "2", "--json"],
            {"path": "src", "db": "a.db", "project": "p", "jobs": 2, "as_json": True},
        ),
        (["index", "--jobs=4", "--db=a=b", "src"], {"path": "src", "db": "a=b", "jobs": 4}),
        (["symbols"], {}),
        (["symbols", "add_*", "--project", "p"], {"pattern": "add_*", "project": "p"}),
        (["show", "Graph.add_edge", "--json"], {"symbol": "Graph.add_edge", "as_json": True}),
        (["callers", "f", "--db", "a.db"], {"symbol": "f", "db": "a.db"}),
        (["callees", "--json", "f"], {"symbol": "f", "as_json": True}),
        (["status", "--json"], {"as_json": True}),
        (["impact", "f", "--depth", "2"], {"symbol": "f", "depth": 2}),
        (["path", "a", "--limit=3", "b"], {"source": "a", "target": "b", "limit": 3}),
        (["graph", "--depth", "2", "f", "--output", "x.dot"], {"symbol": "f", "depth": 2, "output": "x.dot"}),
    ],
)
def test_a_plain_line_is_read(words: list[str], arguments: dict[str, object]) -> None:
    """A command with its argument and its options spelled out is plain, in any order."""
    assert read_plain(words) == (words[0], arguments)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "--version",
        "--help",
        "index",
        "bogus x",
        "index --help",
        "index a b",
        "index a --jobs 0",
        "index a --jobs -1",
        "index a --jobs two",
        "index a --jobs ٣",
        "index a --jobs",
        "index a --db",
        "index a --db --json",
        "index a --db x --db y",
        "index a --db=",
        "index a --json=yes",
        "index a --jso",
        "index -- a",
        "index a -v",
        "status x",
        "path a",
        "path a b c",
        "graph f --type calls",
        "graph f --format dot",
        "graph -o x",
        "status --project p",
        "show a --jobs 2",
        "symbols --kind class",
        "symbols --kind=class",
    ],
)
def test_every_other_line_is_typer_s(line: str) -> None:
    """Help, mistakes, repetition and abbreviation are left to Typer to explain."""
    assert read_plain(line.split()) is None


word = st.sampled_from(
    [
        "a",
        "a.b",
        "x=y",
        "--db",
        "--db=f",
        "--db=",
        "--project",
        "--project=p",
        "--jobs",
        "--jobs=2",
        "--jobs=0",
        "2",
        "07",
        "--json",
        "--",
        "-",
        "-j",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(command=st.sampled_from(COMMANDS), words=st.lists(word, max_size=5))
def test_typer_reads_the_same(command: str, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is plain means to Typer what it means to us."""
    plain = read_plain([command, *words])
    if plain is not None:
        assert read_by_typer([command, *words], monkeypatch) == (plain.command, plain.arguments)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_can_be_plain(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command of Typer's has plain lines, so none is left behind when one is added."""
    typed = {info.callback.__name__ for info in app.app.registered_commands if info.callback}
    assert typed == set(COMMANDS)
    words = [command, *["x"] * ARGUMENTS.get(command, 1)]
    assert read_plain(words) is not None
    assert read_by_typer(words, monkeypatch) == read_plain(words)
