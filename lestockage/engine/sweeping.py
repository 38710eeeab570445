"""Sweeping: how stored memos hear of changes: what of the stored cone is in memory is dirtied, and the rest when it is loaded.

Nothing is written before the commit, and then what was not found to hold (`dirt`). Beside other processes the cone is dirtied in the file,
in one transaction with the inputs: they would find rows dirty over inputs that have not changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.engine.dirt import Dirt
from lestockage.engine.mark import mark
from lestockage.engine.memostore import Suspect
from lestockage.engine.node import STALE, Memo, Node, each
from lestockage.engine.stored import UNLOADED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lestockage.engine.durable import Durable

_DUE = -1
"""The place of the suspect of a node that is due in any case."""


class Sweeping:
    """The changes of one database that its store has not heard of, or not in full."""

    def __init__(self, durable: Durable) -> None:
        self._durable = durable
        self.dirt = Dirt()
        self._again: dict[Memo, None] = {}
        """Memos with results not committed that are dirty once more: what the store says that they read may not lead to them."""
        self._outdated: dict[int, None] = {}
        """Rows of memos that were discarded, with a later result than the row says."""
        self._above: dict[int, dict[Memo, None]] = {}
        """Loaded memos by the rows that made them dirty, until a commit that makes them clean."""

    # -- what happens in memory

    def turned(self, memo: Memo, *, is_same: bool) -> None:
        """A memo has turned green: those above it hear of it, where its value is all that they can have read."""
        db = self._durable.db
        number = memo.stored.id
        if number:
            is_plain = not db.was_undone and memo not in db.participants and memo not in db.facets
            self.dirt.turned(number, is_same=is_same and is_plain)

    def dirtied(self, memo: Memo) -> None:
        """A memo is dirty because of what is in memory."""
        if self._durable.row_before(memo):
            self._again[memo] = None

    def discarded(self, memo: Memo) -> None:
        """A memo is about to be discarded."""
        number = self._durable.row_before(memo)
        if number:
            self._outdated[number] = None

    def forgotten(self, memo: Memo) -> None:
        """A memo has nothing to do with its row any more."""
        self._again.pop(memo, None)

    def suspected(self, memo: Memo, number: int) -> None:
        """A loaded memo is dirty because of that row."""
        self._above.setdefault(number, {})[memo] = None

    # -- what the store hears of it

    @property
    def is_due(self) -> bool:
        """Whether anything has changed that the stored memos have not heard of."""
        return bool(self._durable.inputs.has_unswept or self._again or self._outdated)

    def flush(self) -> None:
        """Let stored memos hear of all that has changed."""
        durable = self._durable
        records = durable.following.has_company and durable.inputs.has_changes and not durable.transactions.is_open
        if not self.is_due and not records:
            return
        with durable.lock:
            self.settle()
            again, outdated = tuple(self._again), tuple(self._outdated)
            if not durable.following.has_company or durable.store.is_pinned:
                found = durable.following.read(lambda: durable.store.cone(self._sources(again, outdated)))
                self.dirt.swept([*found, *[Suspect(number, _DUE, 0, has_sides=False, was_dirty=False) for number in outdated]])
                self._swept(found, again, outdated)
            if not durable.following.has_company or durable.store.is_pinned:
                return  # else others were met just now
            with durable.writing(is_change=records):
                self._flush_to_file(again, outdated)
                if records:
                    durable.write_inputs()
            if records:
                durable.inputs.written()

    def _flush_to_file(self, again: tuple[Memo, ...], outdated: tuple[int, ...]) -> None:
        """Dirty the stored cone in the file; inside a transaction."""
        durable = self._durable
        durable.on_failure(durable.inputs.renew)
        durable.on_failure(lambda: self._again.update(dict.fromkeys(again)))
        durable.on_failure(lambda: self._outdated.update(dict.fromkeys(outdated)))
        durable.nodes.forget_rows()
        # From what was dirty here only as well: others may have read it.
        found = durable.store.sweep([*self._sources(again, outdated), *self.dirt.nodes()])
        self.write_dirt()
        durable.store.invalidate([row.id for row in durable.store.rows(outdated)])
        durable.on_failure(self.dirt.forgotten())
        durable.nodes.swept(found)
        self._swept(found, again, outdated)

    def _sources(self, again: Iterable[Memo], outdated: Iterable[int]) -> list[int]:
        rows = [self._durable.row_before(memo) if memo.stored is None else memo.stored.id for memo in again]
        return [*self._durable.inputs.unswept(), *filter(None, rows), *outdated]

    def _swept(self, found: Iterable[Suspect], again: Iterable[Memo], outdated: Iterable[int]) -> None:
        """The cone above what has changed is known."""
        durable = self._durable
        if durable.inputs.has_unswept or durable.db.exclusive.is_mine():  # else queries run: what they have read is not taken from them
            self.spread({suspect.dependent for suspect in found})
        durable.inputs.swept()
        for memo in again:
            self._again.pop(memo, None)
        for number in outdated:
            self._outdated.pop(number, None)

    def after_write(self) -> None:
        """At the end of a write: what is in memory without its dependencies must hear of the change now."""
        if self._durable.nodes.has_unlinked:
            self.flush()

    def spread(self, swept: set[int]) -> None:
        """Dirty the memos in memory that the store has dirtied, and those above them that it had dirtied before.

        A sweep ends at what is dirty in the store already. What was found to hold since is dirty there until the commit, so from there on
        the way up is the one by which its suspects were found.
        """
        durable = self._durable
        pending = list(swept)
        seen = set(swept)
        while pending:
            number = pending.pop()
            node = durable.nodes.by_id.get(number)
            if isinstance(node, Memo) and not node.stored.is_linked:
                node.suspects = UNLOADED
                node.value = STALE
                durable.unverified(node)
                mark(durable.db, node)
            if not self._above:
                continue
            readers: list[Node] = [*self._above.get(number, ()), *each(None if node is None else node.dependents)]
            for reader in readers:
                if reader.stored is not None and reader.stored.id and reader.stored.id not in seen:
                    seen.add(reader.stored.id)
                    pending.append(reader.stored.id)

    def settle(self) -> None:
        """Have stored memos hear of what has been found to hold."""
        self.dirt.settle(self._durable.nodes.by_id)

    def write_dirt(self) -> None:
        """Have the store note the dirt that it does not know of; inside a transaction."""
        self.settle()
        self._durable.store.put_suspects(self.dirt.left())
        self._durable.on_failure(self.dirt.written())

    def committed(self, *, are_all_clean: bool) -> None:
        """The store says what memory does. What is above a result that it cannot hold is dirty there, and green here."""
        self.dirt.committed()
        self._again.clear()
        if are_all_clean:
            self._above.clear()
