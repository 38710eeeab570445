"""Run log: listens to the engine during an index run, and tells what became of each query and because of what."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from lestockage.engine.events import DidBackdate, DidReuseTrace, DidValidate, WillExecute
from lestockage.engine.held import load_held
from lestockage.engine.node import Cell, Facet, Memo
from lestockage.engine.task import Call
from lestockage.queries.inputs import SourceFile
from lestockage.store.index_runs import STEPS_KEPT, RunStep

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.database import Database
    from lestockage.engine.events import Event
    from lestockage.engine.node import Node
    from lestockage.engine.table import Table


_HELD_KEPT = 500
"""Calls that were found to hold without being loaded, those next to the change first, of which a run says more than how many there were."""
_LONGEST = 60
"""Characters of an argument that is no file."""


class Logged(NamedTuple):
    """What a run did: how many calls had which outcome, and the steps that are kept."""

    counts: dict[str, int]
    steps: list[RunStep]
    omitted: int


class RunLog:
    """An `on_event` callback that collects until `clear`; events go on to `further`, if there is one."""

    def __init__(self, further: Callable[[Event], None] | None = None) -> None:
        self._further = further
        self._outcomes: dict[Memo, str] = {}
        self._revision = 0

    def __call__(self, event: Event) -> None:
        """Take one event."""
        word = _WORDS.get(type(event))
        if word is not None and isinstance(event.node, Memo):
            self._outcomes[event.node] = word
        if self._further is not None:
            self._further(event)

    def clear(self, revision: int) -> None:
        """Begin a run, in a revision."""
        self._outcomes.clear()
        self._revision = revision

    def logged(self, db: Database, project: str) -> Logged:
        """Return what has happened since `clear`, without tasks, which depend on nothing; calls about files of other projects too."""
        held = db.store.sweeping.dirt.held
        told = [memo for memo in load_held(db.store, islice(held, _HELD_KEPT)) if memo not in self._outcomes]
        self._outcomes.update(dict.fromkeys(told, "validated"))
        untold = max(len(held) - _HELD_KEPT, 0)
        causes = {memo: self._cause(db, memo) for memo in self._outcomes if not isinstance(memo.args, Call)}
        nodes: dict[Node, None] = {}
        for memo in sorted(causes, key=lambda each: causes[each] is None):  # stable: what a change caused goes first
            if len(nodes) >= STEPS_KEPT:
                break
            nodes[memo] = None
            cause = causes[memo]
            while cause is not None and cause not in nodes:
                nodes[cause] = None
                cause = causes.get(cause) if isinstance(cause, Memo) else None
        places = {node: place for place, node in enumerate(nodes)}
        words = {memo: self._word(memo, cause) for memo, cause in causes.items()}
        text = _Texts(project).of
        steps = []
        for node in nodes:
            found = causes.get(node) if isinstance(node, Memo) else None
            outcome = words.get(node, "changed") if isinstance(node, Memo) else "set"
            steps.append(RunStep(text(node), outcome, -1 if found is None else places[found], *_about(node)))
        counts = Counter(words.values())
        counts["validated"] += untold
        return Logged(dict(+counts), steps, len(causes.keys() - nodes.keys()) + untold)

    def _cause(self, db: Database, memo: Memo) -> Node | None:
        """Return what made a memo run, or be looked at, in this run; None: there was no earlier result that could be kept."""
        reason = db.reasons.get(memo)
        if reason is None or (reason[0] and reason[0] < self._revision):
            return None
        return reason[1].owner if isinstance(reason[1], Facet) else reason[1]

    def _word(self, memo: Memo, cause: Node | None) -> str:
        word = self._outcomes[memo]
        if word != "ran":
            return word
        return "new" if cause is None else "changed"


_WORDS: dict[type, str] = {WillExecute: "ran", DidBackdate: "backdated", DidValidate: "validated", DidReuseTrace: "recalled"}


class _Texts:
    """Nodes as people write them: a run has many, of few queries and about few files."""

    def __init__(self, project: str) -> None:
        self._project = project
        self._files: dict[object, str] = {}
        self._queries: dict[Table, str] = {}

    def of(self, node: Node) -> str:
        """Return the text of a node; paths are never cut, for they tell nodes apart."""
        if not isinstance(node, Memo):
            return call_text(node.describe(), self._project)
        table = node.table
        query = self._queries.get(table)
        if query is None:
            query = self._queries[table] = table.name.rpartition(".")[2]
        return f"{query}({', '.join([self._argument(each) for each in table.declaration.tupled(node.args)])})"

    def _argument(self, value: object) -> str:
        kind = type(value)
        if kind is str or kind is int:
            return _cut(repr(value))
        if kind is not SourceFile:
            return call_text(_cut(repr(value)), self._project)
        found = self._files.get(value)
        if found is None:
            found = self._files[value] = call_text(repr(value), self._project)
        return found


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def call_text(described: str, project: str) -> str:
    """Return the description of a node as people write it, files of the project by their paths alone."""
    return described.replace(f"SourceFile(project={project!r}, path=", "file(")


def _about(node: Node) -> tuple[str | None, str | None, int | None]:
    """Return which file a node is about, and which symbol in it."""
    if isinstance(node, Cell):
        return (node.owner.path if isinstance(node.owner, SourceFile) else None), None, None
    if not isinstance(node, Memo):
        return None, None, None
    file, name, ordinal, *_ = (*node.table.declaration.tupled(node.args), None, None, None)
    if not isinstance(file, SourceFile):
        return None, None, None
    return file.path, name if isinstance(name, str) else None, ordinal if isinstance(ordinal, int) else None
