"""Cancellation: a running query raises `Cancelled` at its next query call; nothing is stored, and nobody else is taken down."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from lestockage import Database, query
from lestockage.engine.events import WillBlockOn
from lestockage.errors import Cancelled
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog

SECONDS = 10.0


@query
def leaf(db: Database, n: int) -> int:
    return n


def test_it_stops_at_the_next_call(db: Database, log: EventLog) -> None:
    """What was finished stays, what was running is not stored, and asking again computes."""
    entered, go_on = threading.Event(), threading.Event()

    @query
    def long(db: Database) -> int:
        first = leaf(db, 1)
        entered.set()
        assert go_on.wait(SECONDS)
        return first + leaf(db, 2)

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(long, db)
        assert entered.wait(SECONDS)
        db.cancel()
        go_on.set()
        with pytest.raises(Cancelled, match="Ask again"):
            running.result(SECONDS)
    assert_executed(log, long, "leaf(1)")
    assert long(db) == 3
    assert_executed(log, long, "leaf(2)")


def test_a_green_call_stops_too(db: Database) -> None:
    """Also when what it asks for is at hand."""
    leaf(db, 1)
    entered, go_on = threading.Event(), threading.Event()

    @query
    def long(db: Database) -> int:
        entered.set()
        assert go_on.wait(SECONDS)
        return leaf(db, 1)

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(long, db)
        assert entered.wait(SECONDS)
        db.cancel()
        go_on.set()
        with pytest.raises(Cancelled):
            running.result(SECONDS)


def test_it_is_no_ordinary_exception(db: Database) -> None:
    """A body that catches `Exception` does not swallow it."""
    assert issubclass(Cancelled, BaseException)
    assert not issubclass(Cancelled, Exception)


def test_with_nothing_running_it_does_nothing(db: Database, log: EventLog) -> None:
    """The next request is not affected."""
    db.cancel()
    assert leaf(db, 1) == 1
    assert_executed(log, leaf)


def test_who_waited_for_a_cancelled_query_computes_anew(db: Database, log: EventLog) -> None:
    """Another's cancellation takes nobody down: the waiting call gets its result."""
    entered, go_on = threading.Event(), threading.Event()

    @query
    def long(db: Database) -> int:
        first = leaf(db, 1)
        entered.set()
        assert go_on.wait(SECONDS)
        return first + leaf(db, 2)

    with ThreadPoolExecutor(2) as pool:
        running = pool.submit(long, db)
        assert entered.wait(SECONDS)
        waiting = pool.submit(long, db)
        for _ in range(1000):
            if log.calls(WillBlockOn):
                break
            threading.Event().wait(0.01)
        db.cancel()
        go_on.set()
        with pytest.raises(Cancelled):
            running.result(SECONDS)
        assert waiting.result(SECONDS) == 3
    assert_executed(log, long, "leaf(1)", long, "leaf(2)")
