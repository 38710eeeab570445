"""Deletion: whoever enumerated, looked up, or read a deleted input sees that it is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Database, Input, Key, query
from lestockage.errors import DeletedHandle
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Text(Input):
    path: Key[str]
    text: str


@query
def length(db: Database, file: Text) -> int:
    return len(file.text)


@query
def total(db: Database) -> int:
    return sum(length(db, file) for file in Text.all(db))


@query
def named(db: Database, path: str) -> int:
    file = Text.get(db, path=path)
    return -1 if file is None else length(db, file)


def test_an_enumeration_runs_again_without_it(db: Database, log: EventLog) -> None:
    """The other inputs' queries do not run, the deleted one's is discarded."""
    Text(db, path="a", text="one")
    gone = Text(db, path="b", text="three")
    assert total(db) == 8
    log.clear()
    gone.delete()
    assert log.happened == ["DidDiscard length(Text(path='b'))"]
    assert total(db) == 3
    assert_executed(log, total)


def test_a_look_up_runs_again(db: Database, log: EventLog) -> None:
    """Only that of the deleted key."""
    Text(db, path="a", text="one")
    gone = Text(db, path="b", text="three")
    assert (named(db, "a"), named(db, "b")) == (3, 5)
    log.clear()
    gone.delete()
    assert (named(db, "a"), named(db, "b")) == (3, -1)
    assert_executed(log, "named('b')")


def test_a_reader_that_held_the_handle_raises(db: Database) -> None:
    """A query that was given the handle through a closure finds it dead."""
    gone = Text(db, path="a", text="one")

    @query
    def holds(db: Database) -> int:
        return length(db, gone)

    assert holds(db) == 3
    gone.delete()
    with pytest.raises(DeletedHandle):
        holds(db)


def test_the_same_key_made_again_is_another_input(db: Database, log: EventLog) -> None:
    """The old handle stays dead, nothing of the old memos is served."""
    old = Text(db, path="a", text="one")
    assert total(db) == 3
    old.delete()
    new = Text(db, path="a", text="other")
    assert new is not old
    log.clear()
    assert total(db) == 5
    assert_executed(log, total, length)
    with pytest.raises(DeletedHandle):
        length(db, old)


def test_deletion_shares_a_revision_with_other_changes(db: Database, log: EventLog) -> None:
    """Renaming a file is a deletion and a creation, seen at once."""
    old = Text(db, path="a", text="one")
    total(db)
    log.clear()
    revision = db.revision
    with db.write():
        old.delete()
        Text(db, path="b", text="one")
    assert (total(db), db.revision) == (3, revision + 1)
    assert_executed(log, total, "length(Text(path='b'))")
