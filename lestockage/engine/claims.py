"""Claims: which frame is working on which memo, so that equal work is done once and a circle of waiting threads is found.

`running` maps a memo to the frame that verifies or executes it; `dict.setdefault` is atomic, so taking a free claim needs no lock.
A claim on a memo of a cycle is kept until the whole cycle has converged: nobody outside sees a provisional value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.engine import events
from lestockage.engine.frame import new_frame

if TYPE_CHECKING:
    from lestockage.engine.frame import Frame
    from lestockage.engine.node import Memo
    from lestockage.engine.runtime import Engine


class Retreat(BaseException):
    """Two threads wait for each other: this one gives its claims back, waits for `memo`, and starts its outermost call again."""

    def __init__(self, memo: Memo) -> None:
        super().__init__(memo)
        self.memo = memo


def claim(db: Engine, memo: Memo, caller: Frame | None) -> Frame | None:
    """A frame that owns the memo; waits while another thread does. None when this very line of calls is already working on it."""
    frame = new_frame(db, memo, caller)
    while True:
        owner = db.running.setdefault(memo, frame)
        if owner is frame:
            return frame
        if owner.root is frame.root:
            return None
        wait(db, memo, frame.root)


def wait(db: Engine, memo: Memo, root: Frame | None) -> None:
    """Block until nobody works on the memo any more.

    Raises:
        Retreat: when the one who works on it waits, directly or through others, for this line of calls.
    """
    key = root if root is not None else object()
    with db.lock:
        # Before the first look at who is running: whoever gives the claim back after that look must find somebody waiting.
        db.waiting[key] = memo
        db.is_calm = False
        blocked = False
        try:
            while memo in db.running:
                if root is not None and _closes_a_circle(db, memo, root):
                    raise Retreat(memo)
                if not blocked and db.on_event is not None:
                    db.on_event(events.WillBlockOn(memo))
                blocked = True
                db.turnstile.wait()
        finally:
            db.waiting.pop(key, None)
            db.calm_down()


def _closes_a_circle(db: Engine, memo: Memo, root: Frame) -> bool:
    """Whether waiting for `memo` would make `root` wait for itself. The caller holds the lock."""
    awaited: Memo | None = memo
    while awaited is not None:
        owner = db.running.get(awaited)
        if owner is None:
            return False
        if owner.root is root:
            return True
        awaited = db.waiting.get(owner.root)
    return False
