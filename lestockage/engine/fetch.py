"""Fetch: what happens when a query is asked and its memo is not green.

The outermost call of a thread registers as a reader, so that writes wait for it; calls inside it only claim what they work on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.engine import cycle, eviction
from lestockage.engine.claims import Retreat, wait
from lestockage.engine.frame import current, new_frame
from lestockage.engine.inputs import foreign
from lestockage.engine.node import STALE, new_memo
from lestockage.engine.overtaken import Overtaken, outermost_call
from lestockage.engine.recall import is_green
from lestockage.engine.verify import head_of, verify

if TYPE_CHECKING:
    from lestockage.engine.frame import Frame
    from lestockage.engine.node import Memo
    from lestockage.engine.runtime import Engine


def miss(db: Engine, index: int, key: Any, args: Any) -> Any:
    """The value of a call whose memo could not be served by the wrapper."""
    caller = current()
    if caller is not None:
        if caller.db is not db:
            raise foreign(caller, db.ingredients[index].describe(args))
        if db.halts:
            db.check_running(caller)
        memo = db.ingredients[index].entries.get(key)
        if memo is None:
            memo = find_or_make(db, index, key, args)
        value = obtain(db, memo, caller)
        caller.reads[memo] = None
        return value
    return outermost_call(db, lambda: outermost(db, find_or_make(db, index, key, args)))


def find_or_make(db: Engine, index: int, key: Any, args: Any) -> Memo:
    """The memo of a key, loaded from the store or empty when it is new."""
    table = db.ingredients[index]
    memo = table.entries.get(key)
    if memo is None:
        memo = new_memo(table, args)
        if table.declaration.handles:
            table.register(memo)
        if db.store is not None and table.may_be_stored:
            return db.store.load(memo, key)  # type: ignore[no-any-return]  # the store is untyped here
        return table.entries.setdefault(key, memo)
    return memo


def refresh(db: Engine, memo: Memo) -> None:
    """Bring a memo up to date for the sake of what its execution left; its value may stay out of memory."""
    caller = current()
    if caller is None:
        outermost_call(db, lambda: outermost(db, memo, needs_value=False))
    elif memo.suspects is not None or not memo.verified_at:
        db.check_running(caller)
        obtain(db, memo, caller, needs_value=False)


def outermost(db: Engine, memo: Memo, *, needs_value: bool = True) -> Any:
    """The value of a memo asked from outside any query; starts again when two threads ran into each other's circle."""
    while True:
        try:
            return obtain(db, memo, None, needs_value=needs_value)
        except Retreat as retreat:
            wait(db, retreat.memo, None)


def obtain(db: Engine, memo: Memo, caller: Frame | None, *, needs_value: bool = True) -> Any:  # noqa: PLR0912  # one loop over one state
    """The memo's value, brought up to date: verified, executed, or awaited from the thread that is at it.

    When its value is not needed and not in memory, a memo that holds is left at that, and None returned.
    When it fails, the caller depends on everything that was read on the way: it may catch the exception and return something.
    """
    running = db.running
    while True:
        if memo.value is not STALE:
            return _served(memo)
        frame = new_frame(db, memo, caller)
        owner = running.setdefault(memo, frame)
        if owner is not frame:
            if owner.root is not frame.root:
                wait(db, memo, frame.root)
                continue
            assert caller is not None  # noqa: S101  # the same line of calls is longer than one
            is_served, value = cycle.provisional(db, memo, owner, caller)
            if is_served:
                return value if memo.table.copy is None else memo.table.copy(value)
            db.running[memo] = frame
        elif memo.value is not STALE:
            db.release(frame)
            continue
        try:
            if memo.verified_at or db.failed or (db.store is not None and db.store.traces.replaced):
                value = _bring_up_to_date(db, frame, needs_value)
            else:
                value = db.execute(db, frame)
        except Exception:
            if caller is not None:
                caller.reads.update(frame.reads)
            raise
        except BaseException as error:
            if caller is None or isinstance(error, Overtaken):
                give_back(db, frame)
            raise
        if memo.table.lru is not None and (needs_value or memo.value is not STALE):
            eviction.use(memo.table, memo)
        if caller is None:
            frame.root = None  # a frame that led to itself would be garbage until the collector comes
        return value


def give_back(db: Engine, frame: Frame) -> None:
    """Give back every claim of a line of calls that was overtaken or interrupted: both happen between a claim and its block, too."""
    for held in list(db.running.values()) if frame.caller is None else (frame,):
        if held.root is frame.root:
            db.release(held)


def _bring_up_to_date(db: Engine, frame: Frame, needs_value: bool) -> Any:
    """The value of a claimed memo that was computed before, or has failed just now."""
    memo = frame.memo
    if memo in db.failed:
        # It failed while its dependent was being verified; that dependent's body is asking now.
        error, reads = db.failed.pop(memo)
        frame.reads.update(reads)
        db.release(frame)
        raise error
    if memo.suspects is not None and db.store is not None:
        db.store.look_again(memo)
    if memo.suspects is not None:
        head = head_of(db, memo)
        if head is not None and (head not in db.running or db.running[head].root is not frame.root):
            return _after_its_head(db, frame, head)
        executed, value = verify(db, frame)
        if executed:
            return value
        if memo.value is not STALE:
            return _served(memo)
        if not needs_value:
            return None
        # Validated, but its value is not in memory.
        fresh = db.claim(memo, frame.caller)
        assert fresh is not None  # noqa: S101  # released just now, and not part of a circle: it is green
        frame = fresh
    elif not memo.verified_at and db.store is not None and db.store.traces.replaced:
        db.recall(db, frame)
    if memo.value is not STALE or (memo.verified_at and db.store is not None and db.store.values.restore(memo)):
        db.release(frame)
        return _served(memo)
    return db.execute(db, frame)


def make_green(db: Engine, caller: Frame, memo: Memo) -> bool:
    """Bring a memo up to date for the sake of what it comes to; its value may stay out of memory.

    False when it fails, which is kept for the caller's body, or when it is itself at work on behalf of the caller: a circle.
    """
    frame: Frame | None = None
    try:
        while not is_green(memo):
            head = head_of(db, memo)
            target = memo if head is None or is_green(head) else head
            if target in db.failed:
                return False
            frame = db.claim(target, caller)
            if frame is None:
                return False
            if is_green(target):
                db.release(frame)
            elif target.suspects is not None:
                verify(db, frame)
            elif db.recall(db, frame):
                db.release(frame)
            else:
                db.execute(db, frame)
            if frame.group is not None:
                return False
    except Exception as error:  # noqa: BLE001  # the body is about to ask for it again
        assert frame is not None  # noqa: S101  # only what works on a claim raises
        db.failed[frame.memo] = (error, frame.reads)
        db.disturb()
        return False
    return True


def _after_its_head(db: Engine, frame: Frame, head: Memo) -> Any:
    """The value of a former participant of a cycle: its head is asked first, without this memo being at work meanwhile."""
    memo = frame.memo
    db.release(frame)
    try:
        obtain(db, head, frame.caller)
    except Exception:  # noqa: BLE001  # its own body decides what to make of it
        again = db.claim(memo, frame.caller)
        assert again is not None  # noqa: S101  # released above, and the head is done
        if memo.value is STALE:
            return db.execute(db, again)
        db.release(again)
        return _served(memo)
    return obtain(db, memo, frame.caller)


def _served(memo: Memo) -> Any:
    copy = memo.table.copy
    return memo.value if copy is None else copy(memo.value)
