"""Walk: which Python files a tree holds, and the file status that tells an unchanged one without reading it.

Taken: regular files named `*.py` or `*.pyi`. Left out: what `.gitignore` files leave out, `.git` and its like, `.lestockage`,
`__pycache__`, and virtual environments (a folder with a `pyvenv.cfg`). What cannot be read is reported and never fatal.

Symbolic links: a linked file is taken once, and only if its target is not taken under a name of its own; of several links to one file the
first by path is taken. A linked folder is not entered: inside the tree it is walked under its own name, outside it is another tree.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, NamedTuple

from lestockage.errors import PathNotFound, UnreadableSource
from lestockage.workspace.ignore import IGNORE_FILE, SUFFIXES, IgnoreRules, is_ignored, rules_above
from lestockage.workspace.source_file import NO_PATH, printable, read_source, reason

if TYPE_CHECKING:
    from collections.abc import Iterable

SKIPPED_FOLDERS = frozenset({".git", ".hg", ".svn", ".jj", ".lestockage", "__pycache__"})
PROJECT_FILES = frozenset({"pyproject.toml", "setup.cfg"})
"""Files that mark the folder of a project; `setup.py` is one too, and is found as a source file."""
ENVIRONMENT_FILE = "pyvenv.cfg"
EDITOR_LOCK = ".#"  # Emacs: a dangling link beside a file that is being edited
_NO_FILE = "it is no regular file"
_NO_UTF8 = "its name is not valid UTF-8"


class FileStatus(NamedTuple):
    """What tells that a file's content is what it was: its size in bytes, its time of change in nanoseconds, and its inode's number."""

    size: int
    mtime_ns: int
    inode: int


class Failure(NamedTuple):
    """A file or folder that could not be read, and why; a folder's path ends with a slash, and what is below it is unknown."""

    path: str
    reason: str


class Tree(NamedTuple):
    """What a walk found; paths are relative to `root` with slashes, sorted."""

    root: str
    """Absolute path of the folder that was walked; of the file's folder, where a single file was named."""
    files: dict[str, FileStatus]
    project_files: tuple[str, ...]
    """`pyproject.toml` and the like, which help to tell where module names begin."""
    failures: tuple[Failure, ...]


def tree_of(root: str, paths: Iterable[str]) -> Tree:
    """Return the files of some paths as a tree, without those that are gone: what is installed in a folder beside much else."""
    files: dict[str, FileStatus] = {}
    failures: list[Failure] = []
    for path in paths:
        try:
            status = os.stat(os.path.join(root, path))
        except FileNotFoundError:
            continue
        except OSError as error:
            failures.append(Failure(path, reason(error)))
            continue
        if stat.S_ISREG(status.st_mode):
            files[path] = FileStatus(status.st_size, status.st_mtime_ns, status.st_ino)
    return Tree(root, files, (), tuple(failures))


def walk(path: str | os.PathLike[str]) -> Tree:
    """Return the Python files at `path`: a folder, or a single file, which is taken whatever its name and whatever ignores it.

    Raises:
        PathNotFound: nothing is there.
        UnreadableSource: it is neither file nor folder, may not be listed, or its name is no valid UTF-8.
    """
    root = os.path.abspath(path)
    try:
        status = os.stat(root)
    except (FileNotFoundError, NotADirectoryError):
        raise PathNotFound(printable(root)) from None
    except OSError as error:
        raise UnreadableSource(printable(root), reason(error)) from error
    except ValueError as error:  # a NUL or a lone surrogate in the name
        raise UnreadableSource(printable(root), NO_PATH) from error
    if not root.isprintable() and printable(root) != root:
        raise UnreadableSource(printable(root), _NO_UTF8)
    if stat.S_ISREG(status.st_mode):
        folder, name = os.path.split(root)
        return Tree(folder, {name: _of(status)}, (), ())
    if not stat.S_ISDIR(status.st_mode):
        raise UnreadableSource(root, "it is neither a file nor a folder")
    return _Walk(root).tree()


def _of(status: os.stat_result) -> FileStatus:
    return FileStatus(status.st_size, status.st_mtime_ns, status.st_ino)


class _Walk:
    """One walk under way: what it has found, and the folders still to be listed."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.files: dict[str, FileStatus] = {}
        self.links: list[str] = []
        self.project_files: list[str] = []
        self.failures: list[Failure] = []
        rules, self.outer = rules_above(root)
        self.folders: list[tuple[str, IgnoreRules]] = [("", rules)]

    def tree(self) -> Tree:
        """List folder after folder, then follow the links, which need to know what was found under its own name."""
        while self.folders:
            prefix, rules = self.folders.pop()
            try:
                with os.scandir(os.path.join(self.root, prefix)) as listing:
                    entries = list(listing)
            except OSError as error:
                if not prefix:
                    raise UnreadableSource(self.root, reason(error)) from error
                self._fail(prefix, reason(error))
                continue
            names = {entry.name for entry in entries}
            if ENVIRONMENT_FILE in names and prefix:
                continue
            if IGNORE_FILE in names:
                rules = self._with_ignore_file(rules, prefix)
            self._take(entries, prefix, rules)
        self._follow_links()
        return Tree(self.root, dict(sorted(self.files.items())), tuple(sorted(self.project_files)), tuple(sorted(self.failures)))

    def _take(self, entries: Iterable[os.DirEntry[str]], prefix: str, rules: IgnoreRules) -> None:
        """Sort one folder's entries into files, links, folders and what is none of our business."""
        file_rules, folder_rules, outer = rules.files, rules.folders, self.outer
        files, folders = self.files, self.folders
        for entry in entries:
            name = entry.name
            if name.endswith(SUFFIXES) and not entry.is_dir(follow_symlinks=False):
                path = prefix + name
                if (file_rules and is_ignored(file_rules, outer + path, name)) or name.startswith(EDITOR_LOCK):
                    continue
                if not name.isascii() and not is_utf8(name):
                    self._fail(path, _NO_UTF8)
                elif entry.is_file(follow_symlinks=False):
                    try:
                        status = entry.stat(follow_symlinks=False)
                    except OSError as error:
                        self._fail(path, reason(error))
                        continue
                    files[path] = _of(status)
                elif entry.is_symlink():
                    self.links.append(path)
                else:
                    self._fail(path, _NO_FILE)
            elif name in PROJECT_FILES:
                self.project_files.append(prefix + name)
            elif entry.is_dir(follow_symlinks=False) and name not in SKIPPED_FOLDERS:
                path = prefix + name
                if folder_rules and is_ignored(folder_rules, outer + path, name):
                    continue
                if not name.isascii() and not is_utf8(name):
                    self._fail(path + "/", _NO_UTF8)
                    continue
                folders.append((path + "/", rules))

    def _with_ignore_file(self, rules: IgnoreRules, prefix: str) -> IgnoreRules:
        """Return the rules with those of this folder's own ignore file in front; one that cannot be read is reported and passed over."""
        try:
            content = read_source(self.root, prefix + IGNORE_FILE)
        except UnreadableSource as error:
            self._fail(prefix + IGNORE_FILE, error.reason)
            return rules
        return rules.with_file(content, len(self.outer + prefix))

    def _follow_links(self) -> None:
        """Take each linked file that is not taken yet; what a link leads to is told by its real path."""
        if not self.links:
            return
        real_root = os.path.join(os.path.realpath(self.root), "")
        taken: set[str] = set()
        for path in sorted(self.links):
            try:
                target = os.path.realpath(os.path.join(self.root, path), strict=True)
                status = os.stat(target)
            except OSError as error:
                self._fail(path, "its symbolic link leads nowhere" if isinstance(error, FileNotFoundError) else reason(error))
                continue
            if target in taken or target.removeprefix(real_root) in self.files:
                continue
            taken.add(target)
            if stat.S_ISREG(status.st_mode):
                self.files[path] = _of(status)
            elif not stat.S_ISDIR(status.st_mode):
                self._fail(path, _NO_FILE)

    def _fail(self, path: str, why: str) -> None:
        self.failures.append(Failure(printable(path), why))


def is_utf8(name: str) -> bool:
    """Tell whether a name holds no byte that is no UTF-8 (`os.scandir` carries such bytes as lone surrogates)."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
