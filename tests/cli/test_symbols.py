"""The command `symbols`: which symbols are listed, and how."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lestockage.cli.app import Kind
from lestockage.store.connection import StoreFile
from lestockage.store.type_names import NODE_TYPES
from tests.cli.zoo import build_farm

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


def test_all_symbols_are_listed(run: Run, zoo: Path) -> None:
    """Without a pattern every symbol of the projects is listed, by qualified name, without external ones."""
    ended = run("symbols")
    names = [line.split()[1] for line in ended.out.splitlines()]
    assert (ended.status, ended.err) == (0, "")
    assert (len(names), names) == (13, sorted(names))


def test_a_line_has_kind_name_and_place(run: Run, zoo: Path) -> None:
    """A line tells what a symbol is, its whole name, and where it begins, in a form that editors understand."""
    assert run("symbols", "purr").out.split() == ["method", "zoo.cat.Cat.purr", "zoo/cat.py:5"]


def test_what_is_stale_says_so(run: Run, zoo: Path) -> None:
    """A symbol of a file that fails now is marked: it is its last good state."""
    assert run("symbols", "Dog").out == "class  zoo.dog.Dog  zoo/dog.py:3 (stale)\n"


def test_a_pattern_chooses(run: Run, zoo: Path) -> None:
    """Wildcards match symbol names."""
    assert [line.split()[1] for line in run("symbols", "[Cf]*").out.splitlines()] == ["zoo.cat.Cat", "zoo.cat.feed", "zoo.dog.feed"]


def test_a_kind_chooses(run: Run, zoo: Path) -> None:
    """Symbols of one kind are listed when it is given, external ones among the kinds."""
    assert run("symbols", "--kind", "variable").out.split() == ["variable", "zoo.cat.LIVES", "zoo/cat.py:18"]
    assert run("symbols", "--kind", "external").out.split() == ["external", "animals.Animal", "-", "external", "builtins.len", "-"]


def test_the_kinds_are_those_of_the_store() -> None:
    """The command line offers exactly the kinds that are stored."""
    assert [kind.value for kind in Kind] == list(NODE_TYPES)


def test_an_unknown_kind_is_bad_usage(run: Run, zoo: Path) -> None:
    """A kind that does not exist is refused with the choice."""
    ended = run("symbols", "--kind", "klass")
    assert ended.status == 2
    assert "'function'" in ended.err


def test_a_project_chooses(run: Run, zoo: Path) -> None:
    """Symbols of one project are listed when it is named."""
    build_farm(zoo)
    assert len(run("symbols", "feed").out.splitlines()) == 3
    assert run("symbols", "feed", "--project", "farm").out.split() == ["function", "zoo.cat.feed", "zoo/cat.py:20"]


def test_an_unknown_project_is_refused(run: Run, zoo: Path) -> None:
    """A project that is not there is an error that lists those that are."""
    ended = run("symbols", "--project", "circus")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == "lestockage: There is no project 'circus'. The database holds: zoo.\n"


def test_json_has_the_columns(run: Run, zoo: Path) -> None:
    """For programs a symbol has the names of its columns, its project by name and its hash in hexadecimal."""
    assert json.loads(run("symbols", "purr", "--json").out) == [
        {
            "project": "zoo",
            "qualified_name": "zoo.cat.Cat.purr",
            "symbol_name": "purr",
            "node_type": "method",
            "language": "python",
            "file_path": "zoo/cat.py",
            "start_line": 5,
            "start_column": 0,
            "end_line": 7,
            "end_column": 4,
            "signature": "def purr(self) -> str",
            "visibility": "public",
            "complexity": 3,
            "content_hash": "02" * 32,
            "stale": False,
        }
    ]


def test_nothing_found_is_an_empty_list(run: Run, zoo: Path) -> None:
    """A list may be empty: the status is 0, and the nearest names are told on standard error."""
    ended = run("symbols", "pur", "--json")
    assert (ended.status, json.loads(ended.out)) == (0, [])
    assert ended.err == "lestockage: No symbol matches. Near to it: zoo.cat.Cat.purr.\n"


def test_nothing_near_is_said_too(run: Run, zoo: Path) -> None:
    """A pattern like nothing that is there gets no candidates."""
    assert run("symbols", "qqq*").err == "lestockage: No symbol matches.\n"


def test_an_empty_database_has_no_symbols(run: Run, tmp_path: Path) -> None:
    """No pattern and no symbol is an empty answer."""
    StoreFile.open(tmp_path / "empty.db").close()
    assert run("symbols", "--db", str(tmp_path / "empty.db")).out == ""
