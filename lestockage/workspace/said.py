"""Said: what the units of a project's files mention, as the files are now; a file is parsed once for each content that it has had."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from lestockage.engine.task import Content
from lestockage.errors import MissingIndex, StoreError, UnreadableSource
from lestockage.languages.python.mentions import mentions
from lestockage.queries.inputs import content_digest
from lestockage.queries.mentioned import mentioned
from lestockage.store.source_files import load_source_files
from lestockage.workspace.source_file import read_source
from lestockage.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.languages.python.mentions import Mentions
    from lestockage.store.connection import StoreFile
    from lestockage.store.projects import ProjectRow
    from lestockage.store.source_files import SourceFileRow
    from lestockage.workspace.progress import Progress


@contextmanager
def keeping(path: str) -> Iterator[Workspace]:
    """Open a database file that is there, and keep at the end what was parsed, where the file can be written.

    Raises:
        MissingIndex: there is no file.
        StoreError: it cannot be read.
    """
    if not os.path.exists(path):
        raise MissingIndex(path)
    with Workspace.open(path, read_only=not os.access(path, os.W_OK)) as workspace:
        yield workspace
        if not workspace.file.is_read_only and any(workspace.db.executions().values()):
            with suppress(StoreError):  # who comes second has the answer all the same
                workspace.keep()


def said(handle: Workspace | StoreFile, project: ProjectRow, progress: Progress | None = None) -> dict[str, Mentions]:
    """Return what each file of a project mentions; a file that cannot be read now is left out.

    In a workspace that can be written, a file that looks as the last run of the index saw it is not read, and one whose content was parsed
    before is not parsed; `Workspace.keep` keeps that beyond the process.
    """
    workspace = handle if isinstance(handle, Workspace) and not handle.file.is_read_only else None
    store = handle.file if isinstance(handle, Workspace) else handle
    found = {}
    files = load_source_files(store, project.id)
    for done, (path, row) in enumerate(files.items(), 1):
        with suppress(UnreadableSource):
            if workspace is None:
                found[path] = mentions(read_source(project.root, path))
            else:
                found[path] = mentioned(workspace.db, _content(project.root, row))
        if progress is not None:
            progress("looking for names", done, len(files))
    return found


def _content(root: str, row: SourceFileRow) -> Content[bytes]:
    """Return a file as it is now, by the digest that the index has of it where it looks unchanged."""
    with suppress(OSError, ValueError):
        status = os.stat(os.path.join(root, row.path))
        if row.digest is not None and (status.st_size, status.st_mtime_ns, status.st_ino) == (row.size, row.mtime_ns, row.inode):
            return Content(row.digest, partial(_unchanged, root, row.path, row.digest))
    source = read_source(root, row.path)
    return Content(content_digest(source), lambda: source)


def _unchanged(root: str, path: str, digest: bytes) -> bytes:
    """Return the content of a file that has just looked unchanged."""
    source = read_source(root, path)
    if content_digest(source) != digest:
        raise UnreadableSource(path, "it changed while it was read")
    return source
