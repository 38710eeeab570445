"""Execute: run a query's body and publish what it returned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.engine import effects, events
from lestockage.engine.cycle import Unwind, abandon_if_head, settle
from lestockage.engine.depth import CHECK_EVERY, is_deep, on_fresh_stack
from lestockage.engine.frame import Frame, current, enter, stack
from lestockage.engine.publish import publish

if TYPE_CHECKING:
    from lestockage.engine.runtime import Engine


def execute(db: Engine, frame: Frame) -> Any:
    """Run the body of the claimed memo of `frame` and return its value; afterwards the memo is green, or provisional in a running cycle.

    Whatever the body raises reaches the caller unchanged, with the query stack as a note; then nothing is stored and the claim is free.
    """
    if not frame.depth % CHECK_EVERY and frame.depth and is_deep():
        return on_fresh_stack(execute, db, frame, interrupted=lambda: db.cancel_calls(frame.root))
    try:
        if db.store is None:
            value = invoke(db, frame)
        else:
            is_found, value = db.store.sharing.execute(db, frame, invoke)
            if is_found:
                db.release(frame)
                return value
        if frame.group is not None:
            return settle(db, frame, value, invoke)
        if frame.effects is not None or frame.memo in db.facets or frame.memo in db.pushed:
            effects.settle(db, frame)
        publish(db, frame.memo, frame.reads, value)
        if db.store is not None:
            db.store.sharing.finish(frame, is_published=True)
        # Inside the block, so that an interrupt that arrives just here leaves no claim behind.
        del db.running[frame.memo]
        if db.waiting:
            db.wake()
    except BaseException as error:
        if db.store is not None:
            db.store.sharing.finish(frame, is_published=False)
        give_up(db, frame, error)
        raise
    return value


def give_up(db: Engine, frame: Frame, error: BaseException) -> None:
    """An execution has raised: what it left is taken back, and its claim is free."""
    if isinstance(error, Exception):
        note_stack(error, frame)
    if frame.effects is not None:
        effects.undo(db, frame)
    if frame.group is not None:
        abandon_if_head(db, frame)
    db.release(frame)


def invoke(db: Engine, frame: Frame) -> Any:
    """Call the body once, with the frame as the current one."""
    memo = frame.memo
    table = memo.table
    table.executed += 1
    if db.on_event is not None:
        db.on_event(events.WillExecute(memo))
    before = current()
    try:
        enter(frame)  # inside the block: an interrupt may arrive as soon as it has returned
        value = table.invoke(db, memo.args)
    except BaseException as error:
        enter(before)
        if type(error) is Unwind and error.target is frame:
            return None  # the fallback takes the value's place
        raise
    enter(before)
    return value


def note_stack(error: Exception, frame: Frame) -> None:
    """Add the query stack to an exception, once."""
    notes = getattr(error, "__notes__", ())
    if any(note.startswith(_NOTE) for note in notes):
        return
    lines = [f"  {each.memo.describe()}" for each in stack(frame)[:_NOTE_LINES]]
    if frame.depth >= _NOTE_LINES:
        lines.append(f"  … and {frame.depth + 1 - _NOTE_LINES} more")
    error.add_note("\n".join((_NOTE, *lines)))


_NOTE = "query stack, innermost first:"
_NOTE_LINES = 20
