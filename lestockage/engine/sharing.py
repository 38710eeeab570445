"""Sharing: work that takes long is done once by all processes on a file, with a lease while it runs and its result in the file at once.

A query is worth a lease when its bodies take a millisecond on average, callees not counted, and another process is at work on the
file: everybody else pays one comparison. Bodies are timed the first few times, and then now and then. Who finds a lease taken waits for
the result, which the holder writes as soon as it has it; where there is none in the end (the holder failed, was killed, its result cannot
be stored, the inputs changed), it computes. Who waits while it holds a lease itself waits for a bounded time, so no circle of processes
waits for ever.

Tasks are shared as queries are. Async queries, queries with side outputs, and those that may take part in cycles, are not.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Protocol

from blake3 import blake3

from lestockage.engine.frame import stack
from lestockage.engine.overtaken import Overtaken

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.engine.declaration import Declaration
    from lestockage.engine.durable import Durable
    from lestockage.engine.frame import Frame
    from lestockage.engine.runtime import Engine
    from lestockage.engine.table import Table

WORTH = 0.001
"""Seconds that a body must take on average to be worth a lease, which costs two small transactions."""
_TIMED_ALWAYS = 8
_TIMED_EVERY = 32
_PATIENCE = 10
"""How many times the average of a body's time somebody waits who holds a lease."""


class LeaseStore(Protocol):
    """Who is at work on what, among all processes on a file; owns the clock."""

    def clock(self) -> float:
        """Seconds of a clock that only runs on."""
        ...

    def pause(self, turn: int) -> None:
        """Wait before the next look, the longer the more often one has looked."""
        ...

    def has_others(self) -> bool:
        """Whether another process may be at work on the file; makes this one known."""
        ...

    def take(self, what: bytes) -> bool:
        """Take the lease on a piece of work, unless another who lives holds it."""
        ...

    def is_held(self, what: bytes) -> bool:
        """Whether another who lives holds the lease."""
        ...

    def drop(self, what: bytes) -> None:
        """Give a lease back; inside a transaction, with it."""
        ...


class _Spent(threading.local):
    """Seconds that this thread has spent in timed callees of the body that runs."""

    seconds = 0.0


class Sharing:
    """One database's part in the work on its file."""

    def __init__(self, durable: Durable, leases: LeaseStore) -> None:
        self._durable = durable
        self.leases = leases
        self._held: dict[Frame, bytes] = {}
        self._spent = _Spent()

    def execute(self, db: Engine, frame: Frame, invoke: Callable[[Engine, Frame], Any]) -> tuple[bool, Any]:
        """Run a body, timed and under a lease where that is worth it: (False, its result), or (True, the result of another process)."""
        table = frame.memo.table
        expected = None
        try:
            if table.cost >= WORTH and self._lease(frame):
                return True, frame.memo.value if table.copy is None else table.copy(frame.memo.value)
            expected = self._durable.loading.expect(frame.memo)
            if table.cost < WORTH and table.executed >= _TIMED_ALWAYS and table.executed % _TIMED_EVERY:
                return False, invoke(db, frame)
            return False, self._timed(db, frame, invoke)
        finally:
            if expected is not None:
                self._durable.loading.met(expected)

    def _timed(self, db: Engine, frame: Frame, invoke: Callable[[Engine, Frame], Any]) -> Any:
        spent = self._spent
        before, spent.seconds = spent.seconds, 0.0
        started = self.leases.clock()
        try:
            return invoke(db, frame)
        finally:
            elapsed = self.leases.clock() - started
            _learn(frame.memo.table, elapsed - spent.seconds)
            spent.seconds = before + elapsed

    def _lease(self, frame: Frame) -> bool:
        """Take the lease on a frame's work, if anybody could do the same; True when the result was found instead."""
        durable = self._durable
        memo = frame.memo
        if memo.table.declaration.can_cycle or not durable.can_share(memo) or not self.leases.has_others():
            return False
        started = self.leases.clock()
        limit = None
        if self._held and any(outer in self._held for outer in stack(frame)):
            limit = started + max(_PATIENCE * memo.table.cost, 0.01)
        turn = 0
        what = self._what(frame)
        if what is None:
            return False
        try:
            while True:
                if self.leases.take(what):
                    self._held[frame] = what
                    # Whoever had the lease before may have finished since this memo was looked up.
                    return durable.take_result(memo) and self._give_back(frame)
                while self.leases.is_held(what):
                    if limit is not None and self.leases.clock() > limit:
                        return False
                    self.leases.pause(turn)
                    turn += 1
                    durable.db.check_running(frame)
                if durable.take_result(memo):
                    return True
        finally:
            self._spent.seconds += self.leases.clock() - started

    def _what(self, frame: Frame) -> bytes | None:
        """What a frame is about to work on: the call, its code, and the state of the inputs that it is for."""
        durable = self._durable
        declaration = frame.memo.table.declaration
        key = durable.key(frame.memo)
        if declaration.is_task:
            return None if key is None else self.task_work(declaration, key)
        name = durable.names.of_query(declaration)
        if name is None or key is None:
            return None
        return blake3(b"%d %d " % (name, durable.following.generation) + key).digest()

    def task_work(self, declaration: Declaration, key: bytes) -> bytes | None:
        """What work on a task's result is called, in any state of the inputs; None when the result cannot be stored."""
        name = self._durable.names.of_query(declaration)
        return None if name is None else blake3(b"%d 0 " % name + key).digest()

    def _give_back(self, frame: Frame) -> bool:
        self.finish(frame, is_published=False)
        return True

    def finish(self, frame: Frame, *, is_published: bool) -> None:
        """Give the frame's lease back, if it has one, with its result when that was published."""
        what = self._held.pop(frame, None) if self._held else None
        if what is None:
            return
        if is_published:
            try:
                if self._durable.publish(frame.memo, lambda: self.leases.drop(what)):
                    return
            except Overtaken:
                pass  # the result is right for the state that this call is of; the next look into the store begins it anew
        with self._durable.store.transaction():
            self.leases.drop(what)


def _learn(table: Table, seconds: float) -> None:
    """Count one body's time into the average; later ones count for an eighth at least."""
    table.timed += 1
    table.cost += (seconds - table.cost) / min(table.timed, 8)


__all__ = ["LeaseStore", "Sharing"]
