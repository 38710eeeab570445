"""Threads: many may ask at once, equal work is done once, a write waits, and circles across threads are found."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from lestockage import Database, Input, Key, query
from lestockage.engine.events import WillBlockOn
from lestockage.errors import CycleError, WriteInsideQuery
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog

SECONDS = 10.0
"""How long a test waits for what must happen at once; only a broken engine takes that long."""


class Number(Input):
    name: Key[str]
    value: int


class Gate:
    """A place where a body waits for the test."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.open = threading.Event()

    def wait(self) -> None:
        """Say that the body is here, and go on when told."""
        self.entered.set()
        assert self.open.wait(SECONDS)


def _until_blocked(log: EventLog) -> None:
    """Wait until some thread waits for another's result."""
    deadline = threading.Event()
    for _ in range(int(SECONDS * 100)):
        if log.calls(WillBlockOn):
            return
        deadline.wait(0.01)
    raise AssertionError("nobody waits")


def test_the_same_key_runs_once(db: Database, log: EventLog) -> None:
    """The other thread waits for the result."""
    gate = Gate()

    @query
    def slow(db: Database) -> int:
        gate.wait()
        return 7

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(slow, db)
        assert gate.entered.wait(SECONDS)
        second = pool.submit(slow, db)
        _until_blocked(log)
        gate.open.set()
        assert (first.result(SECONDS), second.result(SECONDS)) == (7, 7)
    assert_executed(log, slow)


def test_different_keys_run_at_once(db: Database) -> None:
    """Each of two bodies goes on only when the other has begun."""
    meeting = threading.Barrier(2)

    @query
    def meets(db: Database, n: int) -> int:
        meeting.wait(SECONDS)
        return n

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda n: meets(db, n), (1, 2))) == [1, 2]


def test_a_write_waits_for_running_queries(db: Database, log: EventLog) -> None:
    """The query sees the state it began with, whole; the next one sees the new state."""
    number = Number(db, name="a", value=1)
    gate = Gate()

    @query
    def twice(db: Database) -> tuple[int, int]:
        first = number.value
        if first == 1:
            gate.wait()
        return first, number.value

    with ThreadPoolExecutor(2) as pool:
        asked = pool.submit(twice, db)
        assert gate.entered.wait(SECONDS)
        written = pool.submit(setattr, number, "value", 2)
        assert not written.done()
        gate.open.set()
        assert asked.result(SECONDS) == (1, 1)
        written.result(SECONDS)
    assert twice(db) == (2, 2)
    assert_executed(log, twice, twice)


def test_a_write_from_inside_a_query_raises_instead_of_waiting(db: Database) -> None:
    """It would wait for itself."""
    number = Number(db, name="a", value=1)

    @query
    def writes(db: Database) -> int:
        number.value = 2
        return 0

    with ThreadPoolExecutor(1) as pool, pytest.raises(WriteInsideQuery):
        pool.submit(writes, db).result(SECONDS)


def test_a_failure_in_one_thread_is_retried_by_the_one_that_waited(db: Database, log: EventLog) -> None:
    """Whoever waited computes anew, and gets its own result."""
    gate = Gate()
    failures = iter([True, False])

    @query
    def flaky(db: Database) -> int:
        gate.wait()
        if next(failures):
            raise OSError("first time")
        return 7

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(flaky, db)
        assert gate.entered.wait(SECONDS)
        second = pool.submit(flaky, db)
        _until_blocked(log)
        gate.open.set()
        with pytest.raises(OSError, match="first time"):
            first.result(SECONDS)
        assert second.result(SECONDS) == 7
    assert_executed(log, flaky, flaky)


def _ring(db: Database, **options: object) -> tuple[list[object], list[BaseException | None]]:
    """Two threads that enter a circle of two queries from different sides at the same time: results and errors."""
    meeting = threading.Barrier(2)
    early = threading.local()

    def meet() -> None:
        if not getattr(early, "met", False):
            early.met = True
            meeting.wait(SECONDS)

    @query(**options)  # type: ignore[call-overload, untyped-decorator]
    def one(db: Database, n: int) -> int:
        meet()
        return min(two(db, n) + 1, 5)

    @query(**options)  # type: ignore[call-overload, untyped-decorator]
    def two(db: Database, n: int) -> int:
        meet()
        return min(one(db, n) + 1, 5)

    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(one, db, 0), pool.submit(two, db, 0)]
        errors = [future.exception(SECONDS) for future in futures]
    return [None if error else future.result() for future, error in zip(futures, errors, strict=True)], errors


def test_a_circle_across_threads_is_an_error_and_no_deadlock(db: Database) -> None:
    """Both threads get the error that one would."""
    results, errors = _ring(db)
    assert results == [None, None]
    assert [type(error) for error in errors] == [CycleError, CycleError]
    assert not db.running


def test_a_circle_across_threads_converges(db: Database) -> None:
    """Both threads see the fixpoint that one would find."""
    assert _ring(db, cycle_initial=lambda db, n: 0) == ([5, 5], [None, None])
    assert not db.running
