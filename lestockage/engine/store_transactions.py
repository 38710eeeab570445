"""Store transactions: what memory takes for stored while one is open is taken back when it fails, and can be committed again."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lestockage.engine.durable import Durable


class StoreTransactions:
    """The transactions of one database in its store, one after the other."""

    def __init__(self, durable: Durable) -> None:
        self._durable = durable
        self.is_open = False
        self._undo: list[Callable[[], object]] = []
        """How to take back what memory took for stored in the transaction that is open."""

    @contextmanager
    def writing(self, *, is_change: bool = True, is_checked: bool = True) -> Iterator[None]:
        """A transaction of the store; if it fails, memory forgets what it believed to be stored. A block inside a block joins it.

        What other processes need not hear of is no change: dirt over inputs that are not committed. What is true in every state, as a new
        name is, need not be checked against the state that memory knows.

        Raises:
            Overtaken: inside a query, when the file has moved on.
        """
        with self._durable.lock:
            yield from self._transaction(is_change, is_checked)

    def _transaction(self, is_change: bool, is_checked: bool) -> Iterator[None]:
        if self.is_open:
            yield
            return
        following = self._durable.following
        try:
            with self._durable.store.transaction():
                self.is_open = not is_checked or following.check(True)
                if is_change:
                    following.moved()
                yield
        except BaseException:
            for undo in reversed(self._undo):
                undo()
            raise
        finally:
            self._undo.clear()
            self.is_open = False

    def on_failure(self, undo: Callable[[], object]) -> None:
        """Have something taken back in memory, should the transaction that is open fail."""
        self._undo.append(undo)
