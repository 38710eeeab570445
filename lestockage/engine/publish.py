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


def publish(db: Engine, memo: Memo, reads: dict[Node, None], value: Any, *, changed_at: int | None = None) -> None:
    """Make `value` the memo's result in this revision, with exactly `reads` as its dependencies.

    A result equal to the one before is backdated: `changed_at` stays. Otherwise `changed_at` is the latest change among what was read,
    or the given one.
    """
    stored = db.store.encode(memo, reads, value) if db.store is not None else None
    same = _is_same(memo, value, stored)
    copy = memo.table.copy
    kept = value if copy is None else copy(value)
    with db.lock:
        _replace_edges(db, memo, reads)
        if not same:
            if changed_at is None:
                changed_at = max([node.changed_at for node in reads]) if reads else 1
            # A result that differs without a later dependency (a code edit, a specified value that is not specified any more) changed now.
            memo.changed_at = changed_at if changed_at > memo.verified_at else db.revision
            memo.last = kept
        elif memo.last is MISSING:
            memo.last = kept
        memo.verified_at = db.revision
        turn_green(db, memo)
        if db.store is not None:
            db.store.published(memo, stored)
        dirty = [node for node in reads if node.suspects is not None]
        if dirty:
            # What it read was taken back while it ran (the query that created a struct failed): dirty from the start.
            memo.suspects = dirty[0] if len(dirty) == 1 else dict.fromkeys(dirty)
            memo.value = STALE
    if same and memo.changed_at < db.revision and db.on_event is not None:
        db.on_event(events.DidBackdate(memo))


def turn_green(db: Engine, memo: Memo) -> None:
    """Serve the memo's latest result again, and with it every facet of its last execution."""
    memo.suspects = None
    memo.value = memo.last if memo.last is not MISSING else STALE
    if db.facets:
        for facet in db.facets.get(memo, {}).values():
            facet.suspects = None
            facet.verified_at = memo.verified_at


def _is_same(memo: Memo, value: Any, stored: Any) -> bool:
    if not memo.verified_at:
        return False
    if memo.last is MISSING:
        # The earlier value is not in memory. While green, the body ran for the value alone: nothing that it read has changed.
        return memo.suspects is None or (memo.stored is not None and stored is not None and memo.stored.digest == stored.digest)
    return memo.table.is_equal(memo.last, value)


def _replace_edges(db: Engine, memo: Memo, reads: dict[Node, None]) -> None:
    old = memo.deps
    if len(reads) == 1:
        (new,) = reads
        if old is new:
            return
        memo.deps = new
    else:
        new = tuple(reads)  # type: ignore[assignment]
        if old == new:
            return
        memo.deps = new or None  # type: ignore[assignment]
    if old is not None:
        db.positions.pop(memo, None)
        for node in each(old):
            if node not in reads:
                node.dependents = discard(node.dependents, memo)
    for node in reads:
        readers = node.dependents
        if readers is None:
            node.dependents = memo
        elif readers is not memo:
            node.dependents = add(readers, memo)


def unlink(db: Engine, node: Derived) -> None:
    """Take a node out of its dependencies' reverse edges; the caller holds the lock."""
    for dep in each(node.deps):
        dep.dependents = discard(dep.dependents, node)
    node.suspects = None
    if type(node) is Memo:
        node.deps = None
        db.positions.pop(node, None)
