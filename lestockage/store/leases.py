"""Leases: who is at work on what, so that several processes do the same work once.

A lease is good while its holder renews it: a thread does so for as long as any is held. A process on this machine that has died is seen at
once; one elsewhere, or one that was stopped, loses its leases when their time is over. Nothing is written before something is taken, so who
only reads leaves no trace.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from typing import TYPE_CHECKING, Final

from lestockage.errors import StoreError
from lestockage.store.process_identity import is_alive, machine, started

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile

BOUND: Final = 10.0
"""Seconds that a lease is good without a word from its holder."""
_LOOK_AGAIN: Final = 0.05
"""Seconds for which what was found out about the other holders is believed."""
_POLLS: Final = (0.0005, 0.001, 0.002, 0.004, 0.008)
"""Seconds between looks at a lease that somebody else holds; the last goes on."""


class Leases:
    """The leases of one open file; satisfies `lestockage.engine.sharing.LeaseStore`."""

    def __init__(self, file: StoreFile, bound: float = BOUND) -> None:
        self._file = file
        self._bound = bound
        self._holder = 0
        self._held: set[bytes] = set()
        self._lock = threading.Lock()
        self._renewer: threading.Thread | None = None
        self._stop = threading.Event()
        self._looked_at = -1.0
        self._renewed_at = -1.0
        self._has_others = False

    def clock(self) -> float:
        """Return seconds of a clock that only runs on."""
        return time.perf_counter()

    def pause(self, turn: int) -> None:
        """Wait before the next look, the longer the more often one has looked."""
        time.sleep(_POLLS[min(turn, len(_POLLS) - 1)])

    def has_others(self) -> bool:
        """Tell whether another open database may be at work on the file; makes this one known to them when it is not yet.

        Databases are known from the first work on that was worth a lease.
        """
        now = time.monotonic()
        if now - self._looked_at > _LOOK_AGAIN:
            if not self._holder or now - self._renewed_at > self._bound / 4:
                with self._file.transaction():
                    self._enrol()
                    self._say_until()
            rows = self._file.query("SELECT machine, pid, started, until FROM lease_holders WHERE id != ?", (self._holder,))
            self._has_others = any(_is_live(*row, is_lease=False) for row in rows)
            self._looked_at = now
        return self._has_others

    def take(self, what: bytes) -> bool:
        """Take the lease on `what`, unless somebody else who lives holds it."""
        if self.is_held(what):
            return False
        with self._file.transaction():
            if self.is_held(what):
                return False
            self._enrol()
            self._file.execute("INSERT OR REPLACE INTO leases VALUES (?, ?)", (what, self._holder))
            self._say_until()
        with self._lock:
            self._held.add(what)
            if self._renewer is None:
                self._stop.clear()
                self._renewer = threading.Thread(target=self._renew, name="lestockage leases", daemon=True)
                self._renewer.start()
        return True

    def is_held(self, what: bytes) -> bool:
        """Tell whether somebody else who lives holds the lease on `what`."""
        row = self._file.row(
            "SELECT machine, pid, started, until FROM leases JOIN lease_holders ON id = holder WHERE what = ? AND holder != ?",
            (what, self._holder),
        )
        return row is not None and _is_live(*row, is_lease=True)

    def drop(self, what: bytes) -> None:
        """Give the lease on `what` back; inside a transaction, with it."""
        with self._lock:
            self._held.discard(what)
        self._file.execute("DELETE FROM leases WHERE what = ? AND holder = ?", (what, self._holder))

    def close(self) -> None:
        """Give everything back, and be known no longer."""
        self._stop.set()
        renewer, self._renewer = self._renewer, None
        if renewer is not None:
            renewer.join()
        if self._holder and not self._file.is_closed:
            holder, self._holder = self._holder, 0
            with contextlib.suppress(StoreError), self._file.transaction():  # who cannot say good-bye is seen to be gone all the same
                self._file.execute("DELETE FROM lease_holders WHERE id = ?", (holder,))

    def _until(self) -> int:
        return int((time.time() + self._bound) * 1000)

    def _say_until(self) -> None:
        """Renew, inside a transaction."""
        self._file.execute("UPDATE lease_holders SET until = ? WHERE id = ?", (self._until(), self._holder))
        self._renewed_at = time.monotonic()

    def _enrol(self) -> None:
        """Make this database known, and forget those that have died; inside a transaction."""
        if self._holder:
            return
        rows = self._file.query("SELECT id, machine, pid, started, until FROM lease_holders")
        for dead in [row[0] for row in rows if not _is_live(*row[1:], is_lease=False)]:
            self._file.execute("DELETE FROM lease_holders WHERE id = ?", (dead,))
        pid = os.getpid()
        row = self._file.row(
            "INSERT INTO lease_holders (machine, pid, started, until) VALUES (?, ?, ?, ?) RETURNING id",
            (machine(), pid, started(pid) or 0, self._until()),
        )
        self._holder = int(row[0])  # type: ignore[index]  # RETURNING gives a row

    def _renew(self) -> None:
        """Say again and again that the leases are still wanted, while any is held."""
        while not self._stop.wait(self._bound / 4):
            with self._lock:
                if not self._held:
                    self._renewer = None
                    return
            with self._file.transaction():
                self._say_until()


def _is_live(where: str, pid: int, since: int, until: int, *, is_lease: bool) -> bool:
    """Tell whether a holder lives: here, whether its process does; elsewhere, and of a lease, whether its time is not over."""
    is_in_time = until > time.time() * 1000
    if where == machine():
        return is_alive(pid, since) and (is_in_time or not is_lease)
    return is_in_time
