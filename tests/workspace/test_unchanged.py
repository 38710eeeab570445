"""Unchanged: a run that has nothing to do is told from the tables, the tree and the code on disk, without the engine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lestockage.workspace import unchanged as module
from lestockage.workspace.program_code import program_code
from lestockage.workspace.unchanged import unchanged
from tests.workspace.tables import file_bytes
from tests.workspace.zoo_tree import ZooTree

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.workspace.report import IndexReport

SECOND_RUN = """
import sys
from lestockage.cli import main
main(["index", sys.argv[2], "--db", sys.argv[1], "--project", "zoo"])
print(sorted(name for name in sys.modules if name.startswith(("lestockage.engine", "lestockage.queries", "lestockage.database"))))
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ZooTree:
    """Return the package, indexed by code that is known."""
    monkeypatch.setattr(module, "program_code", lambda: b"code")
    tree = ZooTree(tmp_path)
    tree.index()
    tree.reopen()
    return tree


def asked(tree: ZooTree) -> IndexReport | None:
    """Return what is told of a run, the file closed."""
    return unchanged(str(tree.db), str(tree.root), "zoo")


def test_what_is_told_is_what_a_run_finds(tree: ZooTree) -> None:
    """Nothing is executed or written, and the totals and failures are those of a run; the file stays as it is."""
    tree.write("broken.py", "def broken(:\n")
    tree.index()
    expected = tree.index()
    tree.reopen()
    before = file_bytes(tree.db)
    found = asked(tree)
    assert found is not None
    assert found._replace(seconds=0, reused=0) == expected._replace(seconds=0, reused=0)
    assert [failure.path for failure in found.failed] == ["broken.py"]
    assert file_bytes(tree.db) == before


CHANGES: dict[str, Callable[[ZooTree], object]] = {
    "an edited file": lambda tree: tree.replace("zoo/cat.py", "LIVES = 9", "LIVES = 8"),
    "a touched file": lambda tree: os.utime(tree.root / "zoo/cat.py", ns=(1, 1)),
    "a new file": lambda tree: tree.write("new.py", ""),
    "a removed file": lambda tree: tree.remove("zoo/keeper.py"),
    "a project file that makes an import root": lambda tree: tree.write("zoo/pyproject.toml", ""),
    "a package around the tree": lambda tree: (tree.root / "__init__.py").write_text(""),
    "no database": lambda tree: tree.db.unlink(),
    "a database of something else": lambda tree: tree.db.write_bytes(b"no database"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_may_matter_is_looked_at(tree: ZooTree, change: Callable[[ZooTree], object]) -> None:
    """A run is not spared after any change of the tree or the file."""
    assert asked(tree) is not None
    change(tree)
    assert asked(tree) is None


def test_another_program_has_to_look(tree: ZooTree, monkeypatch: pytest.MonkeyPatch) -> None:
    """Code that is another, or not known, spares no run; a run with the other code makes it the known one."""
    monkeypatch.setattr(module, "program_code", lambda: None)
    assert asked(tree) is None
    monkeypatch.setattr(module, "program_code", lambda: b"another")
    assert asked(tree) is None
    tree.index()
    tree.reopen()
    assert asked(tree) is not None


def test_rows_of_code_that_is_not_known_spare_no_run(tree: ZooTree, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a run that wrote rows with code that nobody can tell, the code from before is not what they were made with."""
    monkeypatch.setattr(module, "program_code", lambda: None)
    tree.replace("zoo/cat.py", "LIVES = 9", "LIVES = 8")
    tree.index()
    tree.reopen()
    monkeypatch.setattr(module, "program_code", lambda: b"code")
    assert asked(tree) is None


def test_a_process_with_queries_has_code_of_its_own() -> None:
    """The process that runs the tests has loaded the queries, and may have put others in their place: the disk does not tell."""
    program_code.cache_clear()
    assert "lestockage.queries.rows" in sys.modules
    assert program_code() is None


def test_the_command_loads_neither_engine_nor_queries(tmp_path: Path) -> None:
    """The second of two commands, each in a process of its own, answers without them."""
    tree = ZooTree(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", SECOND_RUN, str(tree.db), str(tree.root)]
    first, second = (subprocess.run(command, capture_output=True, text=True, env=environment, check=True).stdout for _ in range(2))
    assert "lestockage.queries.rows" in first
    assert "nothing changed: executed 0, reused 0" in second
    assert second.splitlines()[-1] == "[]"
