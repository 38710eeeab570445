"""Symbol diff: what differs between two revisions of a git tree, or a revision and the work tree, symbol by symbol.

Only files that differ are read, from git's objects, and only those whose content nobody has parsed before are parsed: scans are kept by
content in the database, beside those of the index.
"""

from __future__ import annotations

import os
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lestockage.database import Database
from lestockage.engine.task import Content
from lestockage.errors import StoreError, UnreadableSource
from lestockage.languages.python.module_names import PROJECT_FILES, import_roots, module_name
from lestockage.languages.python.survey import parse
from lestockage.languages.symbol_changes import Module, SymbolChange, changed_symbols
from lestockage.queries.inputs import content_digest
from lestockage.queries.reading import scan
from lestockage.workspace.git import GitTree
from lestockage.workspace.ignore import SUFFIXES
from lestockage.workspace.module_names import package_prefix
from lestockage.workspace.source_file import printable, read_source
from lestockage.workspace.walk import Failure
from lestockage.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


class SymbolDiff(NamedTuple):
    """The changes between two states; `old` and `new` are commit ids, `new` is None for the work tree.

    `failed` are files that differ and could not be read in one of the states: their symbols are in neither.
    """

    old: str
    new: str | None
    files: int
    changes: tuple[SymbolChange, ...]
    failed: tuple[Failure, ...]


def symbol_diff(
    folder: str | os.PathLike[str], old: str = "HEAD", new: str | None = None, *, database: str | os.PathLike[str] | None = None
) -> SymbolDiff:
    """Return what differs below `folder` between a revision and another one, or the work tree when `new` is None.

    What was parsed is kept in the database file, and found there; without one, or where there is no such file, in memory only.

    Raises:
        NoRepository, UnknownRevision: `folder` lies in no git work tree, or a revision names no commit.
        StoreError: the database cannot be used.
    """
    tree = GitTree.open(folder)
    if database is None or not os.path.exists(database):
        with Database() as db:
            return _diff(tree, old, new, db)
    with Workspace.open(database) as workspace:
        before = workspace.db.executions()
        found = _diff(tree, old, new, workspace.db)
        if workspace.db.executions() != before:
            with suppress(StoreError):  # who may only read the file, or comes second, has the answer all the same
                workspace.keep()
        return found


def _diff(tree: GitTree, old: str, new: str | None, db: Database) -> SymbolDiff:
    old_id = tree.commit_id(old)
    new_id = None if new is None else tree.commit_id(new)
    changed = tree.changes_since(old_id) if new_id is None else tree.changes_between(old_id, new_id)
    wanted = {file.path: file.status for file in changed if file.path.endswith(SUFFIXES)}
    blobs = tree.files(old_id)
    left = [path for path, status in wanted.items() if status != "added" and path in blobs]
    kept = [path for path, status in wanted.items() if status != "deleted"]
    before = dict(zip(left, tree.contents([blobs[path] for path in left]), strict=True))
    failed: dict[str, str] = {}
    if new_id is None:
        after = _from_disk(tree.folder, kept, failed)
        paths: Collection[str] = {*blobs, *(file.path for file in changed)} - {file.path for file in changed if file.status == "deleted"}
    else:
        later = tree.files(new_id)
        kept = [path for path in kept if path in later]
        after = dict(zip(kept, tree.contents([later[path] for path in kept]), strict=True))
        paths = later.keys()
    prefix = package_prefix(tree.folder)
    older, newer = modules(db, before, blobs.keys(), prefix), modules(db, after, paths, prefix)
    failed.update({module.path: module.scan.failure for module in (*older, *newer) if module.scan.failure is not None})
    compared = [[module for module in modules if module.path not in failed] for modules in (older, newer)]
    failures = tuple([Failure(printable(path), reason) for path, reason in sorted(failed.items())])
    return SymbolDiff(old_id, new_id, len(wanted), changed_symbols(*compared), failures)


def _from_disk(folder: str, paths: Iterable[str], failed: dict[str, str]) -> dict[str, bytes]:
    """Return the content of files of the work tree; why one cannot be read goes to `failed`."""
    found = {}
    for path in paths:
        try:
            found[path] = read_source(folder, path)
        except UnreadableSource as error:
            failed[path] = error.reason
    return found


def modules(db: Database, contents: Mapping[str, bytes], paths: Collection[str], prefix: str) -> list[Module]:
    """Return the files as modules, named as in the tree that has these paths."""
    roots = import_roots([path for path in paths if path.endswith(SUFFIXES) or path.rpartition("/")[2] in PROJECT_FILES])
    found = []
    for path, source in contents.items():
        content = Content(content_digest(source), partial(parse, source))
        found.append(Module(path, module_name(path, roots, prefix), scan(db, content)))
    return found
