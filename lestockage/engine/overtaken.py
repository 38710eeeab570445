"""Overtaken: the file has moved on under a call that is running; the outermost call takes the new state over and starts again.

A call answers for one state of the inputs. What it takes from the store is checked after it was read: when another process has changed
inputs or dirtied memos since, the call unwinds (what it has finished stays), memory follows, and the call begins anew. A call that is
overtaken again and again is run over a snapshot of the file, which nobody can move.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.engine.runtime import Engine

T = TypeVar("T")

_BEFORE_PINNING = 3
"""How often a call starts again before it is given a snapshot."""


class Overtaken(BaseException):
    """Raised through the bodies of a call whose state of the file is not the latest any more; never reaches the caller."""


def outermost_call(db: Engine, ask: Callable[[], T]) -> T:
    """What an outermost call gives, all of it true of one state of the inputs; registers as a reader meanwhile."""
    if db.store is not None:
        return _followed(db, ask)
    db.begin_reading()
    try:
        return ask()
    finally:
        db.end_reading()


def _followed(db: Engine, ask: Callable[[], T]) -> T:
    """As `outermost_call`, over a store."""
    following = db.store.following
    is_pinned = False
    attempts = 0
    try:
        while True:
            if attempts >= _BEFORE_PINNING and not is_pinned:
                is_pinned = following.pin()
            elif not is_pinned:
                following.attend(must_follow=attempts > 0)
            db.begin_reading()
            try:
                return ask()
            except Overtaken:
                attempts += 1
                is_pinned = is_pinned and following.unpin()
            finally:
                db.end_reading()
    finally:
        if is_pinned:
            following.unpin()
