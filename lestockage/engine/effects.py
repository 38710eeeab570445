"""Effects: what an execution left beside its value, kept in step with the one before.

Facets are its separately tracked sides: each field of each struct it created, its side outputs, its run. They change when the owner
executes; pushes, structs and specified values that an execution does not make again are gone with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lestockage.engine import events, registry
from lestockage.engine.keys import distinct
from lestockage.engine.mark import mark
from lestockage.engine.node import MISSING, STALE, Facet, Memo, Node, add
from lestockage.engine.publish import unlink

if TYPE_CHECKING:
    from lestockage.engine.frame import Frame
    from lestockage.engine.runtime import Engine

RUN = "run"
"""The facet of a memo that changes whenever it executes."""
OUTPUTS = "side outputs"
"""The facet of a memo that changes when what it pushed, or what it called, changes."""

UNSPECIFIED: Final[Any] = object()
"""The value of a facet that stands for a specified value while its creator does not specify it."""


def facet(db: Engine, memo: Memo, name: Any, value: Any) -> Facet:
    """The facet of that name, made on first use: as old as its memo."""
    facets = db.facets.setdefault(memo, {})
    found = facets.get(name)
    if found is None:
        with db.lock:
            found = facets[name] = Facet(memo, name, value, max(memo.changed_at, 1))
            found.verified_at = max(memo.verified_at, found.changed_at)
            memo.dependents = add(memo.dependents, found)
            if memo.suspects is not None:
                found.suspects = memo
    return found


def settle(db: Engine, frame: Frame) -> None:
    """Compare what a finished execution left with what the one before left; to be called just before its value is published."""
    memo = frame.memo
    left = frame.effects
    facets = db.facets.get(memo)
    with db.lock:
        pushed = tuple(left.pushed) if left is not None else ()
        if facets is not None:
            if RUN in facets:
                facets[RUN].changed_at = db.revision
            outputs = facets.get(OUTPUTS)
            if outputs is not None and (db.pushed.get(memo, ()) != pushed or memo.deps != _as_deps(frame.reads)):
                outputs.changed_at = db.revision
            if outputs is not None:
                outputs.digest = None
        if pushed:
            db.pushed[memo] = pushed
        else:
            db.pushed.pop(memo, None)
        created = left.created if left is not None else {}
        before = db.created.get(memo, {})
        gone = [handle for identity, handle in before.items() if identity not in created]
        if created:
            db.created[memo] = created
        else:
            db.created.pop(memo, None)
        unspecified = _settle_specified(db, memo, left.specified if left is not None else {})
        for handle in gone:
            discard_struct(db, handle)
        for other, side in unspecified.items():
            if side.dependents is None:
                # Discarded with the struct it was about.
                db.facets[memo].pop(("specified", other))
                unlink(db, side)


def _settle_specified(db: Engine, memo: Memo, specified: dict[Memo, Facet]) -> dict[Memo, Facet]:
    """Take back what was specified before and is not any more; returns it. Holds the lock."""
    before = db.specified.pop(memo, {})
    if specified:
        db.specified[memo] = specified
    gone = {other: side for other, side in before.items() if other not in specified}
    for side in gone.values():
        # What was specified now depends on not being so: its body runs, and a later specified value reaches its readers.
        side.value = UNSPECIFIED
        side.digest = None
        side.changed_at = db.revision
        mark(db, side)
    return gone


def undo(db: Engine, frame: Frame) -> None:
    """An execution failed: what it created is not known to hold, so whoever read it already is dirty again."""
    left = frame.effects
    assert left is not None  # noqa: S101  # called for frames with effects only
    memo = frame.memo
    with db.lock:
        db.was_undone = True
        db.is_calm = False
        for handle in left.created.values():
            for side in handle._facets:
                if side.suspects is None:
                    side.suspects = memo
                    mark(db, side)
        for side in left.specified.values():
            side.suspects = memo
            mark(db, side)
        if left.created:
            # Kept, so that the next execution finds the same handles again.
            db.created[memo] = {**db.created.get(memo, {}), **left.created}


def discard_struct(db: Engine, handle: Any) -> None:
    """A tracked struct that its query does not create any more: its fields, and every memo keyed on it, are gone. Holds the lock."""
    sides: tuple[Facet, ...] = handle._facets
    owner = sides[0].owner if sides else None
    kept = db.facets.get(owner, {}) if owner is not None else {}
    for side in sides:
        kept.pop((handle, side.name), None)
        side.changed_at = db.revision
        side.value = MISSING
        side.digest = None
        mark(db, side)
        unlink(db, side)
        _tell(db, side)
    handle._facets = None
    db.died_at = db.revision
    discard_keyed(db, handle)


def discard_keyed(db: Engine, handle: Any) -> None:
    """Discard every memo that has the handle among its arguments, and what those memos created, recursively. Holds the lock."""
    pending = [handle]
    while pending:
        dead = pending.pop()
        for table in db.ingredients:
            if not table.declaration.handles:
                continue
            if table.declaration.arity == 1:
                memo = table.entries.pop(dead, None)
                if memo is not None:
                    pending.extend(_discard(db, memo))
            else:
                for memo in [found for found in dead._keyed or () if found.table is table]:
                    if table.entries.pop(table.key(memo.args), None) is not None:
                        pending.extend(_discard(db, memo))


def _discard(db: Engine, memo: Memo) -> list[Any]:
    """Take one memo out of the graph; the handles that it created are returned, dead."""
    memo.changed_at = db.revision
    memo.value = STALE
    memo.last = MISSING
    mark(db, memo)
    if db.store is not None:
        db.store.discard(memo)  # while its dependencies are known: a trace without them would hold in every state
    unlink(db, memo)
    memo.suspects = None
    memo.verified_at = 0
    _tell(db, memo)
    db.specified.pop(memo, None)  # about structs that it made: discarded with them
    db.pushed.pop(memo, None)
    db.participants.pop(memo, None)
    dead = list(db.created.pop(memo, {}).values())
    for side in db.facets.pop(memo, {}).values():
        side.changed_at = db.revision
        side.value = MISSING
        side.digest = None
        mark(db, side)
        unlink(db, side)
    for handle in dead:
        handle._facets = None
        db.died_at = db.revision
    _discard_collected(db, memo)
    return dead


def _discard_collected(db: Engine, memo: Memo) -> None:
    """What was collected from a memo that is gone goes with it."""
    collecting = registry.collecting
    entries = db.ingredients[collecting.index].entries if collecting is not None else None
    for kind in list(registry.accumulators.values()) if entries else ():
        gone = entries.pop(distinct((memo, kind)), None)  # type: ignore[union-attr]  # there are some
        if gone is not None:
            _discard(db, gone)


def _tell(db: Engine, node: Node) -> None:
    if db.on_event is not None:
        db.on_event(events.DidDiscard(node))


def _as_deps(reads: dict[Node, None]) -> Any:
    if len(reads) == 1:
        return next(iter(reads))
    return tuple(reads) or None
