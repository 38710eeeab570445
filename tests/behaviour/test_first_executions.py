"""First executions: a call of a new memo does the same on the short way, which wrappers spell out, as on the long way."""

from __future__ import annotations

import gc
import threading
from typing import TYPE_CHECKING, Any

import pytest

from lestockage import Accumulator, Database, Input, Key, Tracked, query
from lestockage.engine import claims
from lestockage.engine.frame import current, new_frame
from lestockage.engine.node import Derived, Memo, Node, each, new_memo
from lestockage.engine.table import Table
from lestockage.errors import ArgumentError, Cancelled, CycleError, DeletedHandle
from lestockage.testing import EventLog
from lestockage.testing.invariants import check_invariants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS = 10.0
"""How long a test waits for what must happen at once; only a broken engine takes that long."""


class Number(Input):
    name: Key[str]
    value: int


class Part(Tracked):
    index: Key[int]
    size: int


class Remark(Accumulator):
    text: str


class BrokenError(Exception):
    """Raised by a body."""


@query
def constant(db: Database) -> int:
    return 7


@query
def length(db: Database, text: str) -> int:
    return len(text)


@query
def half(db: Database, number: float) -> float:
    return number / 2


@query
def doubled(db: Database, number: Number) -> int:
    return number.value * 2


@query
def scaled(db: Database, number: Number, factor: int = 3, *, offset: int = 0) -> int:
    return number.value * factor + offset


@query
def listed(db: Database, text: str) -> list[str]:
    return list(text)


@query(lru=2)
def kept(db: Database, text: str) -> str:
    return text.upper()


@query
def total(db: Database) -> int:
    return sum(doubled(db, number) for number in Number.all(db)) + constant(db)


@query
def parts(db: Database, number: Number) -> tuple[Part, ...]:
    Remark(text="made").push(db)
    return tuple(Part(db, index=index, size=index) for index in range(number.value))


@query
def sizes(db: Database, number: Number) -> int:
    return sum(size_of(db, part) for part in parts(db, number))


@query
def size_of(db: Database, part: Part) -> int:
    return part.size


@query
def failing(db: Database, number: Number) -> int:
    raise BrokenError(number.value)


@query
def lenient(db: Database, number: Number) -> int:
    try:
        return failing(db, number)
    except BrokenError:
        return -1


@query(cycle_initial=lambda db, number: 0)
def grown(db: Database, number: Number) -> int:
    return min(number.value, grown(db, number) + 1)


@query(cycle_result=lambda db, number: number.value)
def fallback(db: Database, number: Number) -> int:
    return around(db, number)


@query
def around(db: Database, number: Number) -> int:
    return fallback(db, number)


@query(lru=2, cycle_result=lambda db, number: number.value)
def kept_fallback(db: Database, number: Number) -> int:
    return around_kept(db, number)


@query
def around_kept(db: Database, number: Number) -> int:
    return kept_fallback(db, number)


def _break(db: Database, number: Number) -> int:
    raise BrokenError(number.value)


@query(cycle_result=_break)
def broken_fallback(db: Database, number: Number) -> int:
    return around_broken(db, number)


@query
def around_broken(db: Database, number: Number) -> int:
    return broken_fallback(db, number)


@query
def half_made(db: Database, number: Number) -> int:
    part = Part(db, index=0, size=number.value)
    raise BrokenError(size_of(db, part))


@query
def around_half_made(db: Database, number: Number) -> int:
    try:
        return half_made(db, number)
    except BrokenError:
        return 0


@query
def circle(db: Database, number: Number) -> int:
    return circle(db, number)


CALLS: dict[str, Callable[[Database, Number], Any]] = {
    "no argument": lambda db, _number: constant(db),
    "an argument that is its own key": lambda db, _number: length(db, "four"),
    "an argument that is not": lambda db, _number: half(db, 0.0),
    "one of another type than declared": lambda db, _number: length(db, 4),  # type: ignore[arg-type]
    "a handle": doubled,
    "no handle where one is declared": lambda db, _number: doubled(db, 4),  # type: ignore[arg-type]
    "several arguments": lambda db, number: scaled(db, number, 2, offset=1),
    "defaults": scaled,
    "a result that can change": lambda db, _number: listed(db, "ab"),
    "a capacity": lambda db, _number: [kept(db, text) for text in "abc"],
    "calls of others": lambda db, _number: total(db),
    "structs and pushed values": lambda db, number: (sizes(db, number), sizes.accumulated(Remark, db, number)),
    "an exception": failing,
    "an exception that is caught": lenient,
    "a fixpoint": grown,
    "a fallback": fallback,
    "a fallback further in": around,
    "a fallback with a capacity": around_kept,
    "a fallback that fails": around_broken,
    "an exception after a struct": around_half_made,
    "a circle": circle,
}


def _short(db: Database) -> None:
    """Let first executions take the way that they take."""
    assert db.is_calm


def _long(db: Database) -> None:
    """Keep first executions from the short way for good."""
    db.calm_down = lambda: None  # type: ignore[method-assign]
    db.is_calm = False


def _told(node: Node) -> tuple[Any, ...]:
    """Everything that a node holds, with other nodes by name."""
    told: list[Any] = [node.describe(), node.changed_at, sorted(reader.describe() for reader in each(node.dependents)), node.stored]
    if isinstance(node, Derived):
        told += [
            node.verified_at,
            [dep.describe() for dep in each(node.deps)],
            type(node.deps),
            [dep.describe() for dep in each(node.suspects)],
        ]
    if isinstance(node, Memo):
        told += [repr(node.value), repr(node.last), repr(node.args), node in node.table.used]
    return tuple(told)


def _outcome(prepare: Callable[[Database], None], call: Callable[[Database, Number], Any]) -> tuple[Any, ...]:
    """All that a call leaves behind in a fresh database."""
    log = EventLog()
    with Database(on_event=log) as db:
        number = Number(db, name="a", value=3)
        prepare(db)
        try:
            answer = repr(call(db, number))
        except (BrokenError, ArgumentError, CycleError) as error:
            answer = f"{error!r} {error.__notes__ if hasattr(error, '__notes__') else ''}"
        memos = [_told(memo) for table in db.ingredients for memo in table.entries.values()]
        cells = [_told(cell) for cell in number._cells or ()]
        assert not db.running
        return answer, [str(event) for event in log.events], memos, cells, db.executions()


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_both_ways_agree(call: Callable[[Database, Number], Any]) -> None:
    """Result or exception, events, and every slot of every memo."""
    assert _outcome(_short, call) == _outcome(_long, call)


def _slots(value: Any) -> dict[str, Any]:
    found = {}
    for cls in type(value).__mro__:
        for slot in getattr(cls, "__slots__", ()):
            if hasattr(value, slot):
                found[slot] = getattr(value, slot)
    return found


def _begun(prepare: Callable[[Database], None]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """What frame and memo hold while a body runs, as an outermost call and as one inside another."""
    seen: list[tuple[dict[str, Any], dict[str, Any]]] = []

    @query
    def looked(db: Database, depth: int) -> int:
        frame = current()
        assert frame is not None
        seen.append(({**_slots(frame), "reads": dict(frame.reads)}, _slots(frame.memo)))
        return depth if depth == 0 else looked(db, depth - 1)

    with Database() as db:
        prepare(db)
        looked(db, 2)
    for frame, memo in seen:
        caller = frame.pop("caller")
        root = frame.pop("root")
        yield (
            {**{name: type(value) if name in ("db", "memo") else value for name, value in frame.items()}, "caller": type(caller)},
            {**{name: value for name, value in memo.items() if name != "table"}, "root": type(root)},
        )


def test_frames_and_memos_begin_alike() -> None:
    """The lines that wrappers spell out set what `new_frame` and `new_memo` set."""
    assert list(_begun(_short)) == list(_begun(_long))
    with Database() as db:
        memo = new_memo(db.ingredients[0], None)
        frame = new_frame(db, memo, None)
    for made in (memo, frame):
        assert set(_slots(made)) == {slot for cls in type(made).__mro__ for slot in getattr(cls, "__slots__", ())}


def test_nothing_is_left_to_the_collector() -> None:
    """Frames do not lead to themselves once a call is over."""
    with Database() as db:
        number = Number(db, name="a", value=3)
        constant(db)
        gc.collect()
        gc.disable()
        try:
            total(db)
            scaled(db, number)
            number.value = 4
            total(db)
            assert gc.collect() == 0
        finally:
            gc.enable()


def test_a_dead_handle_is_refused() -> None:
    """Of an input that was deleted, before anything is claimed."""
    with Database() as db:
        number = Number(db, name="a", value=3)
        number.delete()
        with pytest.raises(DeletedHandle):
            doubled(db, number)
        check_invariants(db)


class _Gate:
    """A place where a body waits for the test."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.open = threading.Event()

    def wait(self) -> None:
        self.entered.set()
        assert self.open.wait(SECONDS)


def test_a_write_waits_for_a_first_execution() -> None:
    """An outermost call on the short way is registered nowhere but in its claim."""
    gate = _Gate()

    @query
    def slow(db: Database, number: Number) -> tuple[int, int]:
        before = number.value
        gate.wait()
        return before, number.value

    with Database() as db:
        number = Number(db, name="a", value=3)
        found: list[Any] = []
        asking = threading.Thread(target=lambda: found.append(slow(db, number)))
        asking.start()
        assert gate.entered.wait(SECONDS)
        assert not db.readers
        writing = threading.Thread(target=lambda: setattr(number, "value", 4))
        writing.start()
        writing.join(0.1)
        assert writing.is_alive()
        gate.open.set()
        asking.join(SECONDS)
        writing.join(SECONDS)
        assert not writing.is_alive()
        assert found == [(3, 3)]
        assert number.value == 4
        assert slow(db, number) == (4, 4)
        check_invariants(db)


def test_a_first_execution_waits_for_a_write() -> None:
    """A call that comes while somebody writes goes the long way."""
    with Database() as db:
        number = Number(db, name="a", value=3)
        found: list[int] = []
        with db.write():
            asking = threading.Thread(target=lambda: found.append(doubled(db, number)))
            asking.start()
            asking.join(0.1)
            assert not found
            number.value = 5
        asking.join(SECONDS)
        assert found == [10]
        check_invariants(db)


def test_a_write_that_begins_meanwhile_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the first look at the calm and the claim, a write may begin: the second look sees it."""
    written = threading.Event()
    gate = _Gate()
    register = Table.register
    threads: list[threading.Thread] = []

    def write(number: Number) -> None:
        with number._db.write():
            gate.wait()
            number.value = 5
            written.set()

    def slow(table: Table, memo: Memo) -> None:
        register(table, memo)
        if not threads:
            threads.append(threading.Thread(target=write, args=(memo.args[0],)))
            threads[0].start()
            assert gate.entered.wait(SECONDS)
            threading.Timer(0.05, gate.open.set).start()

    monkeypatch.setattr(Table, "register", slow)
    was_written: list[bool] = []

    @query
    def scaled_once(db: Database, number: Number, factor: int) -> int:
        was_written.append(written.is_set())
        return number.value * factor

    with Database() as db:
        number = Number(db, name="a", value=3)
        assert scaled_once(db, number, 2) == 10
        assert was_written == [True]
        threads[0].join(SECONDS)
        check_invariants(db)


def test_a_cancelled_first_execution_stops() -> None:
    """At its next call; then all is calm again."""
    gate = _Gate()

    @query
    def slow(db: Database) -> int:
        gate.wait()
        return constant(db)

    with Database() as db:
        raised: list[BaseException] = []

        def ask() -> None:
            try:
                slow(db)
            except Cancelled as error:
                raised.append(error)

        asking = threading.Thread(target=ask)
        asking.start()
        assert gate.entered.wait(SECONDS)
        db.cancel()
        gate.open.set()
        asking.join(SECONDS)
        assert len(raised) == 1
        check_invariants(db)
        assert slow(db) == 7


def test_whoever_waits_is_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A claim that is given back after a look at who has it, and before the wait, wakes the one who is about to wait."""
    with Database() as db:
        memo = new_memo(db.ingredients[0], None)
        frame = claims.claim(db, memo, None)
        assert frame is not None
        given_back = threading.Event()

        def give_back() -> None:
            db.release(frame)
            given_back.set()

        def look(*_args: Any) -> bool:
            # The other thread finds the claim gone and looks whether anybody waits; it gets the lock only once this one waits.
            threading.Thread(target=give_back).start()
            for _ in range(int(SECONDS * 100)):
                if memo not in db.running:
                    break
                threading.Event().wait(0.01)
            return False

        monkeypatch.setattr(claims, "_closes_a_circle", look)
        waiting = threading.Thread(target=claims.wait, args=(db, memo, frame), daemon=True)
        waiting.start()
        waiting.join(SECONDS)
        assert not waiting.is_alive()
        assert given_back.wait(SECONDS)
