"""A changed dependency is brought up to date before its dependent is decided; equal again, the dependent never runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage import Database, Input, Key, query
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Text(Input):
    name: Key[str]
    text: str


@query
def length(db: Database, file: Text) -> int:
    return len(file.text)


@query
def is_long(db: Database, file: Text) -> bool:
    return length(db, file) > 3


@query
def summary(db: Database, file: Text) -> str:
    return "long" if is_long(db, file) else "short"


def test_an_equal_result_stops_the_change(db: Database, log: EventLog) -> None:
    """Only the query nearest to the change runs; everything above is validated without its body."""
    file = Text(db, name="a", text="word")
    assert summary(db, file) == "long"
    log.clear()
    file.text = "mean"
    assert summary(db, file) == "long"
    assert log.happened == [
        "WillExecute length(Text(name='a'))",
        "DidBackdate length(Text(name='a'))",
        "DidValidate is_long(Text(name='a'))",
        "DidValidate summary(Text(name='a'))",
    ]


def test_the_change_stops_where_results_are_equal(db: Database, log: EventLog) -> None:
    """A changed length runs `is_long`, whose equal answer saves `summary`."""
    file = Text(db, name="a", text="word")
    summary(db, file)
    log.clear()
    file.text = "words"
    assert summary(db, file) == "long"
    assert_executed(log, length, is_long)


def test_a_real_change_runs_all_the_way_up(db: Database, log: EventLog) -> None:
    """Dependencies run before their dependents, from the bottom."""
    file = Text(db, name="a", text="word")
    summary(db, file)
    log.clear()
    file.text = "wo"
    assert summary(db, file) == "short"
    assert_executed(log, length, is_long, summary)


def test_a_dependent_asked_later_is_validated(db: Database, log: EventLog) -> None:
    """Not asked while its dependency backdated, it holds without running when it is."""
    file = Text(db, name="a", text="word")
    summary(db, file)
    file.text = "mean"
    assert length(db, file) == 4
    log.clear()
    assert summary(db, file) == "long"
    assert_executed(log)
