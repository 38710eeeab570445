"""A converged cycle is kept, validated without executing, and recomputed only for what it read, in any iteration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Database, Input, Key, query
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.engine.cycle import Cycle
    from lestockage.testing import EventLog


class Number(Input):
    name: Key[str]
    value: int


def _of(db: Database, name: str) -> int:
    number = Number.get(db, name=name)
    assert number is not None
    return number.value


def _start(db: Database, n: int) -> int:
    return _of(db, "start")


def _step(db: Database, cycle: Cycle, last: int, value: int, n: int) -> int:
    return min(value, _of(db, "cap"))


@query(cycle_initial=_start, cycle_fn=_step)
def left(db: Database, n: int) -> int:
    value = right(db, n)
    return value + _of(db, "early") if value < n else value


@query(cycle_initial=_start, cycle_fn=_step)
def right(db: Database, n: int) -> int:
    return left(db, n)


@query
def outside(db: Database, n: int) -> str:
    return f"{left(db, n)}"


_QUERIES = {"outside": outside, "left": left, "right": right}


def _answers(db: Database, first: str) -> list[object]:
    """Ask one query first (the head of the circle, which decides where a recovery function is applied), then all."""
    return [_QUERIES[name](db, 5) for name in (first, "outside", "left", "right")]


def _fresh(db: Database, first: str) -> list[object]:
    """The answers of a database that has never seen another state."""
    other = Database()
    for number in Number.all(db):
        Number(other, name=number.name, value=number.value)
    return _answers(other, first)


@pytest.fixture
def numbers(db: Database) -> Database:
    """Start 0, steps of 1, capped at 100, and something that nobody reads."""
    for name, value in (("start", 0), ("cap", 100), ("early", 1), ("unrelated", 0)):
        Number(db, name=name, value=value)
    return db


def test_an_unrelated_change_validates_without_executing(numbers: Database, log: EventLog) -> None:
    """No participant runs, whichever is asked."""
    assert outside(numbers, 5) == "5"
    log.clear()
    Number(numbers, name="unrelated", value=1)
    assert (outside(numbers, 5), left(numbers, 5), right(numbers, 5)) == ("5", 5, 5)
    assert_executed(log)


@pytest.mark.parametrize(("name", "value"), [("start", 3), ("start", 7), ("cap", 4), ("early", 2), ("early", 3)])
@pytest.mark.parametrize("asked", ["outside", "left", "right"])
def test_every_input_read_in_any_iteration_counts(numbers: Database, name: str, value: int, asked: str) -> None:
    """Read by the initial function, the recovery function, or only while the value was small: a change is seen."""
    _answers(numbers, asked)
    Number(numbers, name=name, value=value)
    assert _answers(numbers, asked) == _fresh(numbers, asked)


def test_an_equal_fixpoint_stops_the_change(numbers: Database, log: EventLog) -> None:
    """The circle converges to the same value by another way: its dependent is validated."""
    outside(numbers, 5)
    log.clear()
    Number(numbers, name="start", value=2)
    assert outside(numbers, 5) == "5"
    assert "WillExecute outside(5)" not in log.happened
    assert log.happened[-1] == "DidValidate outside(5)"


def test_a_provisional_value_is_never_seen_outside(numbers: Database) -> None:
    """A query inside of the circle but for the head: asked afterwards, it is what the circle ended with."""
    assert (outside(numbers, 5), right(numbers, 5)) == ("5", 5)
    Number(numbers, name="start", value=6)
    assert (right(numbers, 5), outside(numbers, 5)) == (6, "6")


def test_cycles_appear_and_vanish(db: Database, log: EventLog) -> None:
    """Between revisions, any number of times, with the values of a fresh evaluation."""

    class Link(Input):
        closed: bool

    link = Link(db, closed=False)

    @query(cycle_initial=lambda db: 0)
    def one(db: Database) -> int:
        return min(two(db) + 1, 9)

    @query(cycle_initial=lambda db: 0)
    def two(db: Database) -> int:
        return one(db) if link.closed else 3

    for closed in (False, True, False, True, True, False):
        link.closed = closed
        assert (one(db), two(db)) == ((9, 9) if closed else (4, 3))
