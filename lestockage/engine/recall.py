"""Recall: give a memo the result of an earlier state of what it reads, instead of running its body.

Known traces are walked in the order of reading. The first dependency is the same in all of them; it is brought up to date, and what it
comes to now selects the traces that remain, which agree on the next one, because bodies are deterministic. So nothing is brought up to date
that the body would not read now (`test_time_travel` counts).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.engine import events, record
from lestockage.engine.cycle import Unwind
from lestockage.engine.depth import CHECK_EVERY, is_deep, on_fresh_stack
from lestockage.engine.effects import UNSPECIFIED
from lestockage.engine.node import MISSING, Derived, Facet, Memo, Node
from lestockage.engine.publish import may_hold_the_dead, republish

if TYPE_CHECKING:
    from collections.abc import Generator

    from lestockage.engine.frame import Frame
    from lestockage.engine.runtime import Engine
    from lestockage.engine.traces import Trace

Found = tuple["Trace", list[Node]]


def recall(db: Engine, frame: Frame, changed: Node | None = None) -> bool:
    """Make the claimed memo of `frame` green with a result that is known for what it reads now; False when there is none.

    `changed` is a dependency that has changed, if one is known: traces over another state of it are not looked at. The claim stays.
    """
    declaration = frame.memo.table.declaration
    if db.store is None or declaration.is_async or not declaration.options.traces:
        return False
    if not frame.depth % CHECK_EVERY and frame.depth and is_deep():
        found: bool = on_fresh_stack(_recall, db, frame, changed, interrupted=lambda: db.cancel_calls(frame.root))
        return found
    return _recall(db, frame, changed)


def _recall(db: Engine, frame: Frame, changed: Node | None) -> bool:
    first = first_specified(db, frame.memo)
    if first is not None and (first.suspects is not None or first.value is not UNSPECIFIED):
        return False  # the query that had specified the value has failed, and so will the body; or it has given one again
    steps = walk(db, frame.memo, changed)
    try:
        while True:
            if not db.make_green(db, frame, next(steps)) or frame.group is not None:
                return False  # its failure, or a circle, is for the body to meet
    except StopIteration as stop:
        found: Found | None = stop.value
    except Unwind as unwind:
        if unwind.target is not frame:
            raise
        return False
    return found is not None and adopt(db, frame.memo, *found)


def first_specified(db: Engine, memo: Memo) -> Facet | None:
    """What a memo whose value was specified once read first: that it is, or that it is not any more; None for others."""
    first = memo.deps[0] if type(memo.deps) is tuple else memo.deps
    if type(first) is Facet:
        return first if db.facets.get(first.owner, {}).get(("specified", memo)) is first else None
    if memo.deps is None and memo.table.declaration.handles and memo.stored is not None and memo.stored.id:
        found: Facet | None = db.store.nodes.first_specified(memo)
        return found
    return None


def walk(db: Engine, memo: Memo, changed: Node | None = None) -> Generator[Memo, None, Found | None]:
    """The trace of a memo that holds now, with the nodes that it read; yields the memos that have to be brought up to date on the way.

    A memo that is not green when the walk goes on ends it.
    """
    traces = db.store.traces.of(memo)
    if changed is not None and traces:
        traces = _over_present(db, traces, changed)
    nodes: list[Node] = []
    while traces:
        place = len(nodes)
        done = [trace for trace in traces if len(trace.refs) == place]
        if done:
            return done[0], nodes
        node = _next_read(db, traces, place)
        if node is None:
            return None
        if isinstance(node, Derived):
            target = node.owner if isinstance(node, Facet) else node
            assert isinstance(target, Memo)  # noqa: S101  # the only other derived node
            if not is_green(target):
                yield target
                if not is_green(target):
                    return None
        came_to = db.store.values.came_to(node)
        if came_to is None:
            return None
        nodes.append(node)
        traces = [trace for trace in traces if trace.reads[place] == came_to]
    return None


def is_green(memo: Memo) -> bool:
    """Whether a memo is known to hold now, its value in memory or not."""
    return memo.suspects is None and memo.verified_at > 0


def _next_read(db: Engine, traces: list[Trace], place: int) -> Node | None:
    """What every remaining trace read next; None when it is gone, or when they do not agree: then the body was not deterministic."""
    first = traces[0].refs[place]
    node = db.store.traces.living(first, traces[0].refs[place:])
    for trace in traces[1:]:
        other = trace.refs[place]
        if other != first and db.store.traces.living(other) is not node:
            return None
    return node  # type: ignore[no-any-return]  # the store is untyped here


def _over_present(db: Engine, traces: list[Trace], changed: Node) -> list[Trace]:
    """The traces that read a changed dependency in its present state, or not at all."""
    if isinstance(changed, Derived) and changed.suspects is not None:
        return traces
    came_to = db.store.values.came_to(changed)
    if came_to is None:
        return traces
    spelled = db.store.dep(changed)
    kept = []
    for trace in traces:
        refs = trace.refs  # of a stored result ids, among which a node is looked for in vain, and slowly
        ref = spelled if spelled is not None and spelled in refs else changed
        if (ref is changed and changed not in refs) or trace.reads[refs.index(ref)] == came_to:
            kept.append(trace)
    return kept


def adopt(db: Engine, memo: Memo, trace: Trace, nodes: list[Node]) -> bool:
    """Make the trace's result the memo's, over these dependencies. Its value is loaded when somebody asks for it.

    False, and nothing done, when what the execution had made beside it cannot be had.
    """
    first = first_specified(db, memo)
    reads: dict[Node, None] = dict.fromkeys(nodes if first is None else (first, *nodes))
    if not trace.is_present and (trace.effects is not None or memo in db.facets or memo in db.pushed or memo in db.created):
        try:
            record.replay(db.store, memo, reads, trace.effects)
        except record.Unrecordable:
            return False
    republish(db, memo, reads, trace, is_same=memo.verified_at != 0 and _is_same(db, memo, trace))
    db.counts.recalled += 1
    db.recalls[memo] = db.revision
    if db.on_event is not None:
        db.on_event(events.DidReuseTrace(memo))
    return True


def _is_same(db: Engine, memo: Memo, trace: Trace) -> bool:
    """Whether a trace's result is what the memo's latest was, for those who hold that."""
    is_equal = memo.stored is not None and memo.stored.digest == trace.digest
    if is_equal and not may_hold_the_dead(db, memo):
        return True
    if memo.last is MISSING or not (is_equal or memo.table.declaration.options.eq is not None):
        return False
    found, value = db.store.values.decoded(memo, trace.digest, trace.data)
    return found and memo.table.is_equal(memo.last, value)
