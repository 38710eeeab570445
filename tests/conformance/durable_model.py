"""Durable model: the model with a store's memory: a body does not run when what it reads came out so before.

**The minimum of executions with a store.** Where the plain model says that a body must run, it need not if an earlier execution of it is
known whose reads, taken in order and brought up to date one by one, all come to what they came to then. A result is recognised by what was
read: not by revisions, nor by objects: an input that was deleted and is back is the same input, so is a struct. With the result comes
what was made beside it: pushes, structs, specified values. Never recognised: what reads something untracked, or the result of a query that
is declared without equality. A value that was evicted is read from the store, and runs nothing.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.conformance.model import CYCLIC, MEMO_KINDS, Cell, Frame, Memo, Model, Node, PartModel, Surroundings
from tests.conformance.program import Boom, Rule

_UNTRACED = ("collected", *CYCLIC)


class Trace(NamedTuple):
    """One execution: the address of each read in order with what it came to, the result, and what was made beside it."""

    reads: tuple[tuple[Node, Any], ...]
    value: Any
    pushed: tuple[int, ...]
    created: tuple[tuple[int, int, int], ...]
    """Key and fields of each struct, in order."""
    rated: tuple[tuple[Any, int], ...]
    """Specified values, by the identity of the struct."""


class DurableModel(Model):
    """The model of a database with a file."""

    def __init__(self, program: tuple[Rule, ...]) -> None:
        super().__init__(program)
        self.is_stored = True
        self.traces: dict[Node, list[Trace]] = {}
        """What is known of each memo, the latest last."""
        self._is_recalling = False

    def _flavour(self, key: Node) -> str:
        flavour = super()._flavour(key)
        return "plain" if flavour == "loud" and self._is_recalling else flavour  # what did not run may be equal to what was

    def _begin_revision(self) -> None:
        self.cells["untracked",].changed_at = self.revision

    def _execute(self, key: Node) -> Any:
        found = None if key[0] in _UNTRACED else self._recognised(key)
        if found is None:
            return super()._execute(key)
        trace, nodes = found
        old = self.memos.get(key)
        if key[0] == "rated" and old is not None and old.deps[0][0] == "specified":
            nodes.insert(0, old.deps[0])
        frame = Frame(key, dict.fromkeys(nodes), list(trace.pushed))
        caller, self.frame = self.frame, frame
        here = Surroundings(self, 0)
        made = tuple(here.make(*fields) for fields in trace.created)
        for identity, value in trace.rated:
            here.rate(frame.created[identity], value)
        self.frame = caller
        value = made if key[0] in ("parts", "inside") else trace.value
        self._is_recalling = True
        self._publish(frame, value)
        self._is_recalling = False
        self._use(key)
        return value

    def _publish(self, frame: Frame, value: Any) -> None:
        super()._publish(frame, value)
        if frame.key[0] in _UNTRACED:
            return
        reads = tuple((address(node), self._came_to(node)) for node in frame.reads if node[0] != "specified")
        kept = self.traces.setdefault(address(frame.key), [])
        created = tuple((part.ident, part.fields["v"][0], part.fields["w"][0]) for part in frame.created.values())
        rated = tuple((identity, self.memos["rated", part].value) for identity, part in frame.created.items() if part in frame.rated)
        trace = Trace(reads, canonical(value), tuple(frame.pushed), created, rated)
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
        kind, *rest = where
        match kind:
            case "x" | "y":
                generation = self.items.get(rest[0])
                return None if generation is None else (*where, generation)
            case "item":
                generation = self.items.get(rest[1])
                return None if generation is None else (*where, generation)
            case "facet" | "on_part" | "inside" | "rated":
                part = self._living_part(rest[0])
                return None if part is None else (kind, part, *rest[1:])
            case "outputs" | "collected":
                about = self._living(rest[0])
                return None if about is None else (kind, about)
            case "presence":
                self.cells.setdefault(where, Cell(None, 1))
        return where

    def _living_part(self, where: Node) -> PartModel | None:
        owner = self._living(where[1])
        memo = None if owner is None else self.memos.get(owner)
        return None if memo is None else memo.created.get(where[2:])

    def _is_up_to_date(self, node: Node) -> bool:
        """Bring what is read next up to date; what fails is for the body to meet."""
        target = node[1].owner if node[0] == "facet" else node[1] if node[0] == "outputs" else node
        if target[0] not in MEMO_KINDS:
            return True
        if target in self.failed:
            return False
        memo: Memo | None = self.memos.get(target)
        if memo is None or memo.verified_at != self.revision:
            caller, self.frame = self.frame, None
            try:
                if memo is None:
                    self._execute(target)
                else:
                    self._verify(target)
            except Boom as error:
                self.failed[target] = (error, self.last_reads)
                return False
            finally:
                self.frame = caller
        return node[0] != "facet" or node[1].is_alive

    def _came_to(self, node: Node) -> Any:
        """What a node comes to, wrapped; None when it is never the same."""
        match node[0]:
            case "members":
                return (tuple(sorted(self.items)),)
            case "presence":
                return (node[1] in self.items,)
            case "untracked":
                return None
            case "facet":
                return (node[1].fields[node[2]][0],)
            case "outputs":
                memo = self.memos[node[1]]
                return memo.pushed, tuple(map(address, self.calls(node[1])))
        if node[0] in MEMO_KINDS:
            return None if self._flavour(node) == "loud" else (canonical(self.memos[node].value),)
        return (self.cells[node].value,)


def address(node: Node) -> Node:
    """A node without the generation of the input, or the object of the struct, that it is about."""
    kind, *rest = node
    match kind:
        case "x" | "y":
            return node[:2]
        case "item":
            return node[:3]
        case "facet" | "on_part" | "inside" | "rated":
            return (kind, canonical(rest[0]), *rest[1:])
        case "outputs" | "collected":
            return kind, address(rest[0])
    return node


def canonical(value: Any) -> Any:
    """A value with addresses for structs."""
    if isinstance(value, PartModel):
        return "part", address(value.owner), value.ident, value.ordinal
    return tuple(map(canonical, value)) if isinstance(value, tuple) else value
