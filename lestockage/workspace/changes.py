"""Changes: how a tree differs from what the last run saw, told by file status first and by content where the status differs."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, NamedTuple

from lestockage.errors import UnreadableSource
from lestockage.store.source_files import SourceFileRow
from lestockage.workspace.source_file import read_source
from lestockage.workspace.walk import FileStatus, Tree

if TYPE_CHECKING:
    from collections.abc import Callable

_CLOCK_STEP_NS = 20_000_000
"""A file system stamps files with a clock that moves in steps: a file changed later than this long ago may change again unseen."""


class Content(NamedTuple):
    """A file that was read: its digest, and the bytes."""

    digest: bytes
    source: bytes


class Changes(NamedTuple):
    """What differs from the last run.

    `contents` are files whose content is new; `rows` what to record of every file whose record changes; `removed` are paths that are gone;
    `unreadable` are files that are there and cannot be read, with the reason.
    """

    contents: dict[str, Content]
    rows: dict[str, SourceFileRow]
    removed: tuple[str, ...]
    unreadable: dict[str, str]

    @property
    def is_empty(self) -> bool:
        """Whether nothing has changed."""
        return not (self.contents or self.rows or self.removed or self.unreadable)


def looks_unchanged(tree: Tree, known: dict[str, SourceFileRow]) -> bool:
    """Tell whether a walked tree has the files of the last run, all of which looked and look the same; no file is read."""
    return len(known) == len(tree.files) and all(_looks_same(known.get(path), status) for path, status in tree.files.items())


def _looks_same(row: SourceFileRow | None, status: FileStatus) -> bool:
    """Tell whether a file that could be read at the last run has the status that it had."""
    return row is not None and (row.size, row.mtime_ns, row.inode) == status and row.digest is not None


def find_changes(tree: Tree, known: dict[str, SourceFileRow], read: Callable[[str, str], bytes] = read_source) -> Changes:
    """Compare a walked tree with the records of the last run, reading only files whose status differs."""
    from lestockage.queries.inputs import content_digest  # noqa: PLC0415  # with it comes the engine, which `looks_unchanged` needs not

    contents: dict[str, Content] = {}
    rows: dict[str, SourceFileRow] = {}
    unreadable: dict[str, str] = {}
    for path, status in tree.files.items():
        row = known.get(path)
        if _looks_same(row, status):
            continue
        try:
            found, source = _read(tree.root, path, status, read)
        except UnreadableSource as error:
            unreadable[path] = error.reason
            if row is None or row.failure != error.reason or row.digest is not None:
                rows[path] = SourceFileRow(path, *status, None, error.reason)
            continue
        digest = content_digest(source)
        if row is None or row.digest != digest:
            contents[path] = Content(digest, source)
            rows[path] = SourceFileRow(path, *found, digest, None)
        else:
            rows[path] = row._replace(size=found.size, mtime_ns=found.mtime_ns, inode=found.inode)
    hidden = tuple(failure.path for failure in tree.failures if failure.path.endswith("/"))
    removed = tuple(path for path in known if path not in tree.files and not path.startswith(hidden))
    return Changes(contents, rows, removed, unreadable)


def _read(root: str, path: str, status: FileStatus, read: Callable[[str, str], bytes]) -> tuple[FileStatus, bytes]:
    """A file's content with a status that belongs to it: read again while the file is being written."""
    while True:
        age = time.time_ns() - status.mtime_ns
        if 0 <= age < _CLOCK_STEP_NS:
            time.sleep((_CLOCK_STEP_NS - age) / 1e9)
        source = read(root, path)
        try:
            found = os.stat(os.path.join(root, path))
        except OSError as error:
            raise UnreadableSource(path, "it vanished while it was read") from error
        now = FileStatus(found.st_size, found.st_mtime_ns, found.st_ino)
        if now == status:
            return status, source
        status = now
