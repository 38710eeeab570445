"""Turn: one index run at a time on one file, among all processes; the next waits until it is over, or until whoever had it has died.

A run tells the engine of changed inputs before it writes the tables; two at once would each take the other's for what an interrupted
run has left behind. A run that changes nothing needs no turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from types import TracebackType

    from lestockage.store.connection import StoreFile
    from lestockage.store.leases import Leases

_WHAT: Final = b"index run"


class Turn:
    """A context that gives the turn back, if it was taken."""

    def __init__(self, file: StoreFile, leases: Leases) -> None:
        self._file = file
        self._leases = leases
        self.is_mine = False

    def take(self) -> None:
        """Take the turn; waits while another run has it."""
        looks = 0
        while not self.is_mine:
            self.is_mine = self._leases.take(_WHAT)
            if not self.is_mine:
                self._leases.pause(looks)
                looks += 1

    def end(self) -> None:
        """Give the turn back, in the transaction that is open if there is one."""
        if self.is_mine:
            with self._file.transaction():
                self._leases.drop(_WHAT)
            self.is_mine = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if not self._file.is_closed:
            self.end()
