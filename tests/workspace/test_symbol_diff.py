"""Symbol diff: revisions of a git tree compared, symbol by symbol, each content parsed once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage.errors import NoRepository, UnknownRevision
from lestockage.languages import symbol_changes
from lestockage.workspace import symbol_diff as module
from lestockage.workspace.symbol_diff import SymbolDiff, symbol_diff
from lestockage.workspace.workspace import Workspace
from tests.workspace.git_repository import Repository

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Return a repository with a package in two commits, `first` and `second`, and an edit since."""
    made = Repository(tmp_path / "repo")
    made.write("src/pkg/__init__.py", "")
    made.write("src/pkg/a.py", "def f(x): return x + 1\ndef g(x): return x + 2\n")
    made.write("src/pkg/same.py", "def same(): return 1\n")
    made.write("notes.txt", "one\n")
    made.commit()
    made.git("tag", "first")
    made.write("src/pkg/a.py", "def f(x): return x + 10\n")
    made.write("src/pkg/b.py", "def g(x): return x + 2\n")
    made.write("notes.txt", "two\n")
    made.commit()
    made.git("tag", "second")
    made.write("src/pkg/b.py", "def g(x, y): return x + 2\n")
    made.write("src/pkg/c.py", "def new(): return 3\n")
    (made.folder / "src/pkg/same.py").unlink()
    return made


def lines(found: SymbolDiff) -> list[str]:
    """Return the changes as short lines, without those that members account for."""
    shown = [change for change in found.changes if not change.is_from_members]
    return [f"{change.change} {(change.new or change.old).qualified_name}" for change in shown]  # type: ignore[union-attr]  # one is there


def test_two_revisions(repository: Repository) -> None:
    """What differs between two commits, names told from the tree as it was then, other files left alone."""
    found = symbol_diff(repository.folder, "first", "second")
    assert lines(found) == ["modified pkg.a.f", "added pkg.b", "moved pkg.b.g"]
    assert (found.files, found.new) == (2, repository.git("rev-parse", "second"))


def test_the_work_tree_against_the_last_commit(repository: Repository) -> None:
    """By default the work tree is compared with the last commit, files that git does not know included."""
    found = symbol_diff(repository.folder)
    assert lines(found) == ["modified pkg.b.g", "added pkg.c", "added pkg.c.new", "removed pkg.same", "removed pkg.same.same"]
    assert (found.old, found.new) == (repository.git("rev-parse", "HEAD"), None)


def test_only_what_lies_below_the_folder(repository: Repository) -> None:
    """A folder of the repository is compared by itself; a package's names begin with those of the packages around it."""
    repository.write("top.py", "x = 1\n")
    assert lines(symbol_diff(repository.folder / "src/pkg", "first", "second")) == ["modified pkg.a.f", "added pkg.b", "moved pkg.b.g"]


def test_no_content_is_parsed_twice(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the index or an earlier comparison has parsed is found in the database; only new contents are parsed, once."""
    parsed: list[bytes] = []

    def counting(source: bytes) -> object:
        parsed.append(source)
        return real(source)

    real = module.parse
    monkeypatch.setattr(module, "parse", counting)
    database = tmp_path / "index.db"
    with Workspace.open(database) as workspace:
        workspace.index(repository.folder)
    first = symbol_diff(repository.folder, database=database)
    assert len(parsed) == 2, "b.py and same.py as they were; what is in the work tree is indexed"
    parsed.clear()
    assert symbol_diff(repository.folder, database=database) == first
    assert parsed == []


def test_the_index_stays_in_step(repository: Repository, tmp_path: Path) -> None:
    """A comparison writes no table and does not look like an interrupted run: the next run of the index executes nothing."""
    database = tmp_path / "index.db"
    with Workspace.open(database) as workspace:
        workspace.index(repository.folder)
    symbol_diff(repository.folder, "first", database=database)
    with Workspace.open(database) as workspace:
        report = workspace.index(repository.folder)
    assert (report.executed, report.written) == ({}, 0)


def test_a_file_that_cannot_be_parsed_is_left_out(repository: Repository) -> None:
    """A file with a syntax error in one of the states is named, and none of its symbols counts as removed."""
    repository.write("src/pkg/b.py", "def g(:\n")
    found = symbol_diff(repository.folder)
    assert [failure.path for failure in found.failed] == ["src/pkg/b.py"]
    assert not any("pkg.b" in line for line in lines(found))


def test_a_file_that_cannot_be_read_is_left_out(repository: Repository) -> None:
    """A link that leads nowhere took a file's place: it is named."""
    (repository.folder / "src/pkg/b.py").unlink()
    (repository.folder / "src/pkg/b.py").symlink_to("b.py")
    assert [failure.path for failure in symbol_diff(repository.folder).failed] == ["src/pkg/b.py"]


def test_what_git_cannot_tell_is_refused(repository: Repository, tmp_path: Path) -> None:
    """A folder outside any repository and a revision that does not exist are typed errors."""
    (tmp_path / "plain").mkdir()
    with pytest.raises(NoRepository):
        symbol_diff(tmp_path / "plain")
    with pytest.raises(UnknownRevision):
        symbol_diff(repository.folder, "nonesuch")


def test_another_writer_costs_only_the_memory(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When another process writes to the database meanwhile, the answer is the same and nothing is kept."""
    database = tmp_path / "index.db"
    with Workspace.open(database) as workspace:
        workspace.index(repository.folder / "src/pkg")
    real = symbol_changes.changed_symbols

    def meanwhile(*states: list[symbol_changes.Module]) -> tuple[symbol_changes.SymbolChange, ...]:
        with Workspace.open(database) as other:
            other.index(repository.folder)
        return real(*states)

    monkeypatch.setattr(module, "changed_symbols", meanwhile)
    assert lines(symbol_diff(repository.folder, "first", "second", database=database)) == [
        "modified pkg.a.f",
        "added pkg.b",
        "moved pkg.b.g",
    ]
