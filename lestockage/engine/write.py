"""Write: change inputs, alone, in one revision.

A write waits until no query runs and keeps new ones out meanwhile. `with db.write():` holds that state for several changes; queries may
not be asked inside, because between two revisions there is no state that an answer could be true of.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Self

from lestockage.engine.frame import current
from lestockage.engine.mark import mark
from lestockage.engine.node import Cell, each
from lestockage.errors import WriteInsideQuery

if TYPE_CHECKING:
    from types import TracebackType

    from lestockage.engine.runtime import Engine


class Exclusive:
    """A context in which this thread alone works on the database; entering it again in the same thread is free."""

    __slots__ = ("_db", "_depth", "_revision", "owner")

    def __init__(self, db: Engine) -> None:
        self._db = db
        self.owner: int | None = None
        """The thread that writes, or waits to."""
        self._depth = 0
        self._revision = 0

    def is_mine(self) -> bool:
        """Whether this thread is the one that writes."""
        return self.owner == threading.get_ident()

    def __enter__(self) -> Self:
        frame = current()
        if frame is not None:
            raise WriteInsideQuery(
                f"an input was changed inside {frame.memo.describe()}: a query may only read. "
                "Change inputs outside of queries, or return what should be changed."
            )
        if self.is_mine():
            self._depth += 1
            return self
        db = self._db
        if db.suspended.get(threading.get_ident()):
            raise WriteInsideQuery(
                "an input was changed while an async query is under way in this thread's event loop: waiting here would be forever. "
                "Await the query first, or change inputs from another thread."
            )
        with db.lock:
            while self.owner is not None:
                db.turnstile.wait()
            self.owner = threading.get_ident()
            db.is_calm = False  # before the first look at who is running: see `Engine.is_calm`
            try:
                while db.is_asked():
                    db.turnstile.wait()
                db.check_open()
            except BaseException:
                self.owner = None
                db.calm_down()
                db.turnstile.notify_all()
                raise
            db.halt()
        if db.store is not None:
            try:
                db.store.following.take_over()
            except BaseException:
                self._leave()
                raise
        self._revision = db.revision
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        if self._depth:
            self._depth -= 1
            return
        db = self._db
        try:
            if db.revision != self._revision:
                db.begin_revision()
        finally:
            self._leave()

    def _leave(self) -> None:
        """Let the others go on."""
        db = self._db
        with db.lock:
            self.owner = None
            db.resume()
            db.calm_down()
            db.turnstile.notify_all()

    def followed(self, before: int) -> None:
        """The revision that was `before` has become another one by what somebody else has written: what changes here comes after it."""
        if self._revision == before:
            self._revision = self._db.revision

    def next_revision(self) -> int:
        """The revision that this write makes: one, however many changes it holds."""
        db = self._db
        if db.revision == self._revision:
            db.revision += 1
        return db.revision


def set_cell(db: Engine, cell: Cell, value: Any) -> None:
    """Give a cell a new value and dirty the cone above it; the caller holds `db.exclusive` and has found the value to be different.

    Going back to the value before, when nobody has looked in between, takes the change back.
    """
    revision = db.exclusive.next_revision()
    before = cell.before
    cell.digest = None
    if before is not None and db.are_equal(before[0], value) and all(_suspects(reader, cell) for reader in each(cell.dependents)):
        cell.value, cell.changed_at = before
        cell.before = None
    else:
        cell.before = (cell.value, cell.changed_at) if before is None or not _unseen(cell) else before
        cell.value = value
        cell.changed_at = revision
    mark(db, cell)
    if db.store is not None:
        db.store.inputs.touch(cell)


def _unseen(cell: Cell) -> bool:
    """Whether every reader of the cell is dirty because of it: nobody is green over its present value."""
    return all(_suspects(reader, cell) for reader in each(cell.dependents))


def _suspects(reader: Any, cell: Cell) -> bool:
    suspects = reader.suspects
    return suspects is cell or (type(suspects) is dict and cell in suspects)
