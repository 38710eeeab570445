"""Durable model: the model with a store's memory: a body does not run when what it reads came out so before.

**The minimum of executions with a store.** Where the plain model says that a body must run, it need not if an earlier execution of it is
known whose reads, taken in order and brought up to date one by one, all come to what they came to then. A result is recognised by what was
read: not by revisions, nor by objects, so an input that was deleted and is back is the same input. Never recognised: untracked reads, and
results of a query that is declared without equality.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tests.conformance.model import CYCLIC, MEMO_KINDS, Frame, Memo, Model, Node
from tests.conformance.program import Boom

if TYPE_CHECKING:
    from tests.conformance.program import Rule


class Trace(NamedTuple):
    """One execution: the address of each read in order with what it came to, the result, and what was pushed."""

    reads: tuple[tuple[Node, Any], ...]
    value: Any
    pushed: tuple[int, ...]


class DurableModel(Model):
    """The model of a database with a file."""

    def __init__(self, program: tuple[Rule, ...]) -> None:
        super().__init__(program)
        self.is_stored = True
        self.traces: dict[Node, list[Trace]] = {}
        """What is known of each memo, the latest last."""

    def _execute(self, key: Node) -> Any:
        if key[0] in ("collected", *CYCLIC):
            return super()._execute(key)
        found = self._recognised(key)
        if found is None:
            return super()._execute(key)
        trace, nodes = found
        frame = Frame(key, dict.fromkeys(nodes), list(trace.pushed))
        self._publish(frame, trace.value)
        self._use(key)
        return trace.value

    def _publish(self, frame: Frame, value: Any) -> None:
        super()._publish(frame, value)
        if frame.key[0] in ("collected", *CYCLIC):
            return
        reads = tuple((address(node), self._came_to(node)) for node in frame.reads)
        kept = self.traces.setdefault(address(frame.key), [])
        trace = Trace(reads, value, tuple(frame.pushed))
        if trace in kept:
            kept.remove(trace)
        if all(came_to is not None for _, came_to in reads):
            kept.append(trace)

    def _recognised(self, key: Node) -> tuple[Trace, list[Node]] | None:
        candidates = self.traces.get(address(key), [])[::-1]
        nodes: list[Node] = []
        while candidates:
            place = len(nodes)
            for trace in candidates:
                if len(trace.reads) == place:
                    return trace, nodes
            where = candidates[0].reads[place][0]
            assert all(trace.reads[place][0] == where for trace in candidates), "bodies are deterministic"
            node = self._living(where)
            if node is None or not self._is_up_to_date(node):
                return None
            came_to = self._came_to(node)
            candidates = [trace for trace in candidates if trace.reads[place][1] == came_to]
            nodes.append(node)
        return None

    def _living(self, where: Node) -> Node | None:
        if where[0] in ("x", "y"):
            generation = self.items.get(where[1])
            return None if generation is None else (*where, generation)
        if where[0] == "item":
            generation = self.items.get(where[2])
            return None if generation is None else (*where, generation)
        if where[0] == "presence":
            self.cells.setdefault(where, self.cells["members",].__class__(None, 1))
        return where

    def _is_up_to_date(self, node: Node) -> bool:
        """Bring what is read next up to date; what fails is for the body to meet."""
        if node[0] not in MEMO_KINDS:
            return True
        if node in self.failed:
            return False
        memo: Memo | None = self.memos.get(node)
        if memo is not None and memo.verified_at == self.revision:
            return True
        caller, self.frame = self.frame, None
        try:
            if memo is None:
                self._execute(node)
            else:
                self._verify(node)
        except Boom as error:
            self.failed[node] = (error, self.last_reads)
            return False
        finally:
            self.frame = caller
        return True

    def _came_to(self, node: Node) -> Any:
        """What a node comes to, wrapped; None when it is never the same."""
        if node[0] == "members":
            return (tuple(sorted(self.items)),)
        if node[0] == "presence":
            return (node[1] in self.items,)
        if node[0] in MEMO_KINDS:
            return None if self._flavour(node) == "loud" else (self.memos[node].value,)
        return None if node[0] == "untracked" else (self.cells[node].value,)


def address(node: Node) -> Node:
    """A node without the generation of the input that it is about."""
    if node[0] in ("x", "y"):
        return node[:2]
    return node[:3] if node[0] == "item" else node
