"""Event log: the assertions pass on what ran, and say what ran instead."""

from __future__ import annotations

import pytest

from lestockage import Accumulator, Database, Input, Key, query
from lestockage.testing import EventLog, assert_executed, assert_not_executed


class Text(Input):
    name: Key[str]
    text: str


class Note(Accumulator):
    text: str


@query
def words(db: Database, file: Text) -> int:
    Note(text=file.name).push(db)
    return len(file.text.split())


@query
def total(db: Database) -> int:
    return sum(words(db, file) for file in Text.all(db))


@pytest.fixture
def log() -> EventLog:
    """What the database below does."""
    return EventLog()


@pytest.fixture
def db(log: EventLog) -> Database:
    """Two texts, both counted."""
    database = Database(on_event=log)
    Text(database, name="a", text="one two")
    Text(database, name="b", text="three")
    total(database)
    return database


def test_executed_takes_calls_and_queries_in_order(db: Database, log: EventLog) -> None:
    """A call is named as people write it, or by its query; afterwards the log starts anew."""
    assert_executed(log, total, words, "words(Text(name='b'))")
    assert_executed(log)


def test_executed_refuses_another_order(db: Database, log: EventLog) -> None:
    """The message holds both lists, and the log is kept for a second look."""
    with pytest.raises(AssertionError) as caught:
        assert_executed(log, words, total, "words(Text(name='b'))")
    assert str(caught.value) == (
        "executed   total(), words(Text(name='a')), words(Text(name='b'))\nexpected   words(…), total(…), words(Text(name='b'))"
    )
    assert log.executed == ["total()", "words(Text(name='a'))", "words(Text(name='b'))"]


def test_executed_refuses_missing_and_surplus_calls(db: Database, log: EventLog) -> None:
    """Fewer or more calls than ran is an error, and so is none."""
    for expected in ((), (total,), (total, words, words, words)):
        with pytest.raises(AssertionError, match="executed"):
            assert_executed(log, *expected)


def test_not_executed_names_what_ran(db: Database, log: EventLog) -> None:
    """With calls only those are forbidden, without any all are."""
    assert_not_executed(log, "words(Text(name='c'))")
    with pytest.raises(AssertionError, match=r"executed   total\(\)\nexpected   none of total\(…\)"):
        assert_not_executed(log, total)
    with pytest.raises(AssertionError, match=r"expected   nothing"):
        assert_not_executed(log)
    log.clear()
    assert_not_executed(log)


def test_happened_lists_every_kind_in_order(db: Database, log: EventLog) -> None:
    """An edit that cuts off reads as it happened."""
    log.clear()
    handle = Text.get(db, name="a")
    assert handle is not None
    handle.text = "two words"
    total(db)
    assert log.happened == ["WillExecute words(Text(name='a'))", "DidBackdate words(Text(name='a'))", "DidValidate total()"]


def test_the_engines_own_queries_are_left_out(db: Database, log: EventLog) -> None:
    """Collecting what was pushed is machinery: no assertion about a program mentions it."""
    log.clear()
    assert total.accumulated(Note, db) == (Note(text="a"), Note(text="b"))
    assert log.events
    assert_not_executed(log)
    assert log.happened == []
