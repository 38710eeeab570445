"""Verify: bring a dirty memo up to date by looking at its dirty dependencies only, in the order it read them.

Iterative: however long the chain of dirty memos, no Python stack is used but that of the bodies that run. Executing goes through the
database (`db.execute`), so this module and `execute` do not import each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.engine import events, eviction
from lestockage.engine.cycle import Unwind
from lestockage.engine.effects import RUN
from lestockage.engine.frame import Frame
from lestockage.engine.node import Derived, Facet, Memo, Node, each
from lestockage.engine.publish import turn_green
from lestockage.engine.recall import first_specified
from lestockage.engine.stored import UNLOADED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lestockage.engine.runtime import Engine

_SCAN_BELOW = 64
"""Up to this many dependencies, finding the dirty ones in order by a scan is cheaper than keeping their positions."""


class _Step:
    """One memo under verification: its frame, and which of its suspects are still to be looked at."""

    __slots__ = ("frame", "looks_again", "must_execute", "suspect", "suspects")

    def __init__(self, db: Engine, frame: Frame) -> None:
        self.frame = frame
        self.suspects: Iterator[Node] = iter(in_read_order(db, frame.memo))
        self.suspect: Node | None = None
        self.must_execute = False
        self.looks_again = False
        """Whether the suspect at hand is still to be looked at: the head of its cycle had to go first."""


def verify(db: Engine, frame: Frame) -> tuple[bool, Any]:
    """Make the claimed memo of `frame` green: (False, None) when validated, (True, value) when executed because what it read has changed.

    A later suspect is never touched before the earlier ones are known to be unchanged: the read may not happen any more.
    On return every claim taken here is released, but those of a cycle that is still being iterated further out.
    """
    steps = [_Step(db, frame)]
    result: tuple[bool, Any] = (False, None)
    try:
        while steps:
            step = steps[-1]
            outcome = _advance(db, step)
            if isinstance(outcome, Frame):
                steps.append(_Step(db, outcome))
                continue
            steps.pop()
            if outcome:
                try:
                    if not step.must_execute and db.recall(db, step.frame, step.suspect):
                        result = (False, None)
                        db.release(step.frame)
                    else:
                        result = (True, _execute(db, step.frame, is_asked=not steps))
                except Unwind as unwind:
                    _unwind(db, steps, unwind)
            else:
                result = (False, None)
                validate(db, step.frame.memo)
                db.release(step.frame)
    except BaseException:
        for step in steps:
            db.release(step.frame)
        raise
    return result


def _advance(db: Engine, step: _Step) -> Frame | bool:  # noqa: PLR0912  # one loop over one state
    """Go on with a memo's suspects: a frame to verify first, or whether something changed (True: execute, False: validate)."""
    if step.must_execute:
        return True
    memo = step.frame.memo
    verified_at = memo.verified_at
    suspect = step.suspect
    last = None
    while True:
        if step.looks_again:
            step.looks_again = False
        else:
            if suspect is not None:
                if _has_changed(suspect, verified_at):
                    db.reasons[memo] = (db.revision, suspect)
                    return True
                last = suspect
            suspect = next(step.suspects, None)
            if suspect is None:
                if last is not None:
                    db.reasons[memo] = (0, last)
                return False
            step.suspect = suspect
            db.counts.verified += 1
        if not isinstance(suspect, Derived) or suspect.suspects is None:
            continue
        target = suspect.owner if isinstance(suspect, Facet) else suspect
        assert isinstance(target, Memo)  # noqa: S101  # the only other derived node
        head = head_of(db, target)
        if head is not None:
            frame = db.claim(head, step.frame)
            if frame is not None:
                step.looks_again = True
                if head.suspects is not None:
                    return frame
                db.release(frame)  # another thread was faster
                continue
        frame = db.claim(target, step.frame)
        if frame is None:
            return True  # an ancestor of this verification: a cycle, which only executing can tell
        if db.store is not None:
            db.store.look_again(target)
        if target.suspects is None:
            db.release(frame)  # another thread was faster
            continue
        return frame


def _has_changed(suspect: Node, verified_at: int) -> bool:
    """Whether a suspect that was brought up to date makes its reader run; one that still is not green takes part in a running cycle."""
    return suspect.suspects is not None or suspect.changed_at > verified_at


def head_of(db: Engine, memo: Memo) -> Memo | None:
    """The head of the cycle that a dirty memo was part of, if that has to be looked at first.

    The memo depends on the head's run, but does not call the head for that: it must not count as an ancestor while the head runs, or a call
    of the memo would pass for a circle that may have vanished.
    """
    if not db.facets and memo.suspects is not UNLOADED:
        return None
    suspects = in_read_order(db, memo)
    if len(suspects) != 1:
        return None
    run = suspects[0]
    if type(run) is not Facet or run.name != RUN or run.suspects is None or run.owner in db.failed:
        return None
    return run.owner


def _unwind(db: Engine, steps: list[_Step], unwind: Unwind) -> None:
    """A circle closed on a memo that is only being verified here: have the query with the fallback execute, to take it from there."""
    if not any(step.frame is unwind.target for step in steps):
        raise unwind
    while steps[-1].frame is not unwind.target:
        db.release(steps.pop().frame)
    steps[-1].suspects = iter(())
    steps[-1].must_execute = True


def _execute(db: Engine, frame: Frame, *, is_asked: bool) -> Any:
    """Execute the memo of a frame; a dependency's exception is kept for the dependent's body, which is about to ask for it again."""
    try:
        _consider_specified(db, frame)
        value = db.execute(db, frame)
    except Exception as error:
        if is_asked:
            raise
        db.failed[frame.memo] = (error, frame.reads)
        db.disturb()
        return None
    if frame.memo.table.lru is not None:
        eviction.use(frame.memo.table, frame.memo)  # asked for or not, its value counts for the capacity
    return value


def _consider_specified(db: Engine, frame: Frame) -> None:
    """A body about to run because its value is not specified any more depends on that: it is the first thing that it read.

    When the query that specified it has failed, so has this one: its body is no answer.
    """
    first = first_specified(db, frame.memo)
    if first is None:
        return
    frame.reads[first] = None
    if first.owner in db.failed:
        error, reads = db.failed.pop(first.owner)
        frame.reads.update(reads)
        db.release(frame)
        raise error


def validate(db: Engine, memo: Memo) -> None:
    """Nothing that the memo read has changed: it holds in this revision too."""
    with db.lock:
        memo.verified_at = db.revision
        turn_green(db, memo)
        if db.store is not None:
            db.store.validated(memo)
    memo.table.validated += 1
    if db.on_event is not None:
        db.on_event(events.DidValidate(memo))


def in_read_order(db: Engine, memo: Memo) -> Sequence[Node]:
    """A dirty memo's suspects in the order in which it read them."""
    suspects = memo.suspects
    if suspects is None:
        return ()
    if suspects is UNLOADED:
        suspects = memo.suspects = db.store.nodes.load_suspects(memo)
    if memo.deps is None:
        return list(each(suspects))  # a loaded memo: the store gave them in order
    if type(suspects) is not dict:
        return (suspects,)  # type: ignore[return-value]  # a bare node, by exclusion
    deps = memo.deps
    assert isinstance(deps, tuple)  # noqa: S101  # two suspects are two dependencies
    if len(deps) <= _SCAN_BELOW or len(suspects) * 8 >= len(deps):
        return [node for node in deps if node in suspects]
    positions = db.positions.get(memo)
    if positions is None:
        positions = db.positions[memo] = {node: position for position, node in enumerate(deps)}
    return sorted(suspects, key=positions.__getitem__)
