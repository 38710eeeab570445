"""A write that no asked query depends on executes nothing, and looks at nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage import Database, Input, Key, query
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Number(Input):
    name: Key[str]
    value: int
    comment: str = ""


@query
def doubled(db: Database, number: Number) -> int:
    return 2 * number.value


def test_a_write_to_another_input_runs_nothing(db: Database, log: EventLog) -> None:
    """Neither execution nor validation: the memo is still green."""
    one, other = Number(db, name="one", value=1), Number(db, name="other", value=1)
    doubled(db, one)
    log.clear()
    visited = db.counts.visited
    other.value = 2
    assert doubled(db, one) == 2
    assert log.happened == []
    assert db.counts.visited == visited


def test_a_write_to_a_field_that_nobody_read_runs_nothing(db: Database, log: EventLog) -> None:
    """Fields are cells of their own."""
    one = Number(db, name="one", value=1)
    doubled(db, one)
    log.clear()
    one.comment = "changed"
    assert doubled(db, one) == 2
    assert log.happened == []


def test_a_query_that_is_not_asked_does_not_run(db: Database, log: EventLog) -> None:
    """A write alone executes nothing, however much it makes dirty."""
    one = Number(db, name="one", value=1)
    doubled(db, one)
    log.clear()
    for value in range(5):
        one.value = value
    assert log.happened == []
    assert doubled(db, one) == 8
    assert_executed(log, doubled)
