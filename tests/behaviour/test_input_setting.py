"""Setting: the new value is visible at once, an equal one is no change, and several changes may share one revision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Database, Input, Key, query
from lestockage.errors import ArgumentError
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Number(Input):
    name: Key[str]
    value: float


@query
def total(db: Database) -> float:
    return sum(number.value for number in Number.all(db))


def test_a_set_value_is_visible_at_once(db: Database) -> None:
    """The attribute reads as it was set, outside and inside of queries, in a revision of its own."""
    number = Number(db, name="a", value=1.0)
    revision = db.revision
    number.value = 2.0
    assert (number.value, total(db), db.revision) == (2.0, 2.0, revision + 1)


def test_several_sets_share_one_revision(db: Database, log: EventLog) -> None:
    """`with db.write()` counts once, however many changes and however nested."""
    one, other = Number(db, name="a", value=1.0), Number(db, name="b", value=2.0)
    total(db)
    revision = db.revision
    log.clear()
    with db.write():
        one.value = 10.0
        with db.write():
            other.value = 20.0
            one.value = 11.0
        assert one.value == 11.0
    assert (total(db), db.revision) == (31.0, revision + 1)
    assert_executed(log, total)


def test_what_was_set_before_an_exception_stands(db: Database) -> None:
    """Each change was complete; the one that fails changes nothing."""
    number = Number(db, name="a", value=1.0)
    with pytest.raises(ArgumentError), db.write():  # noqa: PT012  # what happened before the exception is the claim
        number.value = 2.0
        number.value = "three"  # type: ignore[assignment]
    assert total(db) == 2.0


def test_setting_an_equal_value_is_no_change(db: Database, log: EventLog) -> None:
    """No revision, no execution, no validation."""
    number = Number(db, name="a", value=1.0)
    total(db)
    revision = db.revision
    log.clear()
    number.value = 1.0
    Number(db, name="a", value=1.0)
    assert (total(db), db.revision) == (1.0, revision)
    assert log.happened == []


def test_minus_zero_is_a_change(db: Database, log: EventLog) -> None:
    """`0.0 == -0.0`, but a query can tell them apart; not-a-number is equal to itself here."""
    number = Number(db, name="a", value=0.0)
    total(db)
    log.clear()
    number.value = -0.0
    total(db)
    assert_executed(log, total)
    number.value = float("nan")
    total(db)
    log.clear()
    number.value = float("nan")
    total(db)
    assert_executed(log)


def test_setting_back_before_anyone_looked_is_no_change(db: Database, log: EventLog) -> None:
    """There and back between two requests leaves nothing to execute."""
    number = Number(db, name="a", value=1.0)
    total(db)
    log.clear()
    number.value = 2.0
    number.value = 1.0
    assert total(db) == 1.0
    assert_executed(log)


def test_setting_back_after_someone_looked_is_a_change(db: Database, log: EventLog) -> None:
    """Whoever saw the value in between must look again."""
    number = Number(db, name="a", value=1.0)
    total(db)
    number.value = 2.0
    assert total(db) == 2.0
    log.clear()
    number.value = 1.0
    assert total(db) == 1.0
    assert_executed(log, total)
