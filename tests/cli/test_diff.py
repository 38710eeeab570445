"""The command `diff`: what it prints for people and for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.workspace.git_repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Return a repository with one commit and edits since, which is the current folder."""
    made = Repository(tmp_path / "repo")
    made.write("a.py", "def f(x): return x + 1\ndef g(x): return x + 2\nclass C:\n    def m(self): return 3\n")
    made.write("b.py", "")
    made.commit()
    made.write("a.py", "def f(x, y): return x + 1\nclass C:\n    def m(self): return 4\n")
    made.write("b.py", "import os\ndef h(x): return x + 2\n")
    made.write("broken.py", "def (")
    monkeypatch.chdir(made.folder)
    monkeypatch.delenv("LESTOCKAGE_DB", raising=False)
    return made


def test_changes_are_listed(repository: Repository, run: Run) -> None:
    """One line a symbol: what happened, to what, from where to where; what cannot be compared is said on standard error."""
    ended = run("diff")
    assert ended.status == 0
    assert [line.split() for line in ended.out.splitlines()] == [
        ["modified", "function", "a.f", "(signature)", "a.py:1"],
        ["modified", "method", "a.C.m", "(body)", "a.py:3"],
        ["renamed", "function", "a.g", "->", "b.h", "b.py:2"],
    ]
    assert "broken.py is left out" in ended.err
    assert "3 symbols in 3 files differ between HEAD and the work tree." in ended.err


def test_changes_as_json(repository: Repository, run: Run) -> None:
    """One object with the commits, every change with both places, and the files that failed."""
    repository.git("add", "a.py", "b.py")
    repository.commit()
    said = json.loads(run("diff", "HEAD~1", "HEAD", "--json").out)
    assert (said["old"], said["new"]) == (repository.git("rev-parse", "HEAD~1"), repository.git("rev-parse", "HEAD"))
    (renamed,) = [change for change in said["changes"] if change["change"] == "renamed"]
    assert renamed == {
        "change": "renamed",
        "kind": "function",
        "old": {"path": "a.py", "qualified_name": "a.g", "ordinal": 0, "line": 2},
        "new": {"path": "b.py", "qualified_name": "b.h", "ordinal": 0, "line": 2},
        "parts": [],
        "is_from_members": False,
    }
    assert [failure["path"] for failure in said["failed"]] == ["broken.py"]


def test_a_repeated_definition_is_numbered(repository: Repository, run: Run) -> None:
    """The second definition of a name shows its number."""
    repository.write("b.py", "def f(): return 1\ndef f(): return 2\n")
    assert "b.f #2" in run("diff", "--path", ".").out


def test_an_unknown_revision_is_an_error(repository: Repository, run: Run) -> None:
    """A revision that does not exist ends with status 2 and says which."""
    ended = run("diff", "nonesuch")
    assert (ended.status, ended.out) == (2, "")
    assert "nonesuch" in ended.err
