"""Coroutine: queries declared with `async def`: same memos, same dependencies, same cutoff, awaited.

Concurrent awaits of one key run it once. A task that is cancelled gives its claim back and wakes the others, one of which computes.
Plain queries cannot await, so an async memo is read by async queries only, and plain verification never meets one.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from lestockage.engine import effects, events
from lestockage.engine.execute import note_stack
from lestockage.engine.fetch import find_or_make, obtain
from lestockage.engine.frame import current, enter, new_frame, stack
from lestockage.engine.inputs import foreign
from lestockage.engine.node import STALE, Derived, Facet, Memo
from lestockage.engine.overtaken import Overtaken
from lestockage.engine.publish import publish
from lestockage.engine.recall import adopt, is_green, walk
from lestockage.engine.verify import in_read_order, validate
from lestockage.errors import CycleError

if TYPE_CHECKING:
    from lestockage.engine.declaration import Declaration
    from lestockage.engine.frame import Frame
    from lestockage.engine.runtime import Engine

_PATIENCE = 0.002
"""Seconds between two looks whether the other tasks' calls are over."""

Asked = Callable[[tuple[Any, ...], dict[str, Any]], tuple[Any, Any]]
"""Binds a call: (database, bare or tupled arguments)."""


def build(declaration: Declaration, bind: Asked) -> Callable[..., Coroutine[Any, Any, Any]]:
    """The public function of an async query."""

    async def query(*args: Any, **kwargs: Any) -> Any:
        db, values = bind(args, kwargs)
        caller = current()
        if caller is not None and caller.db is not db:
            raise foreign(caller, declaration.describe(values))
        if caller is None:
            return await _outermost(db, declaration, values)
        memo = find_or_make(db, declaration.index, declaration.key(values), values)
        if db.halts:
            db.check_running(caller)
        value = await _obtain(db, memo, caller)
        caller.reads[memo] = None
        return value

    return query


async def _outermost(db: Engine, declaration: Declaration, values: Any) -> Any:
    """The value of a call from outside any query; when the file has moved on, it begins anew after the other tasks' calls are over."""
    here = threading.get_ident()
    is_overtaken = False
    while True:
        if db.store is not None:
            while is_overtaken and db.is_suspended_here():
                await asyncio.sleep(_PATIENCE)
            db.store.following.attend(must_follow=is_overtaken)
        db.begin_reading()
        db.suspended[here] = db.suspended.get(here, 0) + 1
        try:
            memo = find_or_make(db, declaration.index, declaration.key(values), values)
            return await _obtain(db, memo, None)
        except Overtaken:
            is_overtaken = True
        finally:
            db.suspended[here] -= 1
            db.end_reading()


async def _obtain(db: Engine, memo: Memo, caller: Frame | None) -> Any:
    """The memo's value, brought up to date, or awaited from the task that is at it."""
    copy = memo.table.copy
    while memo.value is STALE:
        frame = new_frame(db, memo, caller)
        owner = db.running.setdefault(memo, frame)
        if owner is not frame:
            await _wait(db, memo, caller)
            continue
        try:
            if memo.suspects is not None and not await _must_execute(db, frame):
                validate(db, memo)
            elif memo.suspects is not None and db.store is not None:
                await _recall(db, frame)
            if memo.value is STALE and not _is_restored(db, memo):
                await _execute(db, frame)
        except Exception:
            if caller is not None:
                caller.reads.update(frame.reads)
            raise
        finally:
            db.release(frame)
            _wake(db, memo)
    return memo.value if copy is None else copy(memo.value)


async def _must_execute(db: Engine, frame: Frame) -> bool:
    """Bring a dirty memo's suspects up to date in the order of reading; whether one of them has changed."""
    memo = frame.memo
    for suspect in in_read_order(db, memo):
        db.reasons[memo] = (db.revision, suspect)
        db.counts.verified += 1
        if isinstance(suspect, Derived) and suspect.suspects is not None:
            target = suspect.owner if isinstance(suspect, Facet) else suspect
            assert isinstance(target, Memo)  # noqa: S101  # the only other derived node
            try:
                if target.table.declaration.is_async:
                    await _obtain(db, target, frame)
                else:
                    obtain(db, target, frame)
            except Exception:  # noqa: BLE001  # the body asks again, and decides what to make of it
                return True
        if suspect.changed_at > memo.verified_at:
            return True
        db.reasons[memo] = (0, suspect)
    return False


async def _recall(db: Engine, frame: Frame) -> None:
    """Give a dirty memo the result of an earlier state of what it reads, if one is known (see `recall`)."""
    steps = walk(db, frame.memo)
    try:
        while True:
            target = next(steps)
            if target.table.declaration.is_async:
                await _obtain(db, target, frame)
            elif not db.make_green(db, frame, target):
                return
    except StopIteration as stop:
        if stop.value is not None:
            adopt(db, frame.memo, *stop.value)
    except Exception:  # noqa: BLE001  # the body asks again, and decides what to make of it
        return


def _is_restored(db: Engine, memo: Memo) -> bool:
    """Whether the value of a memo that holds could be had from the store."""
    return db.store is not None and is_green(memo) and bool(db.store.values.restore(memo))


async def _execute(db: Engine, frame: Frame) -> None:
    memo = frame.memo
    table = memo.table
    table.executed += 1
    if db.on_event is not None:
        db.on_event(events.WillExecute(memo))
    frame.reads.clear()
    before = current()
    try:
        enter(frame)
        value = await table.declaration.invoke(db, memo.args)
    except BaseException as error:
        if isinstance(error, Exception):
            note_stack(error, frame)
        if frame.effects is not None:
            effects.undo(db, frame)
        raise
    finally:
        enter(before)
    effects.settle(db, frame)
    publish(db, memo, frame.reads, value)


async def _wait(db: Engine, memo: Memo, caller: Frame | None) -> None:
    """Wait until nobody computes the memo any more.

    Raises:
        CycleError: when its computation waits, directly or through others, for this one.
    """
    with db.lock:
        if memo not in db.running:
            return
        if caller is not None and _closes_a_circle(db, memo, caller):
            raise CycleError([frame.memo.describe() for frame in reversed(stack(caller))])
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        db.awaiting.setdefault(memo, []).append(future)
        key = object()
        db.awaited[key] = (caller, memo)
    if db.on_event is not None:
        db.on_event(events.WillBlockOn(memo))
    try:
        await future
    finally:
        db.awaited.pop(key, None)


def _closes_a_circle(db: Engine, memo: Memo, caller: Frame) -> bool:
    mine = {frame.memo for frame in stack(caller)}
    pending = [memo]
    seen: set[Memo] = set()
    while pending:
        blocked = pending.pop()
        if blocked in mine:
            return True
        owner = db.running.get(blocked)
        if owner is None or blocked in seen:
            continue
        seen.add(blocked)
        pending += [waited for waiter, waited in db.awaited.values() if waiter is not None and owner in stack(waiter)]
    return False


def _wake(db: Engine, memo: Memo) -> None:
    """Let everyone look again who waits for the memo."""
    with db.lock:
        waiting = db.awaiting.pop(memo, [])
    for future in waiting:
        future.get_loop().call_soon_threadsafe(_done, future)


def _done(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
