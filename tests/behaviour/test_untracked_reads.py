"""Untracked reads: not re-executed within a revision, re-executed in every later one when asked, and able to backdate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Database, Input, query
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog

WEATHER = {"now": "rain"}


class Anything(Input):
    value: int


@query
def weather(db: Database) -> str:
    db.report_untracked_read()
    return WEATHER["now"]


@query
def advice(db: Database) -> str:
    return "umbrella" if weather(db) == "rain" else "hat"


@pytest.fixture(autouse=True)
def _rain() -> None:
    """Every test starts in the rain."""
    WEATHER["now"] = "rain"


def test_it_is_not_repeated_within_a_revision(db: Database, log: EventLog) -> None:
    """What was read holds until the next revision, even if the world has moved on."""
    assert advice(db) == "umbrella"
    WEATHER["now"] = "sun"
    assert advice(db) == "umbrella"
    assert_executed(log, advice, weather)


def test_it_is_repeated_in_every_later_revision(db: Database, log: EventLog) -> None:
    """Any write makes it due, and its dependents follow only if its result differs."""
    anything = Anything(db, value=0)
    advice(db)
    log.clear()
    anything.value = 1
    assert advice(db) == "umbrella"
    assert log.happened == ["WillExecute weather()", "DidBackdate weather()", "DidValidate advice()"]
    log.clear()
    WEATHER["now"] = "sun"
    anything.value = 2
    assert advice(db) == "hat"
    assert_executed(log, weather, advice)


def test_it_runs_only_when_asked(db: Database, log: EventLog) -> None:
    """Many revisions between two requests are one execution."""
    anything = Anything(db, value=0)
    advice(db)
    log.clear()
    for value in range(1, 6):
        anything.value = value
    assert_executed(log)
    advice(db)
    assert_executed(log, weather)


def test_outside_a_query_it_means_nothing(db: Database, log: EventLog) -> None:
    """Nobody is reading: nothing is recorded."""
    db.report_untracked_read()
    assert log.happened == []
