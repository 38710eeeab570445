"""Traces: results that a memo had in earlier states of what it reads, and where they are found.

Those of earlier commits are in the store; those of this process that another result has replaced before a commit are kept here until then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.engine import memostore, sides
from lestockage.engine.inputs import Input
from lestockage.engine.node import MISSING, Cell, Facet, Memo, Node, each
from lestockage.engine.stored import GONE

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
                # What the row's execution made is in memory too, unless the memo is due because that could not be had.
                is_present = not place and not is_unsaved and kept.digest == stored.digest and memo.suspects is not GONE
                found.append(Trace(kept.deps, kept.reads, kept.digest, kept.effects, None, is_present))
        return [trace for trace in map(_of_the_body, found) if trace is not None] if declaration.handles else found

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
        """Write what was replaced, where everything that it read has a row; inside a transaction.

        A memo that was discarded before it ever had a row gets one that is due: it is asked when what it is keyed on is back.
        """
        store = self._durable.store
        ids = {call: row.id for call in self.replaced if (row := store.find(*call)) is not None}
        absent = [call for call in self.replaced if call not in ids]
        ids.update(zip(absent, store.new_ids(len(absent)) if absent else (), strict=True))
        store.insert([memostore.Row(ids[call], *call, None, 1, 1, is_dirty=True) for call in absent])
        rows: list[tuple[int, int, memostore.Trace]] = []
        values: list[tuple[bytes, bytes]] = []
        for call, traces in self.replaced.items():
            for trace in traces:
                deps = [self._dep(ref, ids) for ref in trace.refs]
                if None in deps:
                    continue
                rows.append((ids[call], self._durable.names.put_code_of(call[0]), memostore.Trace(tuple(deps), *trace[1:4])))  # type: ignore[arg-type]  # no None
                if trace.data is not None and trace.digest is not None and len(trace.digest) == memostore.HASH_LENGTH:
                    values.append((trace.digest, trace.data))
        store.put_values(values)
        store.put_traces(rows)
        if absent:
            store.invalidate([ids[call] for call in absent])

    def _dep(self, ref: Node | Dep, ids: dict[tuple[int, bytes], int]) -> Dep | None:
        """How what was read is written, whether or not it is there now; None when it has no row."""
        if not isinstance(ref, Node):
            return ref
        durable = self._durable
        memo = ref.owner if isinstance(ref, Facet) else ref
        if not isinstance(memo, Memo):
            return durable.dep(self.living(ref) or ref)
        if not is_discarded(memo):
            return durable.dep(ref)
        name = durable.names.of_query(memo.table.declaration)
        key = durable.key(memo)
        if name is None or key is None:
            return None
        number = ids.get((name, key))
        if number is None:
            row = durable.store.find(name, key)
            number = None if row is None else row.id
        side = sides.side_of(durable, ref) if isinstance(ref, Facet) else None
        if number is None or (side is None and isinstance(ref, Facet)):
            return None
        return number if side is None else (number, side)

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
            return durable.nodes.facet_of(memo, ref) if isinstance(ref, Facet) and ref.value is MISSING else ref
        again = durable.nodes.again(memo)
        return again if again is None or not isinstance(ref, Facet) else durable.nodes.facet_of(again, ref)


def _of_the_body(trace: Trace) -> Trace | None:
    """A trace without the remark that the value was not specified; None for a value that was, which no body has given."""
    first = trace.refs[0] if trace.refs else None
    is_specified = isinstance(first.about, Memo) if isinstance(first, Facet) else type(first) is tuple and sides.is_specified(first[1])
    if not is_specified:
        return trace
    return trace._replace(refs=trace.refs[1:], reads=trace.reads[1:]) if trace.reads[0] == sides.UNSPECIFIED_READ else None


def is_discarded(memo: Memo) -> bool:
    """Whether a memo was taken out of the graph with what it was keyed on."""
    return not memo.verified_at and memo.stored is None
