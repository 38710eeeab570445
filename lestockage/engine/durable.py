"""Durable: keeps memos and inputs in step with a memo store.

What is in memory without its dependencies hears of changes through the store, which knows the cone above a changed input: whatever of that
cone is in memory is dirtied with it (`sweeping`; `durable_nodes` loads, `traces` keeps what was).
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from lestockage.engine import record, sides
from lestockage.engine.codec import digest
from lestockage.engine.commit import meet_rows, spread_dirt, storable, write
from lestockage.engine.durable_inputs import DurableInputs
from lestockage.engine.durable_keys import Keys
from lestockage.engine.durable_names import Names
from lestockage.engine.durable_nodes import DurableNodes
from lestockage.engine.durable_structs import Structs
from lestockage.engine.durable_values import Values
from lestockage.engine.follow_memos import make_due, meet_result
from lestockage.engine.following import Following
from lestockage.engine.garbage_pause import garbage_pause
from lestockage.engine.loading import Loading
from lestockage.engine.node import Facet, Memo, Node, each
from lestockage.engine.sharing import Sharing
from lestockage.engine.store_transactions import StoreTransactions
from lestockage.engine.stored import Stored
from lestockage.engine.sweeping import Sweeping
from lestockage.engine.traces import Trace, Traces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lestockage.engine.memostore import Dep, MemoStore, Row
    from lestockage.engine.runtime import Engine


class Durable:
    """One engine's side of its store."""

    def __init__(self, db: Engine, store: MemoStore) -> None:
        self.db = db
        self.store = store
        self.lock = threading.RLock()
        self.keys = Keys(self)
        self.key, self.key_codec, self.encoded = self.keys.of, self.keys.codec, self.keys.encoded
        self.transactions = StoreTransactions(self)
        self.writing, self.on_failure = self.transactions.writing, self.transactions.on_failure
        self.names = Names(self)
        self.inputs = DurableInputs(self)
        self.nodes = DurableNodes(self)
        self.traces = Traces(self)
        self.values = Values(self)
        self.loading = Loading(self)
        self.structs = Structs(self)
        self.sweeping = Sweeping(self)
        self.flush, self.after_write, self.dirtied = self.sweeping.flush, self.sweeping.after_write, self.sweeping.dirtied
        self._unsaved: dict[Memo, None] = {}
        self._verified: dict[Memo, None] = {}
        self._superseded: dict[Memo, int] = {}
        """Memos whose latest result cannot be stored, with the row of an earlier one."""
        self.following = Following(self)
        self.sharing = Sharing(self, store.leases)
        db.revision = self.following.base

    # -- keeping

    def replacing(self, memo: Memo) -> None:
        """A memo's result is about to be replaced, with its dependencies: one that was not committed becomes a trace."""
        if memo in self._unsaved and memo.stored is not None:
            self.traces.replace(memo)

    def published(self, memo: Memo, fresh: Stored | None, *, is_same: bool) -> None:
        """A memo has a new result; it will be written at the next commit."""
        self._verified.pop(memo, None)
        before = memo.stored
        if fresh is None:
            self._cannot_store(memo)
            if not is_same and memo in self._superseded:
                self.sweeping.dirt.differs(self._superseded[memo])
            return
        if before is not None:
            fresh.id = before.id
            if is_same and before.digest != fresh.digest and memo.table.declaration.options.durable:
                # Equal by a comparison of the query's own: what is served is the value from before.
                fresh.digest, fresh.data = before.digest, before.data
        elif memo in self._superseded:
            fresh.id = self._superseded.pop(memo)
        memo.stored = fresh
        self._unsaved[memo] = None
        self.sweeping.turned(memo, is_same=is_same)

    def restated(self, memo: Memo, fresh: Stored) -> None:
        """A memo that was specified is what its creator's record says, whatever its own row did."""
        memo.stored = fresh
        if fresh.id:
            self.nodes.by_id[fresh.id] = memo
            self.sweeping.dirt.differs(fresh.id)
        self._unsaved[memo] = None

    def _cannot_store(self, memo: Memo) -> None:
        """The latest result of a memo has no place in the store; its row tells of an earlier one, with other dependencies."""
        stored = memo.stored
        if stored is not None and stored.id:
            self.nodes.by_id.pop(stored.id, None)
            self._superseded[memo] = stored.id
        self._unsaved.pop(memo, None)
        memo.stored = None

    def recalling(self, memo: Memo, trace: Trace, reads: dict[Node, None]) -> Stored | None:
        """The stored form of a result of an earlier state that is about to hold again; None when it, or what it made, cannot be kept."""
        came_to = self.values.reads(list(reads)[: len(reads) - len(trace.reads)])
        fresh = None if came_to is None else Stored(0, trace.digest, trace.data, is_linked=True, reads=(*came_to, *trace.reads))
        return self.values.with_effects(memo, reads, fresh)

    def renumbered(self) -> None:
        """Revisions have other numbers now: records of uncommitted results tell when fields of structs changed."""
        for memo in list(self._unsaved):
            if memo.stored is not None and (memo in self.db.created or memo in self.db.specified):
                try:
                    memo.stored.effects = record.record(self, memo)
                except record.Unrecordable:  # a body that failed since has made what cannot be written
                    self._cannot_store(memo)

    def is_unsaved(self, memo: Memo) -> bool:
        """Whether a memo's latest result has not been committed."""
        return memo in self._unsaved

    def row_before(self, memo: Memo) -> int:
        """The row of a memo whose latest result has not been written there; 0 when there is none."""
        stored = memo.stored
        if stored is None:
            return self._superseded.get(memo, 0)
        return stored.id if memo in self._unsaved else 0

    def has_row_in_use(self, number: int) -> bool:
        """Whether something in memory goes by a row, or will be written to it once it can be."""
        return number in self.nodes.by_id or number in self._superseded.values()

    def learned(self, memo: Memo, data: bytes) -> None:
        """A task's result arrived as bytes; it is decoded when it is asked for."""
        memo.stored = Stored(0, digest(data), data, is_linked=True)
        self._unsaved[memo] = None

    def validated(self, memo: Memo, *, is_same: bool = True) -> None:
        """A memo was found to hold, with the result that it had; `is_same` is False where those who have it must look once more."""
        if memo.stored is not None and memo.stored.id:
            if memo not in self._unsaved:
                self._verified[memo] = None
            self.sweeping.turned(memo, is_same=is_same)

    def unverified(self, memo: Memo) -> None:
        """A memo that was found to hold may not."""
        self._verified.pop(memo, None)

    # -- beside other processes

    def unsaved_unknown(self) -> list[Memo]:
        """The memos with results not committed that no row is known of."""
        return [memo for memo in self._unsaved if memo.stored is not None and not memo.stored.id]

    def row_of(self, memo: Memo) -> Row | None:
        """The row of a memo that this process has not loaded, looked up by its key."""
        name = self.names.of_query(memo.table.declaration)
        key = self.key(memo)
        return None if name is None or key is None else self.store.find(name, key)

    def can_share(self, memo: Memo) -> bool:
        """Whether what a memo is about to compute can be found in the file, or put there, as things are."""
        db = self.db
        return (
            memo.table.declaration.options.durable
            and self.can_share_tasks()
            and memo not in db.facets
            and memo not in db.participants
            and memo not in db.created
            and memo not in self._superseded
        )

    def can_share_tasks(self) -> bool:
        """Whether what depends on no input can be put into the file at once, as things are."""
        return not self.inputs.has_changes and not self.store.is_pinned and not self.db.exclusive.is_mine()

    def take_result(self, memo: Memo) -> bool:
        """Let a claimed memo have the result that another process has stored for it meanwhile; False when there is none."""
        with self.lock:
            name = self.names.of_query(memo.table.declaration)
            key = self.key(memo)
            if name is None or key is None:
                return False
            row = self.following.read(lambda: self.store.find(name, key))
            if row is None or row.is_dirty or not row.is_sound or row.effects is not None:
                return False
            meet_result(self, memo, row)
            self.db.counts.loaded += 1
            return self.values.restore(memo, row.data)

    def look_again(self, memo: Memo) -> None:
        """Let a claimed dirty memo have the result that another process has stored since it turned dirty, if there is one."""
        if not self.following.has_company or memo.suspects is None or memo.stored is None or not memo.stored.id or not self.can_share(memo):
            return
        with self.lock:
            for row in self.following.read(lambda: self.store.rows([memo.stored.id])):
                if not row.is_dirty and row.is_sound and row.effects is None:
                    meet_result(self, memo, row)
                    self.db.counts.loaded += 1

    def publish(self, memo: Memo, and_then: Callable[[], None]) -> bool:
        """Store a memo's new result at once, with what it rests on; False when it cannot be stored as things are.

        Raises:
            Overtaken: when the file has moved on.
        """
        with self.lock:
            if memo.suspects is not None or memo not in self._unsaved or not self.can_share(memo):
                return False
            if self._verified:
                # What the result rests on may be among them, and dirty in the file still: then all of it is clean, or nothing.
                memos, verified, _ = self._due({})
            else:
                memos, verified = storable(self, self._unsaved_below(memo), {}), []
            if memo not in memos:
                return False
            with self.writing(is_change=False):
                self._write(memos, verified)
                and_then()
            self._saved(memos)
            for each_verified in verified:
                self._verified.pop(each_verified)
        return True

    def _unsaved_below(self, memo: Memo) -> dict[Memo, None]:
        """A memo and those it rests on that were not committed."""
        below = {memo: None}
        pending = [memo]
        while pending:
            for dep in each(pending.pop().deps):
                if type(dep) is Memo and dep in self._unsaved and dep not in below:
                    below[dep] = None
                    pending.append(dep)
        return below

    def _write(self, memos: dict[Memo, bytes], verified: list[Memo]) -> None:
        """Write new results, and that others hold; inside a transaction."""
        write(self, memos, meet_rows(self, memos) if self.following.has_company else {})
        self.store.put_verified([memo.stored.id for memo in verified], self.db.revision)
        if self.following.has_company:
            dirtied = spread_dirt(self, memos, verified)
            if dirtied:
                self.nodes.forget_ahead()
                self.sweeping.spread(dirtied)

    def detach(self, numbers: set[int]) -> None:
        """Go on without the rows of these names: what is in memory with its dependencies holds, the rest has to run."""
        for declaration in self.names.declarations(numbers):
            for memo in list(self.db.ingredients[declaration.index].entries.values()):
                stored = memo.stored
                self._superseded.pop(memo, None)
                if stored is None:
                    continue
                if stored.is_linked:
                    self.forget(memo)
                else:
                    make_due(self, memo, None)

    def discard(self, memo: Memo) -> None:
        """A memo is discarded; what it came to may be asked again, once that which it is keyed on is back."""
        self.sweeping.discarded(memo)
        self.forget(memo)

    def forget(self, memo: Memo) -> None:
        """A memo has nothing to do with its row any more."""
        self.replacing(memo)
        self._unsaved.pop(memo, None)
        self.sweeping.forgotten(memo)
        self._verified.pop(memo, None)
        if memo.stored is not None:
            self.nodes.by_id.pop(memo.stored.id, None)
            memo.stored = None

    def dep(self, node: Node) -> Dep | None:
        """How a dependency is written; None when it has no row."""
        if isinstance(node, Facet):
            stored = node.owner.stored
            side = sides.side_of(self, node)
            return None if stored is None or not stored.id or side is None else (stored.id, side)
        return node.stored.id or None if node.stored is not None else None

    # -- writing

    def write_inputs(self) -> None:
        """Write inputs that have changed, and the revision in which they have; inside a transaction."""
        if self.inputs.has_changes:
            self.store.set_revision(self.db.revision)
            self.following.base = self.db.revision
            self.inputs.write()

    def number(self, nodes: Sequence[Node], ids: Iterable[int]) -> None:
        """Give nodes without a row the ids of their rows, in the transaction that is open."""
        for node, number in zip(nodes, ids, strict=True):
            node.stored = Stored(number, None)
            self.nodes.by_id[number] = node

        def forget() -> None:
            for node in nodes:
                if node.stored is not None:
                    self.nodes.by_id.pop(node.stored.id, None)
                    node.stored = None

        if nodes:
            self.on_failure(forget)

    def commit(self) -> None:
        """Make every green memo and every input durable. Writes nothing when nothing is new; after a failure it can be called again."""
        with self.lock, garbage_pause(len(self._unsaved) + self.inputs.change_count):
            due = self._due({})
            if not any(due) and not self.inputs.has_changes:
                return
            with self.writing(is_change=False):
                if self.inputs.has_changes:
                    self.following.moved()
                self.nodes.forget_ahead()
                if self.sweeping.is_due or self.following.has_company:
                    self.flush()
                    due = self._due(due[0])
                self.write_inputs()
                self.sweeping.write_dirt()
                memos, verified, overtaken = due
                dirty = [memo for memo in memos if memo.suspects is not None]
                self._write(memos, verified)
                self.traces.write()
                if overtaken or dirty:
                    self.following.moved()
                    self.store.invalidate([*overtaken, *(memo.stored.id for memo in dirty)])
            self.inputs.written()
            self.sweeping.committed(are_all_clean=not overtaken)
            self._saved(memos)
            for memo in memos:
                if memo.table.declaration.is_task:
                    # Found again by its key; whoever needed the value has read it.
                    memo.table.entries.pop(memo.args.key, None)
            self._verified.clear()
            self.traces.clear()

    def _saved(self, memos: dict[Memo, bytes]) -> None:
        """Note that memos are in the store as they are in memory."""
        for memo in memos:
            self._unsaved.pop(memo, None)
            stored = memo.stored
            stored.data = stored.reads = stored.effects = None
            if not memo.table.declaration.is_task:
                self.nodes.by_id[stored.id] = memo
            memo.table.may_be_stored = True
        self.names.fresh.clear()

    def _due(self, known: dict[Memo, bytes]) -> tuple[dict[Memo, bytes], list[Memo], list[int]]:
        """What a commit has to write: new results with their keys, memos that were validated, rows that a result cannot replace.

        Some keys may be known. Beside other processes, results that are dirty by now wait: the row may have a later one.
        """
        memos = storable(self, self._unsaved, known)
        verified = [memo for memo in self._verified if memo.suspects is None]
        overtaken = [memo.stored.id for memo in self._unsaved if memo not in memos and memo.stored is not None and memo.stored.id]
        if self.following.has_company:
            memos = {memo: key for memo, key in memos.items() if memo.suspects is None}
        return memos, verified, [*overtaken, *self._superseded.values()]
