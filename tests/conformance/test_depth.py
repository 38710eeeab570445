"""Depth: chains and circles that are bounded by memory, not by the interpreter's stack."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import pytest

from lestockage import Database, Input, query
from lestockage.engine import execute
from lestockage.engine.frame import current, enter
from lestockage.testing.invariants import check_invariants

if TYPE_CHECKING:
    from lestockage.engine.frame import Frame

DEEP = 100_000
CIRCLE = 10_000
FAILING = 50_000


class Foot(Input):
    """What the chains stand on."""

    value: int
    fails: bool = False


@query
def parity(db: Database, level: int) -> int:
    """One level of a chain that is cut off at its foot."""
    return foot(db).value % 2 if level == 0 else parity(db, level - 1)


@query
def summed(db: Database, level: int) -> int:
    """One level of a chain that calls through a generator and a built-in, which use the C stack."""
    if level == 0:
        return foot(db).value
    return sum(summed(db, below) for below in (level - 1,)) + 1


@query
def failing(db: Database, level: int) -> int:
    """One level of a chain whose foot may raise."""
    if level:
        return failing(db, level - 1) + 1
    if foot(db).fails:
        raise ValueError("the foot gave way")
    return foot(db).value


def _zero(_db: Database, _index: int) -> int:
    return 0


@query(cycle_initial=_zero)
def round_about(db: Database, index: int) -> int:
    """One of a circle of 10,000: the maximum of its own number, if small, and the next one's value."""
    return max(foot(db).value if index == CIRCLE // 2 else 0, round_about(db, (index + 1) % CIRCLE))


def foot(db: Database) -> Foot:
    """The one foot."""
    found = Foot.get(db)
    assert found is not None
    return found


@query
def chain(db: Database, level: int) -> int:
    """One level of a chain, in the plainest form."""
    return foot(db).value if level == 0 else chain(db, level - 1) + 1


@pytest.mark.no_cover  # others cover it; measured line by line it takes twice as long
def test_a_chain_of_100_000_computes_validates_and_runs_again() -> None:
    """Cold, after a change that is cut off at the foot, and after one that reaches the top."""
    with Database() as db:
        Foot(db, value=0)
        assert chain(db, DEEP - 1) == DEEP - 1
        foot(db).value = 5
        assert chain(db, DEEP - 1) == DEEP + 4
        assert parity(db, DEEP - 1) == 1
        executed = db.counts.executed
        foot(db).value = 7
        assert parity(db, DEEP - 1) == 1
        assert db.counts.executed == executed + 1


def test_a_chain_through_generators_and_built_ins() -> None:
    """Calls that use the C stack do not overflow it."""
    with Database() as db:
        Foot(db, value=1)
        assert summed(db, 20_000) == 20_001
        foot(db).value = 2
        assert summed(db, 20_000) == 20_002


def test_a_circle_of_10_000_converges() -> None:
    """A fixpoint over a circle of 10,000 queries, and its change."""
    with Database() as db:
        Foot(db, value=3)
        assert round_about(db, 0) == 3
        assert round_about(db, CIRCLE - 1) == 3
        foot(db).value = 2
        assert round_about(db, 7) == 2
        check_invariants(db)


@pytest.mark.no_cover  # others cover it; measured line by line it takes twice as long
def test_an_exception_from_depth_50_000_reaches_the_caller() -> None:
    """It arrives unchanged, cold and during verification, and the database can be used."""
    with Database() as db:
        Foot(db, value=0, fails=True)
        with pytest.raises(ValueError, match="the foot gave way"):
            failing(db, FAILING)
        foot(db).fails = False
        assert failing(db, FAILING) == FAILING
        foot(db).fails = True
        with pytest.raises(ValueError, match="the foot gave way"):
            failing(db, FAILING)
        foot(db).fails = False
        assert failing(db, FAILING) == FAILING


def _run_on(db: Database) -> None:
    while True:
        foot(db).value += 1
        chain(db, 30_000)


def _interrupt(after: float, stopped: threading.Event) -> None:
    """Interrupt the main thread, and again where the first one came while Python was in a callback, which swallows it."""
    stopped.wait(after)
    while not stopped.is_set():
        signal.raise_signal(signal.SIGINT)
        stopped.wait(10)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of an interrupt that a callback has swallowed
@pytest.mark.parametrize("after", [0.005, 0.05, 0.2])
def test_an_interrupt_in_a_deep_run_leaves_a_usable_database(after: float) -> None:
    """Ctrl-C stops the run; what was claimed is free, and the same call answers afterwards."""
    with Database() as db:
        Foot(db, value=0)
        stopped = threading.Event()
        interrupting = threading.Thread(target=_interrupt, args=(after, stopped))
        try:
            interrupting.start()
            with pytest.raises(KeyboardInterrupt):
                _run_on(db)
        finally:
            stopped.set()
            interrupting.join()
        check_invariants(db)
        assert chain(db, 30_000) == foot(db).value + 30_000


def test_an_interrupt_as_a_body_begins_leaves_no_query_running(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may arrive between two steps of the engine, just when the query has become the running one."""
    with Database() as db:
        Foot(db, value=0)
        assert chain(db, 3) == 3
        foot(db).value = 1

        def interrupted(frame: Frame | None) -> None:
            monkeypatch.undo()
            enter(frame)
            raise KeyboardInterrupt

        monkeypatch.setattr(execute, "enter", interrupted)
        with pytest.raises(KeyboardInterrupt):
            chain(db, 3)
        assert current() is None
        foot(db).value = 2
        assert chain(db, 3) == 5
        check_invariants(db)
