"""Publish: turn a finished execution into a green memo, in one step.

Registering the reverse edges, comparing with the earlier result and making the value visible happen under one lock, so that no thread
sees a memo whose dependencies would not tell it about a change (tests/engine/test_invariants.py takes each part away and must notice).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.engine import events
from lestockage.engine.node import MISSING, STALE, Derived, Memo, Node, add, discard, each

if TYPE_CHECKING:
    from lestockage.engine.runtime import Engine
    from lestockage.engine.traces import Trace


def publish(db: Engine, memo: Memo, reads: dict[Node, None], value: Any, *, changed_at: int | None = None) -> None:
    """Make `value` the memo's result in this revision, with exactly `reads` as its dependencies.

    A result equal to the one before is backdated: `changed_at` stays. Otherwise `changed_at` is the latest change among what was read,
    or the given one.
    """
    store = db.store
    stored = None
    if store is not None:
        store.replacing(memo)
        stored = store.values.encode(memo, reads, value)
    same = memo.verified_at != 0 and _is_same(db, memo, value, stored)
    copy = memo.table.copy
    kept = value if copy is None else copy(value)
    lock = db.lock
    lock.acquire()
    try:
        latest = replace_edges(db, memo, reads)
        if not same:
            if changed_at is None:
                changed_at = latest
            # A result that differs without a later dependency (a code edit, a specified value that is not specified any more) changed now.
            memo.changed_at = changed_at if changed_at > memo.verified_at else db.revision
            memo.last = kept
        elif memo.last is MISSING:
            memo.last = kept
        memo.verified_at = db.revision
        memo.suspects = None
        memo.value = memo.last
        if db.facets:
            _facets_turn_green(db, memo)
        if store is not None:
            store.published(memo, stored, is_same=same)
        if db.was_undone:
            _stay_dirty(memo, reads)
    finally:
        lock.release()
    if same and memo.changed_at < db.revision and db.on_event is not None:
        db.on_event(events.DidBackdate(memo))


def publish_first(db: Engine, memo: Memo, reads: dict[Node, None], kept: Any) -> None:
    """As `publish`, for a memo that never had a result or a side, in a database without a store; `kept` is nobody else's already."""
    lock = db.lock
    lock.acquire()
    try:
        memo.changed_at = _link(memo, reads)
        memo.verified_at = db.revision
        memo.last = memo.value = kept
        if db.was_undone:
            _stay_dirty(memo, reads)
    finally:
        lock.release()


def republish(db: Engine, memo: Memo, reads: dict[Node, None], trace: Trace, *, is_same: bool) -> None:
    """Make a result of an earlier state the memo's in this revision, with `reads` as its dependencies; its value stays in the store."""
    store = db.store
    fresh = None
    if not trace.is_present:
        store.replacing(memo)
        fresh = store.recalling(memo, trace, reads)
    with db.lock:
        latest = replace_edges(db, memo, reads)
        if not is_same:
            memo.changed_at = latest if latest > memo.verified_at else db.revision
            memo.last = MISSING
        memo.verified_at = db.revision
        turn_green(db, memo)
        if memo.stored is not None:
            memo.stored.is_linked = True
        if trace.is_present:
            store.validated(memo, is_same=is_same)
        else:
            store.published(memo, fresh, is_same=is_same)
        if db.was_undone:
            _stay_dirty(memo, reads)
    if is_same and memo.changed_at < db.revision and db.on_event is not None:
        db.on_event(events.DidBackdate(memo))


def turn_green(db: Engine, memo: Memo) -> None:
    """Serve the memo's latest result again, and with it every facet of its last execution."""
    memo.suspects = None
    memo.value = memo.last if memo.last is not MISSING else STALE
    if db.facets:
        _facets_turn_green(db, memo)


def _facets_turn_green(db: Engine, memo: Memo) -> None:
    for facet in db.facets.get(memo, {}).values():
        facet.suspects = None
        facet.verified_at = memo.verified_at


def _stay_dirty(memo: Memo, reads: dict[Node, None]) -> None:
    """What the memo read may have been taken back while it ran (the query that made a struct failed): then it is dirty from the start."""
    dirty = [node for node in reads if node.suspects is not None]
    if dirty:
        memo.suspects = dirty[0] if len(dirty) == 1 else dict.fromkeys(dirty)
        memo.value = STALE


def may_hold_the_dead(db: Engine, memo: Memo) -> bool:
    """Whether the latest result of a memo may hold handles that stand for nothing any more, where an equal one holds living ones."""
    return db.died_at >= memo.verified_at and memo.table.declaration.can_hold_handles


def _is_same(db: Engine, memo: Memo, value: Any, stored: Any) -> bool:
    if memo.last is MISSING:
        # The earlier value is not in memory. While green, the body ran for the value alone: nothing that it read has changed.
        if memo.suspects is None:
            return True
        is_equal = memo.stored is not None and stored is not None and memo.stored.digest == stored.digest
        return is_equal and not memo.table.declaration.options.no_eq and not may_hold_the_dead(db, memo)
    return memo.table.is_equal(memo.last, value)


def replace_edges(db: Engine, memo: Memo, reads: dict[Node, None]) -> int:
    """Make `reads` the memo's dependencies, in both directions; returns the latest revision in which one of them changed."""
    deps = memo.deps
    if deps is not None:
        if (len(reads) == 1 and deps in reads) or deps == tuple(reads):
            # As before: every edge is there, and what has changed since is among the suspects, but for those that a store has not told.
            return max([node.changed_at for node in (reads if db.store is not None else each(memo.suspects))], default=1)
        _drop_edges(db, memo, reads)
    return _link(memo, reads)


def _link(memo: Memo, reads: dict[Node, None]) -> int:
    """Write both ends of the edges to what a memo read, where they are missing; returns the latest revision in which one changed."""
    latest = 1
    for node in reads:
        changed_at = node.changed_at
        latest = max(latest, changed_at)
        readers = node.dependents
        if readers is None:
            node.dependents = memo
        elif type(readers) is dict:
            readers[memo] = None
        elif readers is not memo:
            node.dependents = add(readers, memo)
    memo.deps = (node if len(reads) == 1 else tuple(reads)) if reads else None
    return latest


def _drop_edges(db: Engine, memo: Memo, reads: dict[Node, None]) -> None:
    """Take the memo out of the reverse edges of what it does not read any more."""
    db.positions.pop(memo, None)
    for node in each(memo.deps):
        if node not in reads:
            node.dependents = discard(node.dependents, memo)


def unlink(db: Engine, node: Derived) -> None:
    """Take a node out of its dependencies' reverse edges; the caller holds the lock."""
    for dep in each(node.deps):
        dep.dependents = discard(dep.dependents, node)
    node.suspects = None
    if type(node) is Memo:
        node.deps = None
        db.positions.pop(node, None)
