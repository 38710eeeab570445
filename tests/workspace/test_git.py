"""Git: what is read of a repository, whatever the names of its files and revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage.errors import GitFailure, NoRepository, UnknownRevision
from lestockage.workspace.git import ChangedFile, GitTree
from tests.workspace.git_repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

ODD = 'sub/ö "quoted"\tname.py'


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Return a repository with two commits, a folder in it, and names that git would quote."""
    made = Repository(tmp_path / "repo")
    made.write("top.py", "one\n")
    made.write("sub/a.py", "a = 1\n")
    made.write(ODD, "odd\n")
    made.commit()
    made.git("tag", "first")
    made.write("sub/a.py", "a = 2\n")
    made.write("sub/b.py", "b = 1\n")
    made.commit()
    return made


def test_changes_since_a_revision(repository: Repository) -> None:
    """Edits, additions, deletions and files git does not know, each under its path, ignored files left out."""
    repository.write(".gitignore", "*.log\n")
    repository.write("x.log", "")
    repository.write("new.py", "")
    (repository.folder / ODD).unlink()
    tree = GitTree.open(repository.folder)
    assert tree.changes_since("first") == [
        ChangedFile(".gitignore", "added"),
        ChangedFile("new.py", "added"),
        ChangedFile("sub/a.py", "modified"),
        ChangedFile("sub/b.py", "added"),
        ChangedFile(ODD, "deleted"),
    ]
    assert tree.changes_between("first", "HEAD") == [ChangedFile("sub/a.py", "modified"), ChangedFile("sub/b.py", "added")]


def test_a_folder_sees_only_what_is_below_it(repository: Repository) -> None:
    """Paths are relative to the folder that was opened."""
    repository.write("top.py", "two\n")
    repository.write("sub/new.py", "")
    tree = GitTree.open(repository.folder / "sub")
    assert [change.path for change in tree.changes_since("first")] == ["a.py", "b.py", "new.py"]
    assert sorted(tree.files("first")) == ["a.py", ODD.removeprefix("sub/")]
    assert tree.content("a.py", "first") == b"a = 1\n"
    assert tree.content("none.py", "first") is None


def test_contents_come_in_the_order_asked_for(repository: Repository) -> None:
    """Many contents are read through one process; bytes arrive as they are."""
    repository.write("empty.py", "")
    repository.write("crlf.py", "a\r\n\x00b")
    repository.commit()
    tree = GitTree.open(repository.folder)
    files = tree.files()
    order = ["crlf.py", "empty.py", ODD, "crlf.py"]
    assert list(tree.contents(files[path] for path in order)) == [b"a\r\n\x00b", b"", b"odd\n", b"a\r\n\x00b"]
    with pytest.raises(GitFailure, match="is no file's content"):
        list(tree.contents(["0" * 40]))


def test_links_are_no_files(repository: Repository) -> None:
    """A symbolic link's target is not taken for source."""
    (repository.folder / "link.py").symlink_to("top.py")
    repository.commit()
    assert "link.py" not in GitTree.open(repository.folder).files()


def test_commits_between_revisions(repository: Repository) -> None:
    """The commits after one, up to another, oldest first."""
    tree = GitTree.open(repository.folder)
    third = repository.commit()
    assert tree.commits("first") == [tree.commit_id("HEAD~1"), third]
    assert tree.commits("HEAD", "first") == []


def test_clean_or_not(repository: Repository) -> None:
    """A file that is new makes a tree unclean, one outside the folder does not."""
    assert GitTree.open(repository.folder).is_clean()
    repository.write("new.py", "")
    assert not GitTree.open(repository.folder).is_clean()
    assert GitTree.open(repository.folder / "sub").is_clean()


@pytest.mark.parametrize("name", ["nowhere", "--help", "-", "", "HEAD^{tree}", "a\0b"])
def test_an_unknown_revision_is_named(repository: Repository, name: str) -> None:
    """Whatever is no commit is refused by name, options among it."""
    with pytest.raises(UnknownRevision) as refused:
        GitTree.open(repository.folder).changes_since(name)
    assert refused.value.revision == name


def test_a_folder_without_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said so, as it is when git is not there."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    with pytest.raises(NoRepository, match="not a git repository"):
        GitTree.open(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoRepository, match="is it installed"):
        GitTree.open(tmp_path)


def test_a_hook_s_environment_is_not_believed(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `git commit` tells its hooks of its own repository does not lead to that one."""
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    assert GitTree.open(repository.folder).commit_id("first")
