"""Walk: which files of a tree are taken, which are left out, which are reported."""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from lestockage.errors import PathNotFound, UnreadableSource
from lestockage.workspace.walk import FileStatus, walk
from tests.workspace.planting import plant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def test_python_files_and_stubs_are_taken(tmp_path: Path) -> None:
    """Files named `*.py` and `*.pyi` are taken at every depth, others are not."""
    plant(tmp_path, "a.py", "b.pyi", "deep/er/c.py", "d.txt", "e.pyc", "py", "f.py.bak")
    assert list(walk(tmp_path).files) == ["a.py", "b.pyi", "deep/er/c.py"]


def test_paths_are_sorted(tmp_path: Path) -> None:
    """Files come in the order of their paths, whatever order the file system lists them in."""
    plant(tmp_path, "z.py", "a/b.py", "a.py", "m/n.py")
    assert list(walk(tmp_path).files) == ["a.py", "a/b.py", "m/n.py", "z.py"]


def test_status_is_that_of_the_file(tmp_path: Path) -> None:
    """A file comes with its size in bytes, its time of change in nanoseconds, and its inode."""
    plant(tmp_path, **{"a.py": "x = 1\n"})
    status = (tmp_path / "a.py").stat()
    assert walk(tmp_path).files["a.py"] == FileStatus(6, status.st_mtime_ns, status.st_ino)


@pytest.mark.parametrize("folder", [".git", ".hg", ".svn", ".jj", ".lestockage", "__pycache__"])
def test_bookkeeping_folders_are_skipped(tmp_path: Path, folder: str) -> None:
    """What version control, Python and this package keep for themselves is never source, at any depth."""
    plant(tmp_path, f"{folder}/a.py", f"sub/{folder}/b.py", "c.py")
    assert list(walk(tmp_path).files) == ["c.py"]


def test_virtual_environments_are_skipped(tmp_path: Path) -> None:
    """A folder with a `pyvenv.cfg` is an environment, whatever its name."""
    plant(tmp_path, "env/pyvenv.cfg", "env/a.py", "env/lib/b.py", "c.py")
    assert list(walk(tmp_path).files) == ["c.py"]


def test_an_environment_named_by_the_caller_is_walked(tmp_path: Path) -> None:
    """Who names a virtual environment wants it."""
    plant(tmp_path, "pyvenv.cfg", "a.py", ".git/b.py")
    assert list(walk(tmp_path).files) == ["a.py"]


def test_a_folder_named_like_a_file_is_entered(tmp_path: Path) -> None:
    """A folder called `name.py` is a folder."""
    plant(tmp_path, "odd.py/a.py")
    assert list(walk(tmp_path).files) == ["odd.py/a.py"]


def test_a_single_file_is_its_own_tree(tmp_path: Path) -> None:
    """A path that is a file gives that file alone, relative to its folder, even when ignored and whatever its name."""
    plant(tmp_path, "tool", "other.py", **{".gitignore": "tool\n"})
    tree = walk(tmp_path / "tool")
    assert (tree.root, list(tree.files)) == (str(tmp_path), ["tool"])


def test_an_empty_folder_has_no_files(tmp_path: Path) -> None:
    """Nothing found is no failure."""
    assert walk(tmp_path) == (str(tmp_path), {}, (), ())


def test_the_root_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path is told from the current folder, and the tree remembers where that was."""
    plant(tmp_path, "sub/a.py")
    monkeypatch.chdir(tmp_path)
    assert walk("sub").root == str(tmp_path / "sub")


def test_project_files_are_told(tmp_path: Path) -> None:
    """`pyproject.toml` and `setup.cfg` are listed, for they tell where module names begin."""
    plant(tmp_path, "pyproject.toml", "libs/one/setup.cfg", "a.py", "setup.py")
    tree = walk(tmp_path)
    assert (tree.project_files, list(tree.files)) == (("libs/one/setup.cfg", "pyproject.toml"), ["a.py", "setup.py"])


# -- symbolic links ----------------------------------------------------------------------------------------------------------------


def test_a_link_to_a_file_of_the_tree_is_no_second_file(tmp_path: Path) -> None:
    """A file that is found under its own name is not taken again under a link's."""
    plant(tmp_path, "z/real.py")
    (tmp_path / "alias.py").symlink_to("z/real.py")
    assert list(walk(tmp_path).files) == ["z/real.py"]


def test_a_link_out_of_the_tree_is_taken_once(tmp_path: Path) -> None:
    """Of several links to one file elsewhere, the first by path is taken, with the status of what it leads to."""
    plant(tmp_path, "tree/x.py", **{"elsewhere/real.py": "pass\n"})
    for name in ("b.py", "a.py", "c.py"):
        (tmp_path / "tree" / name).symlink_to("../elsewhere/real.py")
    files = walk(tmp_path / "tree").files
    assert (list(files), files["a.py"].size) == (["a.py", "x.py"], 5)


def test_a_link_to_a_skipped_file_is_taken(tmp_path: Path) -> None:
    """A file that is left out under its own name is found through a link that is not."""
    plant(tmp_path, "build/made.py", **{".gitignore": "build/\n"})
    (tmp_path / "made.py").symlink_to("build/made.py")
    assert list(walk(tmp_path).files) == ["made.py"]


def test_a_tree_reached_through_a_link_knows_its_own_files(tmp_path: Path) -> None:
    """Links are told apart from their targets also when the root itself is a link."""
    plant(tmp_path, "tree/real.py")
    (tmp_path / "tree" / "alias.py").symlink_to("real.py")
    (tmp_path / "entry").symlink_to("tree")
    tree = walk(tmp_path / "entry")
    assert (tree.root, list(tree.files)) == (str(tmp_path / "entry"), ["real.py"])


def test_a_loop_of_folders_ends(tmp_path: Path) -> None:
    """A linked folder is not entered, so a loop neither hangs nor repeats."""
    plant(tmp_path, "a/b/c.py")
    (tmp_path / "a" / "b" / "up").symlink_to("../..")
    (tmp_path / "a" / "looks.py").symlink_to("..")
    tree = walk(tmp_path)
    assert (list(tree.files), tree.failures) == (["a/b/c.py"], ())


def test_a_loop_of_file_links_is_reported(tmp_path: Path) -> None:
    """Links that lead to each other are a failure of each, and no more."""
    plant(tmp_path, "c.py")
    (tmp_path / "a.py").symlink_to("b.py")
    (tmp_path / "b.py").symlink_to("a.py")
    tree = walk(tmp_path)
    assert list(tree.files) == ["c.py"]
    assert tree.failures == (("a.py", "its symbolic link leads back to itself"), ("b.py", "its symbolic link leads back to itself"))


def test_a_dangling_link_is_reported(tmp_path: Path) -> None:
    """A link to nothing is a failure."""
    (tmp_path / "a.py").symlink_to("gone.py")
    assert walk(tmp_path).failures == (("a.py", "its symbolic link leads nowhere"),)


def test_an_editor_s_lock_is_no_failure(tmp_path: Path) -> None:
    """Emacs leaves a dangling link beside a file that is being edited; that is not worth a word."""
    (tmp_path / ".#a.py").symlink_to("someone@host.123")
    assert walk(tmp_path) == (str(tmp_path), {}, (), ())


def test_a_link_to_a_pipe_is_reported(tmp_path: Path) -> None:
    """A link that leads to what cannot be read as a file is a failure."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "a.py").symlink_to("pipe")
    assert walk(tmp_path).failures == (("a.py", "it is no regular file"),)


# -- what cannot be read -----------------------------------------------------------------------------------------------------------


def test_pipes_and_sockets_are_reported(tmp_path: Path) -> None:
    """A pipe named like a source file would block its reader: it is reported instead."""
    os.mkfifo(tmp_path / "pipe.py")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(os.path.relpath(tmp_path / "socket.py"))
        assert walk(tmp_path).failures == (("pipe.py", "it is no regular file"), ("socket.py", "it is no regular file"))


def test_an_unreadable_folder_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that may not be listed is a failure with a slash at its end, and the rest is walked."""
    plant(tmp_path, "closed/a.py", "open/b.py")
    _refuse(monkeypatch, "scandir", lambda path: path.endswith("closed/"), PermissionError(13, "Permission denied"))
    tree = walk(tmp_path)
    assert (list(tree.files), tree.failures) == (["open/b.py"], (("closed/", "permission denied"),))


def test_an_unreadable_root_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the root cannot be listed all is unknown, which must not pass for an empty tree."""
    _refuse(monkeypatch, "scandir", lambda _path: True, OSError(5, "Input/output error"))
    with pytest.raises(UnreadableSource, match="input/output error"):
        walk(tmp_path)


def test_a_folder_that_vanishes_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder removed between being found and being listed is a failure."""
    plant(tmp_path, "going/a.py")
    _refuse(monkeypatch, "scandir", lambda path: path.endswith("going/"), FileNotFoundError(2, "No such file or directory"))
    assert walk(tmp_path).failures == (("going/", "it vanished before it could be read"),)


def test_a_file_that_vanishes_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file removed between the listing and the look at its status is a failure, and the rest is taken."""
    plant(tmp_path, "a.py", "b.py")
    scandir = os.scandir

    @contextmanager
    def listed_then_removed(path: str) -> Iterator[list[os.DirEntry[str]]]:
        with scandir(path) as listing:
            entries = list(listing)
        (tmp_path / "a.py").unlink()
        yield entries

    monkeypatch.setattr(os, "scandir", listed_then_removed)
    tree = walk(tmp_path)
    assert (list(tree.files), tree.failures) == (["b.py"], (("a.py", "it vanished before it could be read"),))


def test_names_that_are_no_utf8_are_reported(tmp_path: Path) -> None:
    """A file or folder whose name is no UTF-8 is a failure that can be printed, and what is beside it is taken."""
    for name in (b"caf\xe9.py", b"d\xff/a.py", "né/ü.py".encode()):
        path = os.path.join(os.fsencode(tmp_path), name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb"):
            pass
    tree = walk(tmp_path)
    assert (list(tree.files), tree.failures) == (
        ["né/ü.py"],
        (("caf\\xe9.py", "its name is not valid UTF-8"), ("d\\xff/", "its name is not valid UTF-8")),
    )


def test_a_path_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """Nothing at the path is an error, not an empty tree."""
    with pytest.raises(PathNotFound, match="nowhere"):
        walk(tmp_path / "nowhere")


def test_a_path_below_a_file_is_refused(tmp_path: Path) -> None:
    """A path that goes through a file leads nowhere."""
    plant(tmp_path, "a.py")
    with pytest.raises(PathNotFound):
        walk(tmp_path / "a.py" / "b.py")


def test_a_root_that_leads_to_itself_is_refused(tmp_path: Path) -> None:
    """A link to itself as the root is an error that says so."""
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(UnreadableSource, match="leads back to itself"):
        walk(tmp_path / "loop")


def test_a_root_that_is_a_pipe_is_refused(tmp_path: Path) -> None:
    """A root that is neither file nor folder is an error."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadableSource, match="neither a file nor a folder"):
        walk(tmp_path / "pipe")


@pytest.mark.parametrize("name", ["a\0b", "\ud800"])
def test_a_root_that_cannot_be_a_path_is_refused(tmp_path: Path, name: str) -> None:
    """A root with a NUL or a lone surrogate in it is an error like the others."""
    with pytest.raises(UnreadableSource):
        walk(os.path.join(tmp_path, name))


def test_a_root_whose_name_is_no_utf8_is_refused(tmp_path: Path) -> None:
    """The root is stored as text, so its name must be text."""
    path = os.path.join(os.fsencode(tmp_path), b"caf\xe9")
    os.mkdir(path)
    with pytest.raises(UnreadableSource, match=r"caf\\xe9 cannot be read: its name is not valid UTF-8"):
        walk(os.fsdecode(path))


def _refuse(monkeypatch: pytest.MonkeyPatch, operation: str, chosen: Callable[[str], bool], error: OSError) -> None:
    """Make an operation of `os` fail for chosen paths, as permissions would for a user who is not root."""
    real = getattr(os, operation)

    def refusing(path: str, *rest: object) -> object:
        if chosen(path):
            raise error
        return real(path, *rest)

    monkeypatch.setattr(os, operation, refusing)
