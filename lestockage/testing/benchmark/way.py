"""Way: how somebody could get at the answers after an edit: by building everything, in an open database, in one that is opened again."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Work(NamedTuple):
    """Exact counts of what was done: bodies run, nodes looked at for the sake of a change, memos taken from the file."""

    executed: int
    visited: int = 0
    loaded: int = 0

    def since(self, before: Work) -> Work:
        """What was done after `before` was counted."""
        return Work(*(now - then for now, then in zip(self, before, strict=True)))


class Session(Protocol):
    """Something open that can answer, over a folder of its own."""

    def update(self) -> None:
        """Take over the state of the world, ask everything, and make it durable; this is what is timed."""

    def answer(self) -> object:
        """What was answered last, for comparison by `==`; not timed."""

    def work(self) -> Work:
        """The counts since the session was opened."""

    def memos(self) -> int:
        """How many results are held in memory."""

    def close(self) -> None:
        """End the session; part of what is timed, except for a session that is kept."""


class Life(StrEnum):
    """What a way has at hand when the world was edited."""

    FRESH = "fresh"
    """Nothing: an empty folder."""
    KEPT = "kept"
    """A session that has been open since the first state."""
    REOPENED = "reopened"
    """The folder that a session of the state before left behind."""
    UNCHANGED = "unchanged"
    """The folder that a session of this very state left behind."""


class Way(NamedTuple):
    """One column of the comparison; `open` makes a session over a folder, which is there and empty or holds what the last one left.

    Ways with one `open` share a folder where they are reopened or unchanged: what "unchanged" finds, "reopened" has left.
    """

    name: str
    life: Life
    open: Callable[[Path], Session]


REBUILD = "full rebuild"
IN_PROCESS = "in-process"
REOPENED = "reopened"
UNCHANGED = "unchanged"


def four_ways(open_session: Callable[[Path], Session]) -> tuple[Way, ...]:
    """The ways in which a durable database is used."""
    return (
        Way(REBUILD, Life.FRESH, open_session),
        Way(IN_PROCESS, Life.KEPT, open_session),
        Way(REOPENED, Life.REOPENED, open_session),
        Way(UNCHANGED, Life.UNCHANGED, open_session),
    )
