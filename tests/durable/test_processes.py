"""Two databases on one file: neither serves nor stores what the other has made untrue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Database, Input, Key, query
from lestockage.errors import StoreChanged

if TYPE_CHECKING:
    from pathlib import Path


class Note(Input):
    """One text."""

    name: Key[str]
    text: str


@query
def length(db: Database, note: Note) -> int:
    """Its length."""
    return len(note.text)


@query
def total(db: Database) -> int:
    """The length of all texts."""
    return sum(length(db, note) for note in Note.all(db))


def test_memos_over_older_inputs_are_not_stored(tmp_path: Path) -> None:
    """The second to commit is told, and a fresh look at the file shows the first one's state, with the right results."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        Note(db, name="a", text="one")
        Note(db, name="b", text="two")
        total(db)
    slow = Database(path)
    note = Note.get(slow, name="a")
    assert note is not None
    with Database(path) as quick:
        Note(quick, name="b", text="changed")
        assert total(quick) == 10
    note.text = "from the slow one"
    with pytest.raises(StoreChanged, match="open it again"):
        slow.commit()
    slow.close()
    with Database(path) as db:
        assert total(db) == 10
        assert db.executions() == {}


def test_a_memo_that_another_process_has_written_meanwhile_is_not_mixed_in(tmp_path: Path) -> None:
    """Asking for something not yet loaded is refused, rather than answered over other inputs."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        Note(db, name="a", text="one")
        total(db)
    slow = Database(path)
    note = Note.get(slow, name="a")
    assert note is not None
    with Database(path) as quick:
        Note(quick, name="a", text="changed")
        total(quick)
    with pytest.raises(StoreChanged):
        total(slow)
    slow.close()


def test_readers_that_write_nothing_disturb_nobody(tmp_path: Path) -> None:
    """Two databases that only ask are both right, and change no byte."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        Note(db, name="a", text="one")
        total(db)
    before = path.read_bytes()
    with Database(path) as one, Database(path) as other:
        assert total(one) == total(other) == 3
    assert path.read_bytes() == before
