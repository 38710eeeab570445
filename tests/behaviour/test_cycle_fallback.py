"""`cycle_result=`: every participant that has a fallback gets its own, whatever the entry point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Database, Input, Key, query
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Cell(Input):
    name: Key[str]
    refers: tuple[str, ...] = ()
    value: int = 1


def _error(db: Database, name: str) -> str:
    return f"cycle at {name}"


@query(cycle_result=_error)
def shown(db: Database, name: str) -> str:
    cell = Cell.get(db, name=name)
    assert cell is not None
    return "+".join([str(cell.value), *(shown(db, each) for each in cell.refers)])


@query
def plain(db: Database, name: str) -> str:
    return f"<{shown(db, name)}>"


def _sheet(db: Database, **cells: str) -> None:
    for name, refers in cells.items():
        Cell(db, name=name, refers=tuple(refers))


@pytest.mark.parametrize("entry", ["a", "b", "c"])
def test_every_participant_gets_its_own(db: Database, entry: str) -> None:
    """The same answers, whichever cell is asked first; who only looks in is not part of the circle."""
    _sheet(db, a="b", b="c", c="a", x="a")
    shown(db, entry)
    assert {name: shown(db, name) for name in "abcx"} == {
        "a": "cycle at a",
        "b": "cycle at b",
        "c": "cycle at c",
        "x": "1+cycle at a",
    }


def test_each_body_runs_once(db: Database, log: EventLog) -> None:
    """A fallback needs no iteration, and the participants are green afterwards."""
    _sheet(db, a="b", b="a")
    assert plain(db, "a") == "<cycle at a>"
    assert shown(db, "b") == "cycle at b"
    assert_executed(log, plain, "shown('a')", "shown('b')")


def test_the_cycle_may_be_broken_and_closed(db: Database) -> None:
    """Every revision reads as computed afresh."""
    _sheet(db, a="b", b="c", c="")
    cell = Cell.get(db, name="c")
    assert cell is not None
    for _ in range(2):
        assert plain(db, "a") == "<1+1+1>"
        cell.refers = ("a",)
        assert [shown(db, name) for name in "bca"] == ["cycle at b", "cycle at c", "cycle at a"]
        cell.refers = ()


def test_an_unrelated_change_runs_nobody(db: Database, log: EventLog) -> None:
    """The circle is validated as a whole."""
    _sheet(db, a="b", b="a", x="")
    plain(db, "a")
    log.clear()
    Cell(db, name="x", value=3)
    assert plain(db, "a") == "<cycle at a>"
    assert_executed(log)


def test_a_participant_without_fallback_is_skipped(db: Database, log: EventLog) -> None:
    """The circle runs through a query without an option: the nearest one with a fallback takes it."""

    @query(cycle_result=lambda db, n: -n)
    def outer(db: Database, n: int) -> int:
        return inner(db, n) + 1

    @query
    def inner(db: Database, n: int) -> int:
        return outer(db, n) + 1

    assert outer(db, 5) == -5
    assert inner(db, 5) == -4
