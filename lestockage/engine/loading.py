"""Loading: the way of a memo from its row into memory when its call is asked for.

A call from outside that is stored and holds takes the short way (`hit`): it is no reader that writes wait for. What it takes from the
store it puts into memory under the lock under which a write dirties what is there: a write finds it there, or it finds what the write left.

Other processes are looked for once for each look into the file. Rows that were read together with others are at hand as memos in memory
are: they hold until memory follows the file, and asking for them is no look into it.

A value that can be changed is decoded for whoever asks for it first, and kept as bytes: most are asked for once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.engine.node import MISSING, STALE, new_memo
from lestockage.engine.overtaken import Overtaken

if TYPE_CHECKING:
    from lestockage.engine.declaration import Declaration
    from lestockage.engine.durable import Durable
    from lestockage.engine.node import Memo
    from lestockage.engine.table import Table


_TOGETHER = 4
"""From so many on, rows are worth one look for all of them."""
_SLICE = 512


class Loading:
    """The look-ups of one store's memos by their calls."""

    __slots__ = ("_at_hand", "_durable", "_expected", "_lock", "_look")

    def __init__(self, durable: Durable) -> None:
        self._durable = durable
        self._lock = durable.lock
        self._look = durable.store.look
        self._at_hand = durable.store.at_hand
        self._expected: list[list[int]] = []
        """Nodes that running bodies read the last time and have not asked for yet, those that they will ask for first at the end."""

    def hit(self, table: Table, key: Any, args: Any) -> Any:
        """What an outermost call has come to, when it is stored, holds, and is not in memory; MISSING when there is more to be done."""
        try:
            with self._lock:
                return self._hit(table, key, args)
        except Overtaken:
            return MISSING  # while something was loaded that the value speaks of; who begins as a reader follows

    def _hit(self, table: Table, key: Any, args: Any) -> Any:
        durable = self._durable
        declaration = table.declaration
        entries = table.entries
        name = durable.names.ready.get(declaration)
        if name is None or table.lru is not None or durable.sweeping.is_due or not durable.db.is_undisturbed:
            return MISSING
        if key in entries:
            return self._again(entries[key])
        encoded = durable.encoded(declaration, args)
        if encoded is None:
            return MISSING
        row = self._at_hand(name, encoded)
        if row is None:
            row = self._look(name, encoded)
            if durable.following.is_behind():
                return MISSING
        memo = new_memo(table, args)
        if declaration.handles:
            table.register(memo)
        options = declaration.options
        is_lent = table.copy is not None and options.eq is None and options.durable
        if row is not None:
            durable.nodes.adopt(memo, row, is_asked=not is_lent)
        if entries.setdefault(key, memo) is not memo or row is None or memo.suspects is not None:
            return MISSING
        if is_lent:
            return durable.values.lent(memo, row.data)
        return MISSING if memo.value is STALE else memo.value if table.copy is None else table.copy(memo.value)

    def _again(self, memo: Memo) -> Any:
        """The value of a memo in memory that holds, and whose bytes are at hand; MISSING for any other."""
        if memo.suspects is not None or not memo.verified_at or not self._durable.values.is_at_hand(memo):
            return MISSING
        if memo.value is STALE and not self._durable.values.restore(memo):
            return MISSING
        copy = memo.table.copy
        return memo.value if copy is None else copy(memo.value)

    def load(self, memo: Memo, key: Any) -> Memo:
        """Fill a new memo from the store, if it is known there, and put it into its table; returns the one that is there."""
        durable = self._durable
        table = memo.table
        entries = table.entries
        with self._lock:
            durable.flush()
            if key in entries:
                return entries[key]  # another thread was faster, or what it is keyed on has brought it
            name = durable.names.of_query(table.declaration)
            if name is None or name in durable.names.fresh:
                table.may_be_stored = False
                return entries.setdefault(key, memo)
            encoded = durable.key(memo)
            row = None
            if encoded is not None:
                row = self._at_hand(name, encoded)
                while row is None and self._expected:
                    self._read_expected()
                    row = self._at_hand(name, encoded)
                if row is None:
                    row = durable.following.read(lambda: self._look(name, encoded))
            if key in entries:
                return entries[key]
            if row is not None and name not in durable.names.detached:
                durable.nodes.adopt(memo, row, is_asked=True)
            return entries.setdefault(key, memo)

    def expect(self, memo: Memo) -> int | None:
        """Have rows of what a memo read the last time read together while its body runs, until `met`; None when they need not be."""
        stored = memo.stored
        if stored is None or stored.is_linked or not stored.id:
            return None
        durable = self._durable
        with self._lock:
            deps = durable.following.read(lambda: durable.store.deps([stored.id])).get(stored.id, ())
            by_id = durable.nodes.by_id
            absent = [dep for dep in deps if type(dep) is int and dep not in by_id]
            if len(absent) < _TOGETHER:
                return None
            absent.reverse()
            self._expected.append(absent)
            return len(self._expected)

    def met(self, mark: int) -> None:
        """The body is done for which `expect` gave this mark."""
        with self._lock:
            del self._expected[mark - 1 :]

    def _read_expected(self) -> None:
        """Read the rows of the next slice; nobody asks for those of cells by a key, so a slice may bring none."""
        absent = self._expected[-1]
        ids = absent[-_SLICE:]
        del absent[-_SLICE:]
        if not absent:
            self._expected.pop()
        self._durable.following.read(lambda: self._durable.store.read_ahead(ids))

    def has(self, declaration: Declaration, key: bytes) -> bool:
        """Whether a task's result is stored."""
        durable = self._durable
        with self._lock:
            name = durable.names.of_query(declaration)
            return name is not None and name not in durable.names.fresh and durable.store.find(name, key) is not None
