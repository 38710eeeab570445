"""Workspace: one database file, the source trees in it, and what keeps the tables in step with the trees.

Inputs, memos and tables change in one transaction, so a reader of the file sees the tables before a run or after it, and a run that was
interrupted has not happened.
"""

from __future__ import annotations

import gc
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Self

from lestockage.database import Database
from lestockage.engine.garbage_pause import age_all
from lestockage.engine.lazy import fingerprint_of, unloaded
from lestockage.engine.task import Content as InputContent
from lestockage.errors import StoreLocked, UnreadableSource
from lestockage.queries.inputs import Project, SourceFile, content_digest
from lestockage.queries.linking import Linking
from lestockage.queries.modules import files
from lestockage.queries.reading import batches, scan, survey_files
from lestockage.queries.rows import ask_but_for_calls, project_rows
from lestockage.store.connection import StoreFile
from lestockage.store.distributions import find_distribution
from lestockage.store.finished_run import is_finished, record_finished, record_made_from
from lestockage.store.index_runs import save_run
from lestockage.store.leases import Leases
from lestockage.store.linker_pages import LinkerPages
from lestockage.store.projects import ensure_project, find_project
from lestockage.store.source_files import failed_source_files, load_source_files
from lestockage.store.totals import total_edges, total_nodes
from lestockage.workspace.changes import Changes, find_changes
from lestockage.workspace.distribution import read_distribution
from lestockage.workspace.module_names import package_prefix
from lestockage.workspace.progress import silent
from lestockage.workspace.report import IndexReport
from lestockage.workspace.run import Run, project_name
from lestockage.workspace.run_log import RunLog
from lestockage.workspace.source_file import read_source
from lestockage.workspace.turn import Turn
from lestockage.workspace.unchanged import origin_of
from lestockage.workspace.walk import Failure, Tree, walk

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping
    from concurrent.futures import Executor
    from types import TracebackType

    from lestockage.engine.events import Event
    from lestockage.languages.python.survey import Parsed
    from lestockage.store.projects import ProjectRow
    from lestockage.store.snapshot_writer import Recorded, SnapshotLabel
    from lestockage.store.source_files import SourceFileRow
    from lestockage.workspace.progress import Progress

_WORTH_A_POOL = 16
"""Changed files from which on starting worker processes pays."""


class _Before(NamedTuple):
    """What a run is measured against, however often it starts again: when it began, what had been executed and loaded."""

    started: float
    executions: dict[str, int]
    loaded: int


class Workspace:
    """An open database file with its trees; made by `Workspace.open`, used as a context."""

    def __init__(self, file: StoreFile, *, on_event: Callable[[Event], None] | None = None) -> None:
        self.file = file
        self._log = RunLog(on_event)
        self._db: Database | None = None
        self.leases = Leases(file)
        self._roots: dict[str, str] = {}
        self._contents: dict[tuple[str, str], bytes] = {}
        self._linkings: dict[str, Linking] = {}

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, read_only: bool = False, on_event: Callable[[Event], None] | None = None) -> Self:
        """Open the database file, made when missing unless `read_only`.

        Raises:
            StoreError: when the file cannot be used; it is left untouched.
            PathNotFound: `read_only`, and there is no file.
        """
        return cls(StoreFile.open(path, read_only=read_only), on_event=on_event)

    @property
    def db(self) -> Database:
        """The engine over the file, started when it is first needed."""
        if self._db is None:
            self._db = Database(on_event=self._log)
            self._db.use_store(self.file, self.leases)
            self._db.set_loader(SourceFile, "content", self._load)
        return self._db

    def know_roots(self, roots: dict[str, str]) -> None:
        """Say where the trees of projects lie that this process has not indexed itself, so that their files can be read."""
        self._roots.update(roots)

    def _load(self, file: SourceFile) -> bytes:
        """The bytes that a file's cell stands for: those this run has read, or the file's own if they still are the same."""
        source = self._contents.get((file.project, file.path))
        if source is None:
            source = read_source(self._roots[file.project], file.path)
            if content_digest(source) != fingerprint_of(file, "content"):
                raise UnreadableSource(file.path, "it changed while the index ran; run it again")
        return source

    def index(  # noqa: PLR0913  # what a run is told
        self,
        path: str | os.PathLike[str],
        *,
        project: str | None = None,
        jobs: int = 1,
        installed: Mapping[str, str] | None = None,
        progress: Progress | None = None,
        snapshot: SnapshotLabel | None = None,
    ) -> IndexReport:
        """Bring the tables in step with the tree at `path`, under the given project name or that of the folder.

        `jobs` is how many processes read changed files. `progress` is told how far the run is. `installed` are the versions of
        distributions (by normalised name) in the project's environment, where that was looked at. With `snapshot`, the state is recorded
        under that label in the same transaction.

        Raises:
            PathNotFound, UnreadableSource: when there is no tree at `path`.
            SnapshotExists: the label is that of another state; the run is undone.
            StoreError: when the file cannot be written; the last commit stands.
        """
        started = time.perf_counter()
        tree = walk(path)
        name = project_name(tree, project)
        return self.index_tree(Run(tree, name, jobs, progress or silent, started, installed=installed, snapshot=snapshot))

    def index_tree(self, run: Run) -> IndexReport:
        """Bring the tables in step with a tree that was walked.

        Raises:
            SnapshotExists: the label is that of another state; the run is undone.
            StoreError: when the file cannot be written; the last commit stands.
        """
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            return self._index(run)
        except BaseException:
            # What was committed to a transaction that was undone is in memory still, as if it were stored.
            self.forget()
            raise
        finally:
            self._contents.clear()
            if was_enabled:
                age_all()
                gc.enable()

    def _index(self, run: Run) -> IndexReport:
        before = _Before(run.started, self.db.executions(), self.db.counts.loaded)
        self._log.clear(self.db.revision)
        with Turn(self.file, self.leases) as turn:
            while True:
                report = self._run(run, before, turn)
                if report is not None:
                    return report

    def _run(self, run: Run, before: _Before, turn: Turn) -> IndexReport | None:  # noqa: PLR0915  # one transaction, step by step
        """Index; None when another process has ended a run of its own before this one could take its turn."""
        tree, name, progress, snapshot = run.tree, run.name, run.progress, run.snapshot
        commits = self.file.foreign_commits()
        row = find_project(self.file, name)
        known = {} if row is None else load_source_files(self.file, row.id)
        changes = find_changes(tree, known)
        is_moved = run.is_moved(row)
        is_other = run.is_other(self.file, row)
        if not turn.is_mine and (is_moved or is_other or not changes.is_empty or not is_finished(self.file)):
            turn.take()
            if self.file.foreign_commits() != commits:
                return None
        db = self.db
        self._roots[name] = tree.root
        if turn.is_mine and not is_finished(self.file):
            from lestockage.workspace.unfinished import take_back  # noqa: PLC0415  # after an interrupt only

            take_back(db, self.file)
        written = 0
        connected = 0
        root = self._set_inputs(tree, name, changes, known)
        self._find_out(root, changes, run.jobs, progress)
        wanted = dict(project_rows(db, root))
        is_due = is_moved or is_other or bool(_unsynced(wanted, known)) or not changes.is_empty
        recorded = None
        if is_due or snapshot is not None or db.executions() != before.executions or not is_finished(self.file):
            if not turn.is_mine:
                turn.take()
                return None
            with self.file.transaction():
                # Nobody else writes from here on; what others have committed until now is taken over by the commit, and asked for again.
                project_id = ensure_project(self.file, name, tree.root).id
                revision = db.revision
                db.commit()
                if db.revision != revision:
                    self._link(root)
                    wanted = dict(project_rows(db, root))
                    db.commit()
                if self.file.foreign_commits() != commits:
                    known = load_source_files(self.file, project_id)
                unsynced = _unsynced(wanted, known)
                published = find_distribution(self.file, project_id)
                if published is None or not published.digest:  # a new project, or one of an earlier release
                    unsynced = list(wanted)
                if is_due or unsynced:
                    from lestockage.workspace.publish import Identity, publish  # noqa: PLC0415  # not for an unchanged run
                    from lestockage.workspace.sync import sync  # noqa: PLC0415  # as above

                    synced = sync(db, self.file, project_id, name, wanted, unsynced, known, changes, progress)
                    identity = Identity(
                        run.distribution or read_distribution(tree.root),
                        run.as_library or bool(published and published.is_library),
                        run.installed,
                    )
                    connected = publish(self.file, project_id, identity, synced.published, synced.externals).written
                    written = synced.rows
                    self._keep_log(name, project_id)
                self._linking(name).save()  # last: another process may be at work on it still
                record_finished(self.file)
                record_made_from(self.file, project_id, origin_of(tree))
                if snapshot is not None:
                    recorded = self._record(name, project_id, snapshot)
                turn.end()
        else:
            assert row is not None  # noqa: S101  # or it would be due
            project_id = row.id
            origin = origin_of(tree)
            if origin is not None:  # that other code comes to the same is worth knowing, not waiting for
                with suppress(StoreLocked):
                    record_made_from(self.file, project_id, origin)
        failed = (*(Failure(*failure) for failure in failed_source_files(self.file, project_id)), *tree.failures)
        return IndexReport(
            project=name,
            files=len(tree.files),
            nodes=total_nodes(self.file, project_id),
            edges=total_edges(self.file, project_id),
            executed=_difference(db.executions(), before.executions),
            reused=db.counts.loaded - before.loaded,
            failed=tuple(sorted(failed)),
            written=written,
            connected=connected,
            seconds=time.perf_counter() - before.started,
            recorded=recorded,
        )

    def _keep_log(self, name: str, project_id: int) -> None:
        """Keep what this run did to each query, and why."""
        logged = self._log.logged(self.db, name)
        if logged.counts:
            save_run(self.file, project_id, logged.counts, logged.steps, omitted=logged.omitted)

    def record(self, project: ProjectRow, label: SnapshotLabel) -> Recorded:
        """Record the state of a project as the last run left it; no tree is looked at.

        Raises:
            SnapshotExists: the label is that of another state.
            StoreError: the file cannot be written.
        """
        return self._record(project.name, project.id, label)

    def _record(self, name: str, project_id: int, label: SnapshotLabel) -> Recorded:
        """Record a snapshot of the tables as they are now, in the transaction that is open if there is one."""
        from lestockage.store.snapshot_writer import SnapshotWriter  # noqa: PLC0415  # few runs record one
        from lestockage.workspace.snapshot import record_project  # noqa: PLC0415  # as above

        files = load_source_files(self.file, project_id).values()
        return record_project(SnapshotWriter(self.file, project_id), self.db, name, project_id, label, files)

    def _set_inputs(self, tree: Tree, name: str, changes: Changes, known: Iterable[str]) -> Project:
        """Tell the engine what has changed, in one revision."""
        db = self.db
        with db.write():
            paths = (tree.files.keys() | known).difference(changes.removed)  # a folder that cannot be listed keeps its files
            prefix = package_prefix(tree.root)
            root = Project(db, name=name, prefix=prefix, project_files=tree.project_files, files=tuple(sorted(paths)))
            for path, content in changes.contents.items():
                self._contents[name, path] = content.source
                SourceFile(db, project=name, path=path, content=unloaded(content.digest))
            for path in (*changes.removed, *changes.unreadable):
                file = SourceFile.get(db, project=name, path=path)
                if file is not None:
                    file.delete()
        return root

    def _find_out(self, root: Project, changes: Changes, jobs: int, progress: Progress) -> None:
        """Have changed files read, resolved and linked: by worker processes, where there are enough of them, and with progress."""
        fresh = [content.source for content in changes.contents.values() if not self.db.knows(scan, InputContent(content.digest, _unread))]
        if len(fresh) < _WORTH_A_POOL or jobs < 2:
            self._prefetch(fresh, 1, None, progress)
            self._resolve(root.name, changes, progress)
            self._link(root)
            return
        from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415  # costs 20 ms, and only a cold run needs it

        from lestockage.workspace.worker import begin  # noqa: PLC0415  # as above

        with ProcessPoolExecutor(min(jobs, len(fresh)), initializer=begin) as executor:
            self._prefetch(fresh, jobs, executor, progress)
        self._linking(root.name).start(self.db, root, partial(ProcessPoolExecutor, 1, initializer=begin))
        self._resolve(root.name, changes, progress)
        with self.file.transaction():  # while another process links; what is found out until then outlives this one
            self.db.commit()
        self._link(root)

    def _prefetch(self, fresh: list[bytes], jobs: int, executor: Executor | None, progress: Progress) -> None:
        """Have new files read, where they are many."""
        if len(fresh) < _WORTH_A_POOL:
            return
        done = 0

        def step(batch: tuple[bytes, ...]) -> None:
            nonlocal done
            done += len(batch)
            progress("reading", done, len(fresh))

        self.db.prefetch(survey_files, batches(fresh, jobs), executor=executor, progress=step)

    def _link(self, root: Project) -> None:
        """Find what calls lead to where that may have changed."""
        self._linking(root.name).update(self.db, root)

    def _linking(self, name: str) -> Linking:
        found = self._linkings.get(name)
        if found is None:
            found = self._linkings[name] = Linking(LinkerPages(self.file, name))
        return found

    def _resolve(self, name: str, changes: Changes, progress: Progress) -> None:
        """Ask for all but the calls of every file by itself, where many have changed, so that somebody who waits sees how far it is."""
        if len(changes.contents) >= _WORTH_A_POOL:
            found = files(self.db, name)
            for done, file in enumerate(found, 1):
                ask_but_for_calls(self.db, file)
                progress("resolving", done, len(found))

    def keep(self) -> None:
        """Make durable what queries and tasks outside a run of the index found out; the tables stay as they are.

        Raises:
            StoreError: the file cannot be written; nothing is kept then, and the answers stand.
        """
        with self.file.transaction():
            was_finished = is_finished(self.file)
            self.db.commit()
            if was_finished:
                record_finished(self.file)

    def forget(self) -> None:
        """Drop what is in memory, which is not what the file holds; the next run loads what it needs."""
        db, self._db = self._db, None
        for linking in self._linkings.values():
            linking.close()
        self._linkings.clear()
        if db is not None:
            db.store = None  # the file stays open
            db.close()

    def close(self) -> None:
        """Close the file; what was not committed has not happened."""
        if self._db is not None:
            self._db.close()
        else:
            self.leases.close()
        self.file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _difference(after: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    """How often each query ran in between, by its last name."""
    return {query.rpartition(".")[2]: count - before.get(query, 0) for query, count in after.items() if count > before.get(query, 0)}


def _unsynced(wanted: dict[str, bytes], known: dict[str, SourceFileRow]) -> list[str]:
    """The files whose rows are not those that were written last."""
    return [path for path, digest in wanted.items() if path not in known or known[path].rows_digest != digest]


def _unread() -> Parsed:
    """Stand for a tree that is not needed: only whether its scan is known is asked."""
    raise AssertionError
