"""`explain`: why a query last ran, or did not, as a path from the changed input."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Database, Input, Key, query
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Number(Input):
    name: Key[str]
    value: int


@query
def parity(db: Database, number: Number) -> int:
    return number.value % 2


@query
def shown(db: Database, number: Number) -> str:
    return "odd" if parity(db, number) else "even"


@pytest.fixture
def number(db: Database) -> Number:
    """An odd number, shown."""
    made = Number(db, name="n", value=1)
    shown(db, made)
    return made


def test_what_ran_names_the_path_from_the_changed_input(db: Database, number: Number) -> None:
    """A real change: each step ran because of the one below."""
    number.value = 2
    shown(db, number)
    assert str(db.explain(shown, number)).splitlines() == [
        "shown(Number(name='n')): ran, and its result changed (revision 2)",
        "  parity(Number(name='n')): ran, and its result changed (revision 2)",
        "    Number(name='n').value: was set (revision 2)",
    ]


def test_what_did_not_run_names_where_the_change_stopped(db: Database, number: Number) -> None:
    """An equal result below: validated."""
    number.value = 3
    shown(db, number)
    assert str(db.explain(shown, number)).splitlines() == [
        "shown(Number(name='n')): was validated without running: what it read came out equal (revision 2)",
        "  parity(Number(name='n')): ran, and its result came out equal (backdated) (revision 2)",
        "    Number(name='n').value: was set (revision 2)",
    ]


def test_first_runs_dirt_and_what_was_never_asked(db: Database, log: EventLog, number: Number) -> None:
    """Explaining computes nothing."""
    log.clear()
    assert db.explain(shown, number).outcome == "ran for the first time"
    assert db.explain(shown, Number(db, name="other", value=1)).outcome == "was never asked"
    number.value = 2
    assert db.explain(shown, number).outcome.startswith("is dirty")
    assert_executed(log)
