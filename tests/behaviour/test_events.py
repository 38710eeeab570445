"""Events: a callback receives what the engine does, in order, and every kind names what it happened to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage import Database, Input, Key, query
from lestockage.engine.events import DidBackdate, DidValidate, WillExecute
from lestockage.testing import EventLog

if TYPE_CHECKING:
    from pathlib import Path


class Number(Input):
    name: Key[str]
    value: int


@query
def parity(db: Database, number: Number) -> int:
    return number.value % 2


@query
def shown(db: Database, number: Number) -> str:
    return "odd" if parity(db, number) else "even"


def test_they_arrive_in_order(db: Database, log: EventLog) -> None:
    """An execution before what it calls, a validation after what it looked at."""
    number = Number(db, name="n", value=1)
    shown(db, number)
    number.value = 3
    shown(db, number)
    kinds = [(type(event), event.node.describe()) for event in log.events]
    parity_, shown_ = "parity(Number(name='n'))", "shown(Number(name='n'))"
    assert kinds == [(WillExecute, shown_), (WillExecute, parity_), (WillExecute, parity_), (DidBackdate, parity_), (DidValidate, shown_)]


def test_a_hit_is_no_event(db: Database, log: EventLog) -> None:
    """Green hits cost nothing, not even a call of the callback."""
    number = Number(db, name="n", value=1)
    shown(db, number)
    log.clear()
    shown(db, number)
    assert log.events == []


def test_executions_are_counted_by_query(db: Database) -> None:
    """Without a callback too; queries that never ran are left out."""
    number = Number(db, name="n", value=1)
    shown(db, number)
    number.value = 3
    shown(db, number)
    assert db.executions() == {parity.declaration.name: 2, shown.declaration.name: 1}


def test_a_memo_out_of_the_store_is_told(tmp_path: Path) -> None:
    """`DidLoad`, once, for what was asked and not for what lies below it."""
    with Database(tmp_path / "memo.db") as db:
        shown(db, Number(db, name="n", value=1))
    log = EventLog()
    with Database(tmp_path / "memo.db", on_event=log) as db:
        number = Number.get(db, name="n")
        assert number is not None
        assert shown(db, number) == "odd"
    assert log.happened == ["DidLoad shown(Number(name='n'))"]
