"""Cycle: queries that call each other in a circle, and the fixpoint, fallback or error that ends it.

The outermost query of a circle, the one entered first, drives: it runs its body again until no head's provisional value changes any more
(chaotic iteration over the whole strongly connected group, so nested and overlapping circles converge together). Until then every
result is provisional: served to the circle's own calls of the same iteration, never published, never compared with.

When it has converged, the head depends on everything that any iteration of any participant read from outside, and each participant
depends on the head's run (a facet that changes whenever the head executes). So the stored graph has no circle, an unrelated change
validates the whole group without running anything, and inputs read only in an early iteration still count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lestockage.engine import effects, events
from lestockage.engine.frame import Frame, current, enter
from lestockage.engine.node import Facet, Memo, Node
from lestockage.engine.publish import publish
from lestockage.errors import CycleDiverged, CycleError

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.engine.runtime import Engine

MAX_ITERATIONS = 200


class Cycle(NamedTuple):
    """What a `cycle_fn` is told: `iteration` counts from 0, `query` is the head's call as people write it."""

    iteration: int
    query: str


class Unwind(BaseException):
    """A circle closed on a query without a cycle option: give up the calls up to `target`, which has a fallback."""

    def __init__(self, target: Frame) -> None:
        super().__init__(target)
        self.target = target


class Group:
    """A circle, or several that overlap, while it is being computed; merged groups point to the one with the outermost head."""

    __slots__ = ("approximations", "claimed", "has_changed", "head", "iteration", "merged_into", "provisional", "reads")

    def __init__(self, head: Frame) -> None:
        self.head = head
        self.iteration = 0
        self.has_changed = False
        self.approximations: dict[Memo, Any] = {}
        """The latest provisional value of every memo on which a circle closed."""
        self.provisional: dict[Memo, tuple[Frame, Any]] = {}
        """Participants that finished in this iteration, but the head."""
        self.claimed: dict[Memo, Frame] = {}
        """Participants that finished in any iteration: their claims are held until the end."""
        self.reads: dict[Node, None] = {}
        """What participants read, in all iterations."""
        self.merged_into: Group | None = None


def find(group: Group) -> Group:
    """The group that this one has become part of."""
    root = group
    while root.merged_into is not None:
        root = root.merged_into
    while group is not root:
        group.merged_into, group = root, group.merged_into
    return root


def _merge(one: Group, other: Group) -> Group:
    """Make the group with the inner head part of the one with the outer head, which is returned."""
    outer, inner = (one, other) if one.head.depth <= other.head.depth else (other, one)
    inner.merged_into = outer
    outer.has_changed |= inner.has_changed
    outer.iteration = max(outer.iteration, inner.iteration)
    outer.approximations.update(inner.approximations)
    outer.provisional.update(inner.provisional)
    outer.claimed.update(inner.claimed)
    outer.reads.update(inner.reads)
    return outer


def join(caller: Frame | None, group: Group) -> None:
    """Make every frame from the caller out to the group's head part of the group."""
    group = find(group)
    frame = caller
    while frame is not None:
        if frame.group is None:
            frame.group = group
            if frame is group.head:
                return
            frame = frame.caller
            continue
        own = find(frame.group)
        head = own.head
        if own is group or _merge(own, group) is own or head is group.head:
            return  # the rest of the way out joined before
        frame = head.caller  # the way out to the head of the inner group has become part of the outer one by merging


def provisional(db: Engine, memo: Memo, owner: Frame, caller: Frame) -> tuple[bool, Any]:
    """What to serve for a memo that the caller's own line of calls is working on; (False, None): nothing, execute it again.

    Raises:
        CycleError: when the circle closes on a query without a cycle option, and nobody in it has a fallback.
    """
    group = _group(owner)
    if group is not None and group.claimed.get(memo) is owner:
        join(caller, group)
        if memo not in group.provisional:
            return False, None  # finished in an earlier iteration
        return True, group.provisional[memo][1]
    return True, _close(db, memo, owner, caller)


def _group(frame: Frame) -> Group | None:
    """The group that a frame takes part in; a participant that runs again is in its group from the start."""
    if frame.group is None:
        group = None if frame.caller is None or frame.caller.group is None else find(frame.caller.group)
        if group is None or frame.memo not in group.claimed:
            return None
        frame.group = group
    return find(frame.group)


def _close(db: Engine, memo: Memo, head: Frame, caller: Frame) -> Any:
    """The call of a query that is still running further out: its provisional value."""
    declaration = memo.table.declaration
    first = declaration.cycle_initial or declaration.cycle_result
    if first is None:
        participants = [caller]
        while participants[-1] is not head:
            participants.append(participants[-1].caller)  # type: ignore[arg-type]  # the head is an ancestor of the caller
        join(caller, Group(head))
        for frame in participants[:-1]:
            if frame.memo.table.declaration.cycle_result is not None:
                raise Unwind(frame)
        raise CycleError([frame.memo.describe() for frame in reversed(participants)])
    join(caller, _group(head) or Group(head))
    group = find(head.group)  # type: ignore[arg-type]  # joined just now
    if memo not in group.approximations:
        value = _call(db, head, first)
        find(head.group).approximations[memo] = value  # type: ignore[arg-type]
        return value
    return group.approximations[memo]


def _call(db: Engine, frame: Frame, function: Callable[..., Any], *leading: Any) -> Any:
    """Call one of a query's cycle functions; what it reads, its query depends on."""
    before = current()
    try:
        enter(frame)
        return function(db, *leading, *frame.memo.table.declaration.tupled(frame.memo.args))
    finally:
        enter(before)


def settle(db: Engine, frame: Frame, value: Any, invoke: Callable[[Engine, Frame], Any]) -> Any:
    """A body in a circle has returned: keep its value as provisional, or, at the head, iterate until the group has converged.

    Returns the value to serve.
    """
    try:
        while True:
            value = _improve(db, frame, value)
            group = find(frame.group)  # type: ignore[arg-type]  # settle is called with a group only
            if group.head is not frame:
                group.provisional[frame.memo] = (frame, value)
                group.claimed[frame.memo] = frame
                group.reads.update(frame.reads)
                join(frame.caller, group)
                return value
            if not group.has_changed:
                break
            group.iteration += 1
            if group.iteration > MAX_ITERATIONS:
                raise CycleDiverged(  # noqa: TRY301  # the handler gives the claims back
                    f"the cycle through {frame.memo.describe()} did not converge within {MAX_ITERATIONS} iterations. "
                    "Make its functions monotone over a finite range, or widen in cycle_fn=."
                )
            if db.on_event is not None:
                db.on_event(events.WillIterateCycle(frame.memo, group.iteration))
            group.has_changed = False
            group.provisional.clear()
            frame.effects = None
            value = invoke(db, frame)
    except BaseException:
        group = find(frame.group)  # type: ignore[arg-type]
        if group.head is frame:
            abandon(db, group)
        raise
    _finish(db, frame, group, value)
    return value


def _improve(db: Engine, frame: Frame, value: Any) -> Any:
    """Apply the query's cycle functions to what its body returned, and note whether its provisional value changed."""
    memo = frame.memo
    declaration = memo.table.declaration
    if declaration.cycle_result is not None:
        return _call(db, frame, declaration.cycle_result)
    group = find(frame.group)  # type: ignore[arg-type]
    if memo in group.approximations:
        last = group.approximations[memo]
        if declaration.cycle_fn is not None:
            value = _call(db, frame, declaration.cycle_fn, Cycle(group.iteration, memo.describe()), last, value)
            group = find(frame.group)  # type: ignore[arg-type]
        if not declaration.is_equal(last, value):
            group.approximations[memo] = value
            group.has_changed = True
    return value


def _finish(db: Engine, frame: Frame, group: Group, value: Any) -> None:
    """Publish a converged group: the head over what was read from outside, the participants over the head's run."""
    inside = {frame.memo, *group.claimed}
    outside = {node: None for node in (*frame.reads, *group.reads) if _owner(node) not in inside}
    changed_at = max([node.changed_at for node in outside], default=1)
    effects.settle(db, frame)
    run = effects.facet(db, frame.memo, effects.RUN, None)
    run.changed_at = db.revision
    db.participants[frame.memo] = tuple(group.provisional)
    publish(db, frame.memo, outside, value)
    for memo, (finished, result) in group.provisional.items():
        effects.settle(db, finished)
        publish(db, memo, {run: None}, result, changed_at=changed_at)
    abandon(db, group)
    db.release(frame)


def _owner(node: Node) -> Node:
    return node.owner if isinstance(node, Facet) else node


def abandon(db: Engine, group: Group) -> None:
    """Give back every claim that the group's participants hold."""
    for finished in group.claimed.values():
        db.release(finished)


def abandon_if_head(db: Engine, frame: Frame) -> None:
    """The head of a circle has failed: nobody will finish it, so its participants' claims must not outlive it."""
    group = None if frame.group is None else find(frame.group)
    if group is not None and group.head is frame:
        abandon(db, group)
