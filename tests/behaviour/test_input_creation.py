"""Creating an input re-runs nothing that could not have seen it; who enumerated its class, or looked its key up in vain, sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage import Database, Input, Key, query
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Text(Input):
    path: Key[str]
    text: str = ""


class Other(Input):
    path: Key[str]


@query
def length(db: Database, file: Text) -> int:
    return len(file.text)


@query
def count(db: Database) -> int:
    return len(Text.all(db))


@query
def exists(db: Database, path: str) -> bool:
    return Text.get(db, path=path) is not None


def test_creation_alone_is_no_new_revision(db: Database) -> None:
    """Nobody has looked, so nothing that anybody knows has changed."""
    revision = db.revision
    Text(db, path="a")
    assert db.revision == revision


def test_readers_of_other_inputs_do_not_run(db: Database, log: EventLog) -> None:
    """A new input is no change to one that was there."""
    file = Text(db, path="a", text="one")
    length(db, file)
    log.clear()
    Text(db, path="b")
    assert length(db, file) == 3
    assert log.happened == []


def test_who_enumerated_sees_it(db: Database, log: EventLog) -> None:
    """An enumeration of the class runs again, that of another class does not."""
    assert count(db) == 0
    log.clear()
    Other(db, path="a")
    assert count(db) == 0
    assert_executed(log)
    Text(db, path="a")
    assert count(db) == 1
    assert_executed(log, count)


def test_who_looked_in_vain_sees_it(db: Database, log: EventLog) -> None:
    """Only the key that was looked up matters."""
    assert not exists(db, "a")
    assert not exists(db, "b")
    log.clear()
    Text(db, path="a")
    assert exists(db, "a")
    assert not exists(db, "b")
    assert_executed(log, "exists('a')")


def test_creating_what_exists_updates_it(db: Database, log: EventLog) -> None:
    """The same key is the same handle; fields that are not given stay as they are."""
    file = Text(db, path="a", text="one")
    assert (length(db, file), count(db), exists(db, "a")) == (3, 1, True)
    log.clear()
    assert Text(db, path="a") is file
    assert file.text == "one"
    assert Text(db, path="a", text="three") is file
    assert (length(db, file), count(db), exists(db, "a")) == (5, 1, True)
    assert_executed(log, length)
