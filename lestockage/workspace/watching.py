"""Watching: keeps an index in step with a tree while it is edited, and tells what each burst of saves changed, re-ran and can affect."""

from __future__ import annotations

import os
import threading
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, Self

from lestockage.engine.events import WillExecute
from lestockage.engine.explain import FIRST_TIME, explain
from lestockage.engine.node import Memo
from lestockage.errors import PathNotFound, UnreadableSource
from lestockage.graph.spread import Spread
from lestockage.languages.symbol_changes import Module, Place, SymbolChange, changed_symbols
from lestockage.queries.inputs import SourceFile
from lestockage.queries.modules import module_name
from lestockage.queries.reading import scan_of
from lestockage.store.frontier_rows import nodes_of_files
from lestockage.store.projects import find_project
from lestockage.store.source_files import load_source_files
from lestockage.workspace.affected import affected_tests
from lestockage.workspace.changes import find_changes
from lestockage.workspace.file_events import bursts
from lestockage.workspace.module_names import package_prefix
from lestockage.workspace.run_log import call_text
from lestockage.workspace.symbol_diff import modules
from lestockage.workspace.walk import Failure, walk
from lestockage.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from types import TracebackType

    from lestockage.engine.events import Event
    from lestockage.graph.affected import AffectedTest
    from lestockage.graph.reach import Reached
    from lestockage.workspace.report import IndexReport

_FRESH_AFTER = 200
"""After this many runs memory is dropped: results of earlier contents pile up in it, and the file has them all."""

_UNKNOWN = "nobody had asked before"


class Reason(NamedTuple):
    """What made queries run: the input at the root of the explanation, and how often each query ran because of it."""

    cause: str
    executed: dict[str, int]


class Saved(NamedTuple):
    """What one burst of saves came to.

    `files` are the paths whose content differs, relative to the tree. `reached` are the symbols that the changed ones can affect, nearest
    first, without the changed ones themselves. `tests` are the affected tests by pytest's node ids.
    """

    files: tuple[str, ...]
    changes: tuple[SymbolChange, ...]
    reasons: tuple[Reason, ...]
    reached: tuple[Reached, ...]
    tests: tuple[AffectedTest, ...]
    report: IndexReport


class Watcher:
    """One tree under watch, with its workspace open; used as a context. `first` is the report of the run that it begins with."""

    def __init__(self, database: str | os.PathLike[str], path: str, *, project: str | None = None, jobs: int = 1) -> None:
        self._executed: list[Memo] = []
        self.path = path
        self.project = project
        self._jobs = jobs
        self._runs = 0
        self._last_good: dict[str, Module] = {}  # of files that cannot be parsed now: what is saved next is compared with it
        self._workspace = Workspace.open(database, on_event=self._note)
        try:
            self.first: IndexReport = self._index()
        except BaseException:
            self._workspace.close()
            raise

    def _note(self, event: Event) -> None:
        if isinstance(event, WillExecute) and isinstance(event.node, Memo):
            self._executed.append(event.node)

    def _index(self) -> IndexReport:
        return self._workspace.index(self.path, project=self.project, jobs=self._jobs)

    def saves(self, stop: threading.Event | None = None) -> Iterator[Saved | Failure]:
        """Yield what each burst of saves came to, until `stop` is set; a tree that cannot be read is a Failure, told once, and waited for.

        What happens while the caller is busy with one burst is the next.

        Raises:
            MissingExtra: watchfiles is not installed.
            StoreError: the database cannot be written; the last commit stands.
        """
        is_lost = False
        for has_changed in bursts(os.path.abspath(self.path), stop or threading.Event()):
            if not has_changed and os.path.isdir(self.path) and not is_lost:
                continue
            try:
                saved = self.look()
            except (PathNotFound, UnreadableSource) as error:
                if not is_lost:
                    yield Failure(self.path, str(error))
                is_lost = True
                continue
            is_lost = False
            if saved is not None:
                yield saved

    def look(self) -> Saved | None:
        """Bring the index in step with the tree now, and return what that came to; None when nothing has changed."""
        workspace = self._workspace
        name = self.first.project
        project = find_project(workspace.file, name)
        if project is None:  # forgotten by somebody else meanwhile
            self._index()
            return None
        tree = walk(self.path)
        found = find_changes(tree, load_source_files(workspace.file, project.id))
        touched = sorted({*found.contents, *found.removed, *found.unreadable})
        if not touched:
            if not found.is_empty:
                self._index()  # new times of the same content
            return None
        self._executed.clear()
        before = self._modules(touched) | {path: self._last_good[path] for path in touched if path in self._last_good}
        sources = {path: content.source for path, content in found.contents.items()}
        after = {module.path: module for module in modules(workspace.db, sources, tree.files, package_prefix(tree.root))}
        failing = found.unreadable.keys() | {path for path, module in after.items() if module.scan.failure is not None}
        changes = changed_symbols(*_both_read(before, after, failing))
        for path, module in before.items():
            self._last_good.pop(path, None)
            if path in failing and module.scan.failure is None:
                self._last_good[path] = module
        tests = affected_tests(workspace.file, project).tests
        # Who used what is gone is known to the tables of before the run only; who uses what is new, to those after it.
        reached = self._reached(project.id, [change.old for change in changes if change.old is not None and not _stays(change)])
        report = self._index()
        reasons = self._reasons()
        reached += self._reached(project.id, [change.new for change in changes if change.new is not None and not change.is_from_members])
        saved = Saved(tuple(touched), changes, reasons, tuple(_once(reached)), tuple(tests), report)
        self._runs += 1
        if self._runs % _FRESH_AFTER == 0:
            workspace.forget()
        return saved

    def _modules(self, paths: Iterable[str]) -> dict[str, Module]:
        """What the index knows of some files; those that it does not have are left out."""
        db = self._workspace.db
        found = {}
        for path in paths:
            file = SourceFile.get(db, project=self.first.project, path=path)
            if file is not None:
                found[path] = Module(path, module_name(db, file), scan_of(db, file))
        return found

    def _reasons(self) -> tuple[Reason, ...]:
        """Why what ran did, by the input that had changed."""
        db = self._workspace.db
        causes: dict[str, Counter[str]] = {}
        for memo in self._executed:
            step = explain(db, memo, memo.describe())
            while step.cause is not None:
                step = step.cause
            name = memo.table.name.rpartition(".")[2]
            cause = _UNKNOWN if step.outcome == FIRST_TIME else f"{call_text(step.node, self.first.project)} {step.outcome}"
            causes.setdefault(cause, Counter())[name] += 1
        return tuple([Reason(cause, dict(counts.most_common())) for cause, counts in causes.items()])

    def _reached(self, project_id: int, places: Iterable[Place]) -> list[Reached]:
        """Let the changes of some symbols travel as the tables are now; the symbols themselves are left out."""
        wanted = {place[:3] for place in places}
        file = self._workspace.file
        with file.snapshot():
            nodes = nodes_of_files(file, project_id, sorted({path for path, _, _ in wanted}))
            changed = [node for node in nodes if (node.file_path, node.qualified_name, node.ordinal) in wanted]
            spread = Spread(file)
            spread.start([node for node in changed if node.node_type != "module"], is_whole=False)
            spread.start([node for node in changed if node.node_type == "module"], is_whole=False, is_loading=True)
            return [each for each in spread.run() if each.distance]

    def close(self) -> None:
        """Close the database file."""
        self._workspace.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _both_read(before: Mapping[str, Module], after: Mapping[str, Module], failing: AbstractSet[str]) -> tuple[list[Module], list[Module]]:
    """Leave out of both states what is not known in one of them: its symbols did not come or go."""
    failed = failing | {path for path, module in before.items() if module.scan.failure is not None}
    older, newer = ([module for path, module in modules.items() if path not in failed] for modules in (before, after))
    return older, newer


def _stays(change: SymbolChange) -> bool:
    """Tell whether a symbol goes by the name it had, so that whoever used it still does."""
    return change.old is not None and change.new is not None and change.old[:3] == change.new[:3]


def _once(reached: Iterable[Reached]) -> Iterator[Reached]:
    """Leave out symbols that were reached before."""
    seen = set()
    for each in reached:
        if each.node.id not in seen:
            seen.add(each.node.id)
            yield each
