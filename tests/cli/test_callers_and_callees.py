"""The commands `callers` and `callees`: one line for each call site."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


def test_callers_are_listed_by_site(run: Run, zoo: Path) -> None:
    """Each call site is a line: what it is written in, and the line of the file it is on."""
    assert run("callers", "Cat.purr").out == "function  zoo.cat.feed  zoo/cat.py:21\nfunction  zoo.cat.feed  zoo/cat.py:22\n"


def test_callees_are_listed_by_site(run: Run, zoo: Path) -> None:
    """Each call is a line: what it calls, external symbols too, and the line of the caller's file it is on."""
    assert run("callees", "zoo.cat.feed").out.splitlines() == [
        "method    zoo.cat.Cat.purr  zoo/cat.py:21",
        "method    zoo.cat.Cat.purr  zoo/cat.py:22",
        "external  builtins.len      zoo/cat.py:22",
    ]


def test_only_calls_count(run: Run, zoo: Path) -> None:
    """Inheriting from a class or containing a method is no call."""
    ended = run("callers", "Cat")
    assert (ended.status, ended.out, ended.err) == (0, "", "lestockage: No call of zoo.cat.Cat is known.\n")


def test_a_symbol_that_calls_nothing(run: Run, zoo: Path) -> None:
    """No call is an empty answer, and is said."""
    ended = run("callees", "purr")
    assert (ended.status, ended.out, ended.err) == (0, "", "lestockage: zoo.cat.Cat.purr makes no call that is known.\n")


def test_calls_of_any_definition_count(run: Run, zoo: Path) -> None:
    """Who calls the setter calls the symbol."""
    assert run("callers", "Cat.name").out.split()[1] == "zoo.dog.bark"


def test_json_of_callers(run: Run, zoo: Path) -> None:
    """For programs: the symbol, and for each site the caller, the place, and how the call was found."""
    answer = json.loads(run("callers", "purr", "--json").out)
    assert answer["symbol"]["qualified_name"] == "zoo.cat.Cat.purr"
    assert [site["qualified_name"] for site in answer["callers"]] == ["zoo.cat.feed", "zoo.cat.feed"]
    assert answer["callers"][0]["site"] == {"file_path": "zoo/cat.py", "line": 21, "column": 4}
    assert (answer["callers"][0]["confidence"], answer["callers"][0]["provenance"]) == (1.0, "name")


def test_json_of_callees(run: Run, zoo: Path) -> None:
    """For programs: the same with what is called."""
    answer = json.loads(run("callees", "zoo.cat.feed", "--json").out)
    assert [(site["node_type"], site["site"]["line"]) for site in answer["callees"]] == [("method", 21), ("method", 22), ("external", 22)]


def test_json_of_nothing(run: Run, zoo: Path) -> None:
    """A symbol that nobody calls has an empty list."""
    assert json.loads(run("callers", "Cat", "--json").out)["callers"] == []
