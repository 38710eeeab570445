"""Affected: which tests can reach what changed since a revision of git, or since the last run of the index.

The tables say who refers to whom; what changed is told from the files themselves, symbol by symbol, so comments and moved code change
nothing. The tables may be of before the change or of after it: what only one of the two states has is found by name in the files.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from lestockage.errors import UnreadableSource
from lestockage.graph.affected import AffectedTest, Suite
from lestockage.graph.spread import Spread
from lestockage.languages.python.mentions import Mentions, mentions
from lestockage.languages.python.pytest_names import is_test_class, is_test_file, is_test_name
from lestockage.languages.python.survey import parse
from lestockage.languages.python.touched import Touched, compare, definitions, touched
from lestockage.store.distributions import is_library
from lestockage.store.frontier_rows import edges_into, nodes_by_id, nodes_of_files
from lestockage.store.source_files import load_source_files
from lestockage.workspace.changes import find_changes
from lestockage.workspace.distribution import holds_distributions
from lestockage.workspace.git import GitTree
from lestockage.workspace.ignore import SUFFIXES
from lestockage.workspace.source_file import read_source
from lestockage.workspace.walk import tree_of, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lestockage.store.connection import StoreFile
    from lestockage.store.node_rows import NodeRow
    from lestockage.store.projects import ProjectRow
    from lestockage.workspace.walk import Tree


class Affected(NamedTuple):
    """The tests by id, and what differs in each changed file."""

    tests: list[AffectedTest]
    changes: dict[str, Touched]


def affected_tests(store: StoreFile, project: ProjectRow, since: str | None = None) -> Affected:
    """Return the tests of a project that can reach a change; `since` is a revision of git, None stands for the index's last run.

    Raises:
        PathNotFound, UnreadableSource: the project's folder is gone.
        NoRepository, UnknownRevision, GitFailure: `since` was given and git cannot tell.
    """
    with store.snapshot():
        return _Question(store, project).answer(since)


class _Question:
    """One question: the files are read as often as needed, from disk once."""

    def __init__(self, store: StoreFile, project: ProjectRow) -> None:
        self.store = store
        self.project = project
        self.known = load_source_files(store, project.id)
        self.source: Callable[[str], bytes] = cache(self._source)
        self.mentions: Callable[[str], Mentions] = cache(lambda path: mentions(self.source(path)))

    def answer(self, since: str | None) -> Affected:
        changes = self._since_last_run() if since is None else self._since_revision(since)
        spread = Spread(self.store)
        found: dict[str, AffectedTest] = {}
        for path, differing in changes.items():
            self._start(spread, path, differing)
            for name in _tests_in(path, differing, self._source(path)):
                found[name] = AffectedTest(name, ())
        suite = Suite(self.store, self.project.id, sorted(self.known), self._says, self.mentions)
        found = {test.id: test for test in suite.affected(spread)} | found
        gone = {path for path in self.known if not self._source(path)} | {path for path in changes if not self._source(path)}
        return Affected([found[name] for name in sorted(found) if name.partition("::")[0] not in gone], changes)

    def _source(self, path: str) -> bytes:
        """Return a file as it is now; nothing when it is gone."""
        try:
            return read_source(self.project.root, path)
        except UnreadableSource:
            return b""

    def _says(self, path: str, word: str) -> bool:
        return word.encode() in self.source(path)

    def _since_revision(self, since: str) -> dict[str, Touched]:
        git = GitTree.open(self.project.root)
        old_files = git.files(since)
        changed = [change for change in git.changes_since(since) if change.path.endswith(SUFFIXES)]
        before = [change.path for change in changed if change.path in old_files]
        old = dict(zip(before, git.contents(old_files[path] for path in before), strict=True))
        found = {}
        for change in changed:
            differing = touched(old.get(change.path), None if change.status == "deleted" else self.source(change.path))
            if any(differing):
                found[change.path] = differing
        return found

    def _since_last_run(self) -> dict[str, Touched]:
        changes = find_changes(self._tree(), self.known)
        found = {}
        for path in sorted({*changes.contents, *changes.unreadable, *changes.removed}):
            content = changes.contents.get(path)
            differing = self._touched_in_tables(path, content.source if content else None)
            if any(differing):
                found[path] = differing
        return found

    def _tree(self) -> Tree:
        """Return the project's files as they are now; of what is installed those that were there: its folder has much else."""
        root = self.project.root
        is_installed = is_library(self.store, self.project.id) and holds_distributions(root)
        return tree_of(root, self.known) if is_installed else walk(root)

    def _touched_in_tables(self, path: str, new: bytes | None) -> Touched:
        """Compare a file with what the tables hold of it: its old text is not kept, so any statement of the module may have changed."""
        nodes = nodes_of_files(self.store, self.project.id, [path])
        module = next((node for node in nodes if node.node_type == "module"), None)
        scan = parse(new).scan if new is not None else None
        before = {
            (_own(node, module), node.ordinal): (node.node_type, node.content_hash or b"")
            for node in nodes
            if node.node_type not in {"module", "variable"}
        }
        changed, deleted = compare(before, definitions(scan) if scan else {})
        own = scan.symbols[0].content_hash if scan and scan.symbols else None
        return Touched(changed, deleted, frozenset(), (module.content_hash if module else None) != own)

    def _start(self, spread: Spread, path: str, differing: Touched) -> None:
        """Start a change at what differs in a file, and at who says a name of it that the tables do not lead to."""
        nodes = nodes_of_files(self.store, self.project.id, [path])
        module = next((node for node in nodes if node.node_type == "module"), None)
        named = {_own(node, module): node for node in nodes}
        definite = differing.changed | differing.deleted
        spread.start([node for node in nodes if _own(node, module) in definite and node.node_type != "module"], is_whole=False)
        if module is not None and differing.runs_anew:
            spread.start([module], is_loading=True)
        variables = [named[name] for name in sorted(differing.rebound) if name in named]
        spread.start(variables, is_whole=False)
        lost = {name.rpartition(".")[2] for name in differing.deleted if name not in named}
        for name in sorted(lost):
            self._start_at_speakers(spread, self.known, {name})
        if differing.rebound:
            importers = {path}
            if module is not None:
                rows = edges_into(self.store, [module.id, *(node.id for node in variables)], ("import",))
                importers |= {node.file_path for node in nodes_by_id(self.store, [row[0] for row in rows]) if node.file_path}
            self._start_at_speakers(spread, dict.fromkeys(sorted(importers)), set(differing.rebound))

    def _start_at_speakers(self, spread: Spread, paths: Mapping[str, object], names: set[str]) -> None:
        """Start a change at the units of some files that say one of some names."""
        for path in paths:
            if not any(self._says(path, name) for name in names):
                continue
            saying = {unit.name for unit in self.mentions(path).units if not names.isdisjoint(unit.names | unit.strings)}
            nodes = nodes_of_files(self.store, self.project.id, [path])
            module = next((node for node in nodes if node.node_type == "module"), None)
            spread.start([node for node in nodes if node.node_type != "module" and _own(node, module) in saying], is_whole=False)


def _own(node: NodeRow, module: NodeRow | None) -> str:
    """Return a node's name within its module."""
    return node.qualified_name.removeprefix(module.qualified_name if module else "").removeprefix(".")


def _tests_in(path: str, differing: Touched, source: bytes) -> list[str]:
    """Return the tests of a changed test file that changed themselves, told from the file: the tables need not have them yet."""
    if not is_test_file(path) or not source:
        return []
    found = []
    symbols = parse(source).scan.symbols
    bases = {
        symbol.name: (symbol.signature or "").partition("(")[2].rstrip(")").split(", ") for symbol in symbols if symbol.kind == "class"
    }
    for symbol in symbols:
        holder, _, last = symbol.name.rpartition(".")
        if not is_test_name(last) or not (differing.runs_anew or symbol.name in differing.changed):
            continue
        if symbol.kind == "function" and not holder:
            found.append(f"{path}::{last}")
        elif symbol.kind == "method" and is_test_class(holder.rpartition(".")[2], bases.get(holder, ())):
            found.append(f"{path}::{holder.replace('.', '::')}::{last}")
    return found
