"""Ignore rules: which `.gitignore` files count, and how they add up along a tree."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from lestockage.workspace.walk import walk
from tests.workspace.planting import plant

if TYPE_CHECKING:
    from pathlib import Path


def taken(folder: Path) -> list[str]:
    """Return the paths a walk takes."""
    return list(walk(folder).files)


def test_files_and_folders_are_left_out(tmp_path: Path) -> None:
    """A name leaves out files and folders of that name at every depth, with all that is below."""
    plant(tmp_path, "gone.py", "sub/gone.py", "sub/gone/a.py", "kept.py", **{".gitignore": "gone\ngone.py\n"})
    assert taken(tmp_path) == ["kept.py"]


def test_a_slash_at_the_end_means_folders_only(tmp_path: Path) -> None:
    """A pattern that ends in a slash leaves a file of that name in."""
    plant(tmp_path, "sub/gone.py/a.py", "gone.py", **{".gitignore": "gone.py/\n"})
    assert taken(tmp_path) == ["gone.py"]


def test_a_slash_elsewhere_ties_a_pattern_to_its_folder(tmp_path: Path) -> None:
    """A pattern with a slash counts from the folder of its ignore file."""
    plant(tmp_path, "a.py", "sub/a.py", "sub/b/c.py", "b/c.py", **{".gitignore": "/a.py\nb/c.py\n"})
    assert taken(tmp_path) == ["sub/a.py", "sub/b/c.py"]


def test_a_nearer_file_decides(tmp_path: Path) -> None:
    """An ignore file in a subfolder overrules those above it, for what is below."""
    plant(tmp_path, "a.py", "sub/a.py", **{".gitignore": "*.py\n", "sub/.gitignore": "!a.py\n"})
    assert taken(tmp_path) == ["sub/a.py"]


def test_a_nearer_file_counts_from_its_own_folder(tmp_path: Path) -> None:
    """A tied pattern in a subfolder is tied to that subfolder."""
    plant(tmp_path, "a.py", "sub/a.py", "sub/in/a.py", **{"sub/.gitignore": "/a.py\n"})
    assert taken(tmp_path) == ["a.py", "sub/in/a.py"]


def test_the_last_line_that_matches_decides(tmp_path: Path) -> None:
    """A later line brings back what an earlier one left out."""
    plant(tmp_path, "a.py", "b.py", **{".gitignore": "*.py\n!a.py\n"})
    assert taken(tmp_path) == ["a.py"]


def test_nothing_comes_back_from_a_folder_left_out(tmp_path: Path) -> None:
    """A folder left out is never entered, so no line can bring back what is in it."""
    plant(tmp_path, "sub/a.py", **{".gitignore": "sub/\n!sub/a.py\n"})
    assert taken(tmp_path) == []


def test_the_rules_of_the_checkout_reach_a_subfolder(tmp_path: Path) -> None:
    """Walking a subfolder of a git checkout, the ignore files from the checkout's root down count, tied patterns too."""
    plant(tmp_path, ".git/HEAD", "x/y/a.py", "x/y/b.py", "x/y/c.py", **{".gitignore": "x/y/a.py\n", "x/.gitignore": "b.py\n"})
    assert taken(tmp_path / "x" / "y") == ["c.py"]


def test_outside_a_checkout_nothing_above_counts(tmp_path: Path) -> None:
    """Without a checkout an ignore file above the tree is somebody else's."""
    plant(tmp_path, "x/a.py", **{".gitignore": "a.py\n"})
    assert taken(tmp_path / "x") == ["a.py"]


def test_an_ignored_folder_named_by_the_caller_is_walked(tmp_path: Path) -> None:
    """Who names a folder that is ignored wants it: the rules above it are dropped, its own count."""
    plant(tmp_path, ".git/HEAD", "env/lib/a.py", "env/lib/b.py", **{".gitignore": "env/\na.py\n", "env/lib/.gitignore": "b.py\n"})
    assert taken(tmp_path / "env" / "lib") == ["a.py"]


def test_a_worktree_is_a_checkout(tmp_path: Path) -> None:
    """In a linked worktree `.git` is a file, and the checkout begins there all the same."""
    plant(tmp_path, "w/x/a.py", "w/x/b.py", **{"w/.git": "gitdir: elsewhere\n", "w/.gitignore": "a.py\n", ".gitignore": "b.py\n"})
    assert taken(tmp_path / "w" / "x") == ["b.py"]


def test_an_unreadable_ignore_file_is_reported(tmp_path: Path) -> None:
    """An ignore file that cannot be read is a failure, and the walk goes on without it."""
    plant(tmp_path, "a.py")
    os.mkfifo(tmp_path / ".gitignore")
    tree = walk(tmp_path)
    assert (list(tree.files), tree.failures) == (["a.py"], ((".gitignore", "it is no regular file"),))


def test_an_unreadable_ignore_file_above_is_passed_over(tmp_path: Path) -> None:
    """An ignore file above the tree that cannot be read is not the tree's failure."""
    plant(tmp_path, ".git/HEAD", "x/a.py", ".gitignore/folder")
    tree = walk(tmp_path / "x")
    assert (list(tree.files), tree.failures) == (["a.py"], ())


def test_a_byte_order_mark_and_dos_line_ends_are_no_part_of_a_pattern(tmp_path: Path) -> None:
    """Ignore files written on other systems mean what they say."""
    plant(tmp_path, "a.py", "b.py", "c.py")
    (tmp_path / ".gitignore").write_bytes(b"\xef\xbb\xbfa.py\r\nb.py\r\n")
    assert taken(tmp_path) == ["c.py"]


def test_a_pattern_that_is_no_utf8_matches_the_name_it_was_written_for(tmp_path: Path) -> None:
    """Names and patterns carry bytes that are no UTF-8 in the same way, so an ignored name is not reported either."""
    with open(os.path.join(os.fsencode(tmp_path), b"caf\xe9.py"), "wb"):
        pass
    (tmp_path / ".gitignore").write_bytes(b"caf\xe9.py\n")
    assert walk(tmp_path) == (str(tmp_path), {}, (), ())


def test_a_hostile_pattern_takes_no_time(tmp_path: Path) -> None:
    """A pattern of many stars ends at once: a run after a star is never tried twice."""
    plant(tmp_path, "a" * 120 + ".py", **{".gitignore": "*a" * 60 + "*b.py\n"})
    assert len(taken(tmp_path)) == 1


def test_no_pattern_library_is_imported(tmp_path: Path) -> None:
    """A walk under ignore rules imports no `pathspec`: that alone would cost a quarter of an unchanged run."""
    plant(tmp_path, "a.py", **{".gitignore": "*.so\n[ab].txt\n**/x/*.pyi\n"})
    before = set(sys.modules)
    walk(tmp_path)
    assert not {name for name in set(sys.modules) - before if name.partition(".")[0] != "re"}


@pytest.mark.parametrize("line", ["", "#a.py", "/", "!", "   ", "a.py\\"])
def test_lines_that_say_nothing(tmp_path: Path, line: str) -> None:
    """Blank lines, comments and unfinished patterns leave everything in."""
    plant(tmp_path, "a.py", **{".gitignore": line + "\n"})
    assert taken(tmp_path) == ["a.py"]
