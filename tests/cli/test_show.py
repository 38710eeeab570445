"""The command `show`, and what a symbol may be called."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.zoo import build_farm

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


def test_a_method_is_shown(run: Run, zoo: Path) -> None:
    """Everything that is known of a symbol is told, and nothing that is not."""
    assert run("show", "zoo.cat.Cat.purr").out.splitlines() == [
        "method zoo.cat.Cat.purr",
        "  project     zoo",
        "  where       zoo/cat.py:5-7",
        "  signature   def purr(self) -> str",
        "  visibility  public",
        "  complexity  3",
        "  content     " + "02" * 32,
        "called from 2 sites, calls at 0 sites",
    ]


def test_a_class_has_bases_heirs_and_members(run: Run, zoo: Path) -> None:
    """A class tells what it inherits from, what inherits from it, and what it contains."""
    out = run("show", "Cat").out
    assert out[out.index("inherits") :].splitlines() == [
        "inherits from",
        "  animals.Animal  -",
        "inherited by",
        "  zoo.dog.Dog  zoo/dog.py:3",
        "contains",
        "  method  def purr(self) -> str  zoo/cat.py:5",
        "  method  def name(self) -> str  zoo/cat.py:9",
        "called from 0 sites, calls at 0 sites",
    ]


def test_a_member_without_signature_is_named(run: Run, zoo: Path) -> None:
    """What has no signature is listed by its name, and a place on one line has no end."""
    out = run("show", "zoo.cat").out
    assert "  where       zoo/cat.py:1\n" in out
    assert "  variable  LIVES              zoo/cat.py:18\n" in out


def test_two_definitions_are_one_symbol(run: Run, zoo: Path) -> None:
    """A property and its setter share a name and a file: both are shown, and calls of either are counted."""
    out = run("show", "Cat.name").out
    assert [line.split()[1] for line in out.splitlines() if "where" in line] == ["zoo/cat.py:9-11", "zoo/cat.py:13-15"]
    assert "called from 1 site," in out


def test_stale_and_external_symbols_are_shown(run: Run, zoo: Path) -> None:
    """What is stale says what that means; what is external has no place."""
    assert "  stale       its file has failed since: this is its last good state\n" in run("show", "Dog").out
    assert "  where    -\n" in run("show", "builtins.len").out


def test_json_has_it_all(run: Run, zoo: Path) -> None:
    """For programs: the first definition's columns, the others, the neighbours by name, and how many call sites there are."""
    shown = json.loads(run("show", "Cat.name", "--json").out)
    assert (shown["start_line"], [other["start_line"] for other in shown["other_definitions"]], shown["call_sites_in"]) == (9, [13], 1)
    shown = json.loads(run("show", "Cat", "--json").out)
    assert (shown["bases"], shown["derived"]) == (["animals.Animal"], ["zoo.dog.Dog"])
    assert [member["symbol_name"] for member in shown["members"]] == ["purr", "name"]
    assert (shown["other_definitions"], shown["call_sites_out"]) == ([], 0)


# -- names -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("symbol", "shown"),
    [
        ("zoo.cat.Cat.purr", "method zoo.cat.Cat.purr"),
        ("Cat.purr", "method zoo.cat.Cat.purr"),
        ("purr", "method zoo.cat.Cat.purr"),
        ("cat", "module zoo.cat"),
        ("len", "external builtins.len"),
        ("zoo/dog.py::bark", "function zoo.dog.bark"),
        ("dog.pyi::zoo.dog.bark", "function zoo.dog.bark"),
        ("pur*", "method zoo.cat.Cat.purr"),
    ],
)
def test_a_symbol_may_be_called(run: Run, zoo: Path, symbol: str, shown: str) -> None:
    """A whole name, the end of one at a dot, a pattern that only one symbol matches, and a name within a file lead to a symbol."""
    ended = run("show", symbol)
    assert (ended.status, ended.out.splitlines()[0]) == (0, shown)


def test_an_unknown_symbol(run: Run, zoo: Path) -> None:
    """A name that no symbol has is status 1, and the nearest names are told."""
    ended = run("show", "Cat.pur")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == "lestockage: There is no symbol 'Cat.pur'. Near to it: zoo.cat.Cat.purr.\n"


def test_part_of_a_name_is_no_name(run: Run, zoo: Path) -> None:
    """The end of a name counts from a dot."""
    assert run("show", "at.purr").status == 1


def test_an_ambiguous_symbol(run: Run, zoo: Path) -> None:
    """A name that several symbols have is status 1, and all of them are told."""
    ended = run("show", "feed")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == "lestockage: 'feed' names 2 symbols: zoo.cat.feed, zoo.dog.feed. Give more of the dotted name.\n"


def test_json_of_an_unknown_symbol(run: Run, zoo: Path) -> None:
    """With `--json` the error is an object too, with the candidates as a list."""
    ended = run("show", "Cat.pur", "--json")
    assert (ended.status, json.loads(ended.out)["candidates"]) == (1, ["zoo.cat.Cat.purr"])
    assert json.loads(ended.out)["error"].startswith("There is no symbol")


def test_json_of_an_ambiguous_symbol(run: Run, zoo: Path) -> None:
    """A candidate is what to call the symbol: by its file where the name alone does not tell."""
    ended = run("callers", "bark", "--json")
    assert (ended.status, json.loads(ended.out)["candidates"]) == (1, ["zoo/dog.py::zoo.dog.bark", "zoo/dog.pyi::zoo.dog.bark"])


def test_a_candidate_leads_to_its_symbol(run: Run, zoo: Path) -> None:
    """What an ambiguous name's candidates are called is understood."""
    for candidate in json.loads(run("show", "bark", "--json").out)["candidates"]:
        assert run("show", candidate).status == 0


def test_symbols_of_two_projects(run: Run, zoo: Path) -> None:
    """A name that two projects have is ambiguous until the project is given."""
    build_farm(zoo)
    candidates = json.loads(run("show", "purr", "--json").out)["candidates"]
    assert candidates == ["zoo.cat.Cat.purr (--project zoo)", "zoo.cat.Cat.purr (--project farm)"]
    assert "project     farm" in run("show", "purr", "--project", "farm").out


def test_a_file_that_has_no_such_symbol(run: Run, zoo: Path) -> None:
    """The file of `FILE::NAME` must have the symbol."""
    assert run("show", "zoo/cat.py::bark").status == 1
