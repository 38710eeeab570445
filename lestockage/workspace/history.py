"""History: snapshots of past commits, indexed one after the other from git's objects.

The work tree is not touched, and neither are the tables of the project's present state: commits are indexed in memory, where only files
that differ from the commit before are read and only what they reach is computed again, and what comes out is recorded as snapshots.
"""

from __future__ import annotations

import gc
import os
import time
from typing import TYPE_CHECKING, Final, NamedTuple

from lestockage.database import Database
from lestockage.engine.lazy import unloaded
from lestockage.errors import UnknownRevision
from lestockage.queries.inputs import Project, SourceFile, content_digest
from lestockage.queries.linking import Linking
from lestockage.queries.outline import file_failure
from lestockage.queries.reading import batches, survey_files
from lestockage.queries.rows import project_rows
from lestockage.store.connection import StoreFile
from lestockage.store.projects import ensure_project, find_project
from lestockage.store.snapshot_rows import SnapshotRow, snapshot_of_label
from lestockage.store.snapshot_writer import FileState, SnapshotWriter
from lestockage.workspace import source_file
from lestockage.workspace.commit_tree import CommitTrees
from lestockage.workspace.git import GitTree
from lestockage.workspace.snapshot import file_rows, label_of
from lestockage.workspace.source_file import too_large

if TYPE_CHECKING:
    from lestockage.workspace.commit_tree import CommitTree
    from lestockage.workspace.git import Commit
    from lestockage.workspace.progress import Progress

_RANGE: Final = ".."
_KEPT: Final = 200
"""Commits after which what is in memory is given up: results of code that is gone stay there, about a megabyte a commit."""
_WORTH_A_POOL: Final = 16
"""Files from which on starting worker processes pays."""


class CommitRecord(NamedTuple):
    """One commit of a history: its snapshot, and what that took: files read, queries executed, rows written; None where it was known."""

    snapshot: SnapshotRow
    read: int | None
    executed: int
    rows: int


class HistoryReport(NamedTuple):
    """A recorded history, oldest first; `seconds` is wall time."""

    project: str
    commits: tuple[CommitRecord, ...]
    seconds: float


def record_history(  # noqa: PLR0913  # which commits of what, and where to
    database: str | os.PathLike[str],
    folder: str | os.PathLike[str],
    revisions: str,
    *,
    every: int = 1,
    project: str | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> HistoryReport:
    """Record a snapshot, labelled with its id, of every commit of a range that has none yet.

    `revisions` is `REV1..REV2` (REV1 among them, along first parents; `REV1..` ends at HEAD), or `REV` for all that leads to it. With
    `every`, only each so many-th is taken, from the first on, and the last. `jobs` is how many processes read the first commit's files.
    Each commit is one transaction, so what an interrupt leaves behind is complete, and the next call goes on from there.

    Raises:
        NoRepository, UnknownRevision: `folder` lies in no work tree, or a name in the range is no commit, or the range is empty.
        StoreError: the database cannot be used.
    """
    started = time.perf_counter()
    git = GitTree.open(folder)
    commits = _chosen(git, revisions, every)
    root = os.path.abspath(folder)
    name = project if project is not None else os.path.basename(root) or "root"
    records = []
    was_enabled = gc.isenabled()
    gc.disable()  # as in an index run: what is made stays
    try:
        with StoreFile.open(database) as store, CommitTrees(git) as trees:
            found = find_project(store, name) or ensure_project(store, name, root)
            past = _Past(store, found.id, name, trees, jobs)
            if progress is not None:
                progress("commits", 0, len(commits))  # the first one is built from nothing
            for done, commit in enumerate(commits, 1):
                if past.recorded >= _KEPT:
                    past = _Past(store, found.id, name, trees, jobs)
                records.append(past.record(commit))
                if progress is not None:
                    progress("commits", done, len(commits))
    finally:
        if was_enabled:
            gc.enable()
    return HistoryReport(name, tuple(records), time.perf_counter() - started)


def _chosen(git: GitTree, revisions: str, every: int) -> list[Commit]:
    older, sign, newer = revisions.partition(_RANGE)
    commits = git.history(older or None, newer or "HEAD") if sign else git.history(None, revisions)
    if not commits:
        raise UnknownRevision(revisions, git.folder)
    chosen = commits[::every]
    return chosen if chosen[-1] is commits[-1] else [*chosen, commits[-1]]


class _Past:
    """The commit that was indexed last, in memory."""

    def __init__(self, store: StoreFile, project_id: int, name: str, trees: CommitTrees, jobs: int) -> None:
        self._store = store
        self._project_id = project_id
        self._name = name
        self._trees = trees
        self._jobs = jobs
        self._writer = SnapshotWriter(store, project_id)
        self._db = Database()
        self._linking = Linking()
        self._db.set_loader(SourceFile, "content", self._load)
        self._blobs: dict[str, str] = {}
        self._digests: dict[str, bytes] = {}
        self._fresh: dict[str, bytes] = {}
        self.recorded = 0

    def record(self, commit: Commit) -> CommitRecord:
        """Index a commit and record it, unless that was done before."""
        known = snapshot_of_label(self._store, self._project_id, commit.id)
        if known is not None:
            return CommitRecord(known, None, 0, 0)
        db = self._db
        before = sum(db.executions().values())
        tree = self._trees.at(commit.id)
        self._read(tree)
        root = self._set_inputs(tree)
        self._linking.update(db, root)
        rows = dict(project_rows(db, root))
        states = [FileState(path, self._digests[path], digest, self._failure(path)) for path, digest in rows.items()]
        states += [FileState(path, None, None, too_large()) for path in tree.files.keys() - self._blobs.keys()]
        made = self._writer.record(label_of(commit), states, lambda path: file_rows(db, self._name, self._project_id, path))
        read, self._fresh = len(self._fresh), {}
        self.recorded += 1
        return CommitRecord(made.snapshot, read, sum(db.executions().values()) - before, made.rows)

    def _read(self, tree: CommitTree) -> None:
        """Read the files that differ from the commit before."""
        changed = [path for path, blob in tree.files.items() if self._blobs.get(path) != blob]
        self._fresh = {path: self._trees.content(tree.files[path]) for path in changed}

    def _set_inputs(self, tree: CommitTree) -> Project:
        """Tell the engine what differs, in one revision."""
        db, name = self._db, self._name
        taken = {path: blob for path, blob in tree.files.items() if len(self._fresh.get(path, b"")) <= source_file.LARGEST}
        self._digests.update({path: content_digest(source) for path, source in self._fresh.items()})
        self._prefetch()
        with db.write():
            root = Project(db, name=name, prefix=tree.prefix, project_files=tree.project_files, files=tuple(sorted(taken)))
            for path in self._fresh:
                if path in taken:
                    SourceFile(db, project=name, path=path, content=unloaded(self._digests[path]))
            for path in self._blobs.keys() - taken.keys():
                file = SourceFile.get(db, project=name, path=path)
                if file is not None:
                    file.delete()
        self._blobs = taken
        return root

    def _prefetch(self) -> None:
        """Have the files of the first commit read by worker processes, where there are enough of them."""
        if self._jobs < 2 or len(self._fresh) < _WORTH_A_POOL:
            return
        from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415  # costs 20 ms, and only a cold run needs it

        from lestockage.workspace.worker import begin  # noqa: PLC0415  # as above

        with ProcessPoolExecutor(min(self._jobs, len(self._fresh)), initializer=begin) as executor:
            self._db.prefetch(survey_files, batches(self._fresh.values(), self._jobs), executor=executor)

    def _failure(self, path: str) -> str | None:
        file = SourceFile.get(self._db, project=self._name, path=path)
        assert file is not None  # noqa: S101  # the query that named it enumerates inputs
        return file_failure(self._db, file)

    def _load(self, file: SourceFile) -> bytes:
        """The bytes that a file's cell stands for."""
        source = self._fresh.get(file.path)
        return self._trees.content(self._blobs[file.path]) if source is None else source
