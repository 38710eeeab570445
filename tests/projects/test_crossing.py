"""Crossing: callers, callees and paths go from project to project, and a symbol is found by the names by which it is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage.cli import main
from lestockage.graph import callees, callers, paths
from lestockage.workspace.lookup import open_lookup
from tests.projects.trees import index, plant

if TYPE_CHECKING:
    from pathlib import Path

LIBRARY = {
    "lib/__init__.py": "from lib.core import func as offered\n",
    "lib/core.py": "def func():\n    return _inner()\ndef _inner():\n    return 1\ndef idle():\n    return 1\n",
}
APPLICATION = {"app/__init__.py": "", "app/main.py": "import lib\ndef main():\n    return lib.offered()\ndef start():\n    return main()\n"}


@pytest.fixture
def both(db: Path, tmp_path: Path) -> Path:
    """Return a database of a library and an application that calls into it."""
    index(db, plant(tmp_path / "lib", LIBRARY))
    index(db, plant(tmp_path / "app", APPLICATION))
    return db


def test_paths_cross(both: Path) -> None:
    """The way from an application's function to a library's private one is found, with the places; there is none back."""
    with open_lookup(both) as lookup:
        (found,) = paths(lookup, "app.main.start", "lib.core._inner")
        assert paths(lookup, "lib.core._inner", "app.main.start") == []
        assert paths(lookup, "app.main.start", "lib.core.idle") == []
    assert [step.node.qualified_name for step in found] == ["app.main.start", "app.main.main", "lib.core.func", "lib.core._inner"]
    assert [step.edge and step.edge[3] for step in found] == [None, 1, 1, 1]


def test_calls_cross_at_any_depth(both: Path) -> None:
    """Who calls, and what is called, is told however many projects away."""
    with open_lookup(both) as lookup:
        up = {each.node.qualified_name: each.distance for each in callers(lookup, "lib.core._inner", None)}
        down = {each.node.qualified_name: each.distance for each in callees(lookup, "app.main.start", None)}
    assert up == {"lib.core._inner": 0, "lib.core.func": 1, "app.main.main": 2, "app.main.start": 3}
    assert down == {"app.main.start": 0, "app.main.main": 1, "lib.core.func": 2, "lib.core._inner": 3}


def test_commands_take_the_name_that_is_imported(both: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a package passes on is a name of the symbol for every command that takes one, used in the database or not."""
    words = {
        "impact lib.idle_too": "There is no symbol",
        "show lib.offered": "function lib.core.func",
        "impact lib.offered": "app.main.main",
        "callers lib.offered": "app.main.main",
        "callees app.main.main": "lib.core.func",
        "path app.main.start lib.offered": "lib.core.func",
        "graph lib.offered": "lib.core._inner",
        "flow lib.offered": "lib.core.func",
    }
    for line, word in words.items():
        main([*line.split(), "--db", str(both)])
        output = capsys.readouterr()
        assert word in output.out + output.err, line
    assert main(["forget", "app", "--db", str(both)]) == 0
    assert main(["impact", "lib.offered", "--db", str(both)]) == 0
