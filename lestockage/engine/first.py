"""First: the short way of a call whose memo does not exist yet, generated for each query.

A first execution has no earlier result to compare with, no dependencies to drop and nothing to verify. In a database without a store, while
all is calm (`Engine.is_calm`), what is left is: make the memo, claim it, run the body, publish. The lines below do that for one query, with
its arguments spelled out and only what its declaration asks for; whatever else happens goes to the functions here, or back to `fetch.miss`
(docs/decisions/0020-first-executions-are-generated.md).

The claim is also what a write waits for: an outermost call that goes this way registers nowhere else.
"""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING, Any, Final

from lestockage.engine import effects, events, eviction
from lestockage.engine.claims import Retreat, wait
from lestockage.engine.cycle import Unwind, settle
from lestockage.engine.depth import CHECK_EVERY, is_deep
from lestockage.engine.execute import give_up, invoke
from lestockage.engine.fetch import give_back, outermost
from lestockage.engine.frame import Frame, current, enter
from lestockage.engine.inputs import Input
from lestockage.engine.node import MISSING, STALE, Memo
from lestockage.engine.overtaken import outermost_call
from lestockage.engine.publish import publish, publish_first
from lestockage.engine.tracked import Tracked

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.engine.declaration import Declaration
    from lestockage.engine.runtime import Engine

_SOURCE: Final = Template("""\
def first(db, args, key):
    caller = current()
    if caller is not None and (caller.db is not db or caller.depth % $every == $every - 1 and is_deep()):
        return miss(db, $index, key, args)
    table = db.ingredients[$index]
    memo = Memo()  # as node.new_memo
    memo.table = table
    memo.args = args
    memo.value = STALE
    memo.last = MISSING
    memo.changed_at = memo.verified_at = 0
    memo.deps = memo.suspects = memo.dependents = memo.stored = None
    $register
    frame = Frame()  # as frame.new_frame
    frame.db = db
    frame.memo = memo
    frame.caller = caller
    frame.reads = {}
    frame.effects = frame.group = None
    if caller is None:
        frame.root = frame
        frame.depth = 0
    else:
        frame.root = caller.root
        frame.depth = caller.depth + 1
    running = db.running
    try:
        running[memo] = frame
        if db.is_calm and table.entries.setdefault(key, memo) is memo:
            table.executed += 1
            if db.on_event is not None:
                db.on_event(WillExecute(memo))
            enter(frame)
            value = body($passed)
            enter(caller)
            if frame.group is not None or frame.effects is not None:
                value = finish(db, frame, value)
            else:
                if frame.reads:
                    publish(db, memo, frame.reads, $kept)
                else:  # nothing to register, and nothing below that could have changed: visible with the last line, in one step
                    memo.changed_at = 1
                    memo.verified_at = db.revision
                    memo.last = memo.value = $kept
                del running[memo]
            $use
            if not db.is_calm:
                db.ended(frame)
            if caller is None:
                frame.root = None  # a frame that led to itself would be garbage until the collector comes
            else:
                caller.reads[memo] = None
            return value
        db.ended(frame)  # somebody was faster, or writes
    except BaseException as error:
        return fail(db, frame, error)
    return miss(db, $index, key, args)
""")


def build(declaration: Declaration, miss: Callable[..., Any], passed: str) -> Callable[[Engine, Any, Any], Any]:
    """The function `(db, args, key)` for one query; `passed` is the body's argument list, in terms of `db` and `args`."""
    source = _SOURCE.substitute(
        index=declaration.index,
        every=CHECK_EVERY,
        passed=passed,
        register=_register(declaration),
        kept="value" if declaration.copy is None else "copy(value)",
        use="" if declaration.lru is None else "use(table, memo)",
    )
    single = declaration.parameters[0].annotation if declaration.arity == 1 else None
    scope = {**_SCOPE, "miss": miss, "body": declaration.function, "copy": declaration.copy, "single": single}
    exec(compile(source, f"<first execution of {declaration.name}>", "exec"), scope)  # noqa: S102  # our own text
    return scope["first"]  # type: ignore[no-any-return]


def _register(declaration: Declaration) -> str:
    """How a new memo is noted with the handles among its arguments: a single one, of the right class and alive, is its key: enough."""
    if not declaration.handles:
        return ""
    annotation = declaration.parameters[0].annotation
    if declaration.arity == 1 and isinstance(annotation, type) and issubclass(annotation, Input | Tracked):
        living = "_cells" if issubclass(annotation, Input) else "_facets"
        return f"if type(args) is not single or args.{living} is None: table.register(memo)"
    return "table.register(memo)"


def finish(db: Engine, frame: Frame, value: Any) -> Any:
    """Publish what a body returned that has taken part in a cycle, or left something beside its value; returns the value."""
    if frame.group is not None:
        return settle(db, frame, value, invoke)
    effects.settle(db, frame)
    publish(db, frame.memo, frame.reads, value)
    del db.running[frame.memo]
    return value


def fail(db: Engine, frame: Frame, error: BaseException) -> Any:
    """End a first execution that raised, inside the handler: raises it again, unless the query has a fallback for the circle it is in."""
    caller = frame.caller
    enter(caller)
    if type(error) is Unwind and error.target is frame:
        assert caller is not None  # noqa: S101  # the circle has closed further out
        try:
            value = finish(db, frame, None)  # the fallback takes the value's place
        except BaseException as another:
            _end(db, frame, another)
            raise
        if frame.memo.table.lru is not None:
            eviction.use(frame.memo.table, frame.memo)
        caller.reads[frame.memo] = None
        if not db.is_calm:
            db.ended(frame)
        return value
    _end(db, frame, error)
    if caller is None and isinstance(error, Retreat):
        return _begin_again(db, frame.memo, error.memo)
    raise error


def _end(db: Engine, frame: Frame, error: BaseException) -> None:
    """An execution has raised: a caller that catches that depends on what was read on the way; without a caller, the call is over."""
    give_up(db, frame, error)
    caller = frame.caller
    if caller is not None:
        if isinstance(error, Exception):
            caller.reads.update(frame.reads)
    else:
        if not isinstance(error, Exception):
            give_back(db, frame)
        frame.root = None
    if not db.is_calm:
        db.ended(frame)


def _begin_again(db: Engine, memo: Memo, awaited: Memo) -> Any:
    """The value of an outermost call that gave its claims back because two threads waited for each other, the long way."""

    def ask() -> Any:
        wait(db, awaited, None)
        return outermost(db, memo)

    return outermost_call(db, ask)


_SCOPE: Final[dict[str, Any]] = {
    "MISSING": MISSING,
    "STALE": STALE,
    "Frame": Frame,
    "Memo": Memo,
    "WillExecute": events.WillExecute,
    "current": current,
    "enter": enter,
    "fail": fail,
    "finish": finish,
    "is_deep": is_deep,
    "publish": publish_first,
    "use": eviction.use,
}
