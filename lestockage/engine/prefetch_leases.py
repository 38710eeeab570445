"""Prefetch leases: several processes that prefetch the same tasks from one file do each once.

While another process is at work on the file, a task is submitted with a lease on its result, which is written as soon as it is there. What
somebody else has a lease on is left until the end: most of it is in the file by then. Work that is no task, and may find out anything, has
no leases; nor has what cannot be written yet, because inputs have changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.engine.overtaken import Overtaken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lestockage.engine.declaration import Declaration
    from lestockage.engine.durable import Durable
    from lestockage.engine.runtime import Engine


class PrefetchLeases:
    """The leases of one prefetch."""

    def __init__(self, db: Engine, work: Any) -> None:
        self._db = db
        self._work = work
        declaration: Declaration | None = getattr(work, "declaration", None)
        self._declaration = declaration if declaration is not None and declaration.is_task else None
        self._held: dict[bytes, bytes] = {}
        """Work that is leased, by the key of its result."""
        self.left: list[Any] = []
        """Arguments that somebody else was at work on."""

    def mine(self, arguments: Iterable[Any]) -> Iterator[Any]:
        """The arguments that this process is to work on now; those that somebody else works on are `left`."""
        for argument in arguments:
            if self._take(argument):
                yield argument
            else:
                self.left.append(argument)

    def _take(self, argument: Any) -> bool:
        """Take the lease on an argument's result where there are leases; False when it is somebody else's, or the result is there."""
        found = self._leased(argument)
        if found is None:
            return True
        durable, key, what = found
        if not durable.sharing.leases.take(what):
            return False
        self._held[key] = what
        if self._is_known(durable, key):
            self._drop(durable, key)
            return False
        return True

    def _leased(self, argument: Any) -> tuple[Durable, bytes, bytes] | None:
        """The store, the key of a result and what a lease on it is on; None where there are no leases."""
        durable: Durable | None = self._db.store
        if durable is None or self._declaration is None or not durable.can_share_tasks() or not durable.sharing.leases.has_others():
            return None
        key: bytes = self._work.key(argument)
        what = durable.sharing.task_work(self._declaration, key)
        return None if what is None else (durable, key, what)

    def _is_known(self, durable: Durable, key: bytes) -> bool:
        assert self._declaration is not None  # noqa: S101  # it has a lease
        durable.following.attend(must_follow=True)
        return durable.loading.has(self._declaration, key)

    def finished(self, argument: Any) -> None:
        """The result of an argument was learned: write it, and give its lease back with it."""
        if not self._held or self._declaration is None:
            return
        key: bytes = self._work.key(argument)
        what = self._held.get(key)
        if what is None:
            return
        durable: Durable = self._db.store
        memo = self._db.ingredients[self._declaration.index].entries.get(key)
        durable.following.attend(must_follow=True)
        try:
            if memo is not None and durable.publish(memo, lambda: durable.sharing.leases.drop(what)):
                del self._held[key]
                return
        except Overtaken:
            pass  # another commit came between: the result is written with the next one of this process
        self._drop(durable, key)

    def was_found(self, argument: Any) -> bool:
        """Wait for whoever works on an argument; False when there is no result in the end, and the lease on it is taken."""
        turn = 0
        while True:
            found = self._leased(argument)
            if found is None:
                return bool(self._db.store.loading.has(self._declaration, self._work.key(argument)))
            durable, key, what = found
            if not durable.sharing.leases.is_held(what):
                if self._take(argument):
                    return False
                if self._is_known(durable, key):
                    return True
            durable.sharing.leases.pause(turn)
            turn += 1

    def _drop(self, durable: Durable, key: bytes) -> None:
        with durable.store.transaction():
            durable.sharing.leases.drop(self._held.pop(key))

    def give_back(self) -> None:
        """Give back what is held still: the work has failed, or was not waited for."""
        for key in list(self._held):
            self._drop(self._db.store, key)
