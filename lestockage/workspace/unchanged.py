"""Unchanged: tells a run that would find nothing to do from the tables and the tree alone, without the engine and its queries.

What queries answer follows from the files, from where the tree lies, and from the code. Where all three are those of the last run that
finished, the tables are what a run would make them.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from blake3 import blake3

from lestockage.errors import StoreError
from lestockage.store.connection import StoreFile
from lestockage.store.finished_run import is_finished, made_from
from lestockage.store.projects import find_project
from lestockage.store.source_files import failed_source_files, load_source_files
from lestockage.store.totals import total_edges, total_nodes
from lestockage.workspace.changes import looks_unchanged
from lestockage.workspace.module_names import package_prefix
from lestockage.workspace.program_code import program_code
from lestockage.workspace.progress import silent
from lestockage.workspace.report import IndexReport
from lestockage.workspace.run import Run, project_name
from lestockage.workspace.walk import Failure, walk

if TYPE_CHECKING:
    from lestockage.workspace.walk import Tree


def origin_of(tree: Tree) -> int | None:
    """Return a number that tells the code, and what of a tree counts beside its files, from any other; None where that cannot be told."""
    code = program_code()
    if code is None:
        return None
    words = "\n".join([package_prefix(tree.root), *tree.project_files])
    digest = blake3(code + words.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def unchanged(database: str, path: str, project: str | None) -> IndexReport | None:
    """Return the report of a run over the tree at `path` that has nothing to do, None where one has to look, or the file says no.

    Raises:
        PathNotFound, UnreadableSource: there is no tree at `path`.
    """
    started = time.perf_counter()
    if program_code() is None or not os.path.exists(database):
        return None
    try:
        store = StoreFile.open(database, read_only=True)
    except StoreError:
        return None  # the run that is to write it says why
    try:
        tree = walk(path)
        return _report(store, Run(tree, project_name(tree, project), 1, silent, started))
    except StoreError:
        return None
    finally:
        store.close()


def _report(store: StoreFile, run: Run) -> IndexReport | None:
    with store.snapshot():
        row = find_project(store, run.name)
        if row is None or run.is_moved(row) or run.is_other(store, row) or not is_finished(store):
            return None
        if made_from(store, row.id) != origin_of(run.tree) or not looks_unchanged(run.tree, load_source_files(store, row.id)):
            return None
        failed = (*(Failure(*failure) for failure in failed_source_files(store, row.id)), *run.tree.failures)
        return IndexReport(
            project=run.name,
            files=len(run.tree.files),
            nodes=total_nodes(store, row.id),
            edges=total_edges(store, row.id),
            executed={},
            reused=0,
            failed=tuple(sorted(failed)),
            written=0,
            connected=0,
            seconds=time.perf_counter() - run.started,
        )
