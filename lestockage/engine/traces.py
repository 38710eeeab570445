"""Traces: results that a memo had in earlier states of what it reads, and where they are found.

Those of earlier commits are in the store; those of this process that another result has replaced before a commit are kept here until then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.engine import memostore
from lestockage.engine.inputs import Input
from lestockage.engine.node import Cell, Facet, Memo, Node, each

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lestockage.engine.durable import Durable
    from lestockage.engine.memostore import Dep

_KEPT = 16
"""Uncommitted results of one memo."""


class Trace(NamedTuple):
    """One result: what was read, in order, as nodes in memory or as ids, what each came to, and what came of it.

    `is_present` when it is the memo's latest result, whose dependencies may all have gone back to what they were.
    """

    refs: tuple[Node | Dep, ...]
    reads: tuple[bytes, ...]
    digest: bytes | None
    effects: bytes | None
    data: bytes | None
    is_present: bool


class Traces:
    """The earlier results of one store's memos."""

    def __init__(self, durable: Durable) -> None:
        self._durable = durable
        self.replaced: dict[tuple[int, bytes], list[Trace]] = {}
        """By the name and key of the memo, which may have been discarded; the latest last."""

    def of(self, memo: Memo) -> list[Trace]:
        """Every known result of a memo with the present code, the latest first."""
        durable = self._durable
        stored = memo.stored
        if stored is None and not self.replaced:
            return []
        declaration = memo.table.declaration
        name = durable.names.of_query(declaration)
        if name is None or declaration.is_task:
            return []
        found: list[Trace] = []
        is_unsaved = durable.is_unsaved(memo)
        if is_unsaved and stored.reads is not None:
            found.append(Trace(tuple(each(memo.deps)), stored.reads, stored.digest, stored.effects, stored.data, is_present=True))
        if self.replaced:
            key = durable.key(memo)
            if key is not None:
                found += reversed(self.replaced.get((name, key), ()))
        code = durable.names.code(declaration) if stored is not None and stored.id else None
        if code is not None:
            for place, kept in enumerate(durable.store.traces(stored.id, code)):
                is_present = not place and not is_unsaved and kept.digest == stored.digest
                found.append(Trace(kept.deps, kept.reads, kept.digest, kept.effects, None, is_present))
        return found

    def replace(self, memo: Memo) -> None:
        """The uncommitted result of a memo is about to be replaced, or its memo discarded."""
        stored = memo.stored
        if stored.reads is None:
            return
        name = self._durable.names.of_query(memo.table.declaration)
        key = self._durable.key(memo)
        if name is None or key is None:
            return
        kept = self.replaced.setdefault((name, key), [])
        trace = Trace(tuple(each(memo.deps)), stored.reads, stored.digest, stored.effects, stored.data, is_present=False)
        kept[:] = [other for other in kept if (other.refs, other.reads) != trace[:2]][1 - _KEPT :]
        kept.append(trace)

    def write(self) -> None:
        """Write what was replaced, where the memo and everything that it read has a row; inside a transaction."""
        durable = self._durable
        store = durable.store
        rows: list[tuple[int, int, memostore.Trace]] = []
        values: list[tuple[bytes, bytes]] = []
        for (name, key), traces in self.replaced.items():
            row = store.find(name, key)
            if row is None:
                continue
            for trace in traces:
                deps = [self._durable.dep(node) for node in map(self.living, trace.refs) if isinstance(node, Node)]
                if len(deps) < len(trace.refs) or None in deps:
                    continue
                rows.append((row.id, durable.names.put_code_of(name), memostore.Trace(tuple(deps), *trace[1:4])))  # type: ignore[arg-type]  # no None
                if trace.data is not None and trace.digest is not None and len(trace.digest) == memostore.HASHED_FROM:
                    values.append((trace.digest, trace.data))
        store.put_values(values)
        store.put_traces(rows)

    def clear(self) -> None:
        """What was replaced has been written."""
        self.replaced.clear()

    def living(self, ref: Node | Dep, ahead: Sequence[Node | Dep] = ()) -> Node | None:
        """The node that stands now for what was read then: an input that was deleted may be back. Those `ahead` are read next."""
        durable = self._durable
        if not isinstance(ref, Node):
            with durable.lock:
                return durable.nodes.node_of(ref, ahead)
        if isinstance(ref, Cell):
            owner = ref.owner
            if not isinstance(owner, Input) or owner._cells is not None:
                return ref
            handle = durable.db.find_input(type(owner), owner._key)
            return None if handle is None else next(cell for cell in handle._cells or () if cell.name == ref.name)
        memo = ref.owner if isinstance(ref, Facet) else ref
        assert isinstance(memo, Memo)  # noqa: S101  # the only other nodes
        if not is_discarded(memo):
            return ref
        again = durable.nodes.again(memo)
        return again if again is None or not isinstance(ref, Facet) else durable.nodes.facet_of(again, ref)


def is_discarded(memo: Memo) -> bool:
    """Whether a memo was taken out of the graph with what it was keyed on."""
    return not memo.verified_at and memo.stored is None
