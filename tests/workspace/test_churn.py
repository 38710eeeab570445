"""Churn: commits, lines and authors of each file, through renames, in a folder of a repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.analytics import FileChurn
from lestockage.workspace.churn import git_churn
from tests.workspace.git_repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

LONG = "".join(f"line {number}\n" for number in range(30))
NEW_YEAR_2024 = 1_704_067_200_000


def repository(folder: Path) -> Repository:
    """Return a repository whose package has seen an edit, a rename with an edit, a binary file and strange names."""
    made = Repository(folder)
    made.write("pkg/old.py", LONG)
    made.write("pkg/tab\t1\nü.py", "x\n")
    made.write("other/elsewhere.py", "x\n")
    made.commit()
    made.write("pkg/old.py", LONG + "more\n")
    made.git("add", "--all")
    made.git("commit", "--quiet", "--author=B <b@b.c>", "-m", "edit")
    made.git("mv", "pkg/old.py", "pkg/new.py")
    made.write("pkg/new.py", LONG.replace("line 3\n", "line three\n") + "more\n")
    (folder / "pkg" / "data.bin").write_bytes(bytes(range(256)) * 4)
    made.commit()
    return made


def test_files_are_counted_under_their_present_names(tmp_path: Path) -> None:
    """A renamed file has the changes of its former name; files outside the folder are none of it."""
    repository(tmp_path)
    assert git_churn()(str(tmp_path / "pkg")) == {
        "new.py": FileChurn(commits=3, added=32, deleted=1, authors=2, last_commit=NEW_YEAR_2024),
        "tab\t1\nü.py": FileChurn(commits=1, added=1, deleted=0, authors=1, last_commit=NEW_YEAR_2024),
        "data.bin": FileChurn(commits=1, added=0, deleted=0, authors=1, last_commit=NEW_YEAR_2024),
    }


def test_only_the_last_commits_count(tmp_path: Path) -> None:
    """A limit leaves out what is older."""
    repository(tmp_path)
    assert {path: churn.commits for path, churn in git_churn(2)(str(tmp_path / "pkg")).items()} == {"new.py": 2, "data.bin": 1}


def test_merges_are_left_out(tmp_path: Path) -> None:
    """What was merged counts once, where it was written."""
    made = Repository(tmp_path)
    made.write("a.py", "a\n")
    made.commit()
    made.git("checkout", "--quiet", "-b", "side")
    made.write("b.py", "b\n")
    made.commit()
    made.git("checkout", "--quiet", "main")
    made.write("a.py", "aa\n")
    made.commit()
    made.git("merge", "--quiet", "--no-ff", "-m", "merge", "side")
    assert {path: churn.commits for path, churn in git_churn()(str(tmp_path)).items()} == {"a.py": 2, "b.py": 1}


def test_nothing_is_known_without_a_history(tmp_path: Path) -> None:
    """A folder in no repository, one that is not there, and a repository without commits have no churn."""
    Repository(tmp_path / "new")
    (tmp_path / "plain").mkdir()
    assert [git_churn()(str(tmp_path / name)) for name in ("new", "plain", "none")] == [{}, {}, {}]
