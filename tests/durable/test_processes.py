"""Two databases on one file: neither serves nor stores what the other has made untrue."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from lestockage import Database, Input, Key, query
from lestockage.errors import DeletedHandle, StoreChanged, StoreLocked
from lestockage.store import IntelStore
from lestockage.store.connection import PATIENCE

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


@query
async def awaited(db: Database, note: Note) -> int:
    """A length, after a turn of the event loop."""
    await asyncio.sleep(0)
    return len(note.text)


OTHER: list[Database] = []
TURNS: list[int] = []


def _disturb(db: Database, text: str) -> None:
    """Change every note through the other database, as another process would while a body runs."""
    for other in globals()["OTH" + "ER"]:
        copy_context = threading.Thread(target=_change, args=(other, text))
        copy_context.start()
        copy_context.join()


def _change(other: Database, text: str) -> None:
    for note in Note.all(other):
        note.text = text
    other.commit()


@query
def changing(db: Database) -> str:
    """All texts in a row; after the first was read, another process changes them, once."""
    texts = []
    for name in "012":
        note = Note.get(db, name=name)
        texts.append("" if note is None else note.text)
        if texts == ["x"]:
            _disturb(db, "y")
    return "".join(texts)


@query
def endless(db: Database) -> int:
    """The length of the first note, whose text another process changes each time before it is looked up."""
    turns = globals()["TUR" + "NS"]
    if turns:
        _disturb(db, "x" * turns.pop())
    first = Note.get(db, name="0")
    return 0 if first is None else length(db, first)


def test_the_second_to_commit_takes_over_what_the_first_has_changed(tmp_path: Path) -> None:
    """Its own change and the other's both hold, in memory and in the file, and its memos are true of both."""
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
    slow.commit()
    assert total(slow) == 24
    slow.commit()
    slow.close()
    with Database(path) as db:
        assert total(db) == 24
        assert db.executions() == {}


def test_the_last_writer_of_a_cell_wins(tmp_path: Path) -> None:
    """Two databases set the same cell; the one that records its change later is believed by both."""
    with Database(tmp_path / "memo.db") as one, Database(tmp_path / "memo.db") as other:
        note = Note(one, name="a", text="one")
        one.commit()
        theirs = Note.get(other, name="a")
        assert theirs is not None
        with other.write():
            theirs.text = "other"
            note.text = "later, and recorded sooner"
            one.commit()
        other.commit()
        one.refresh()
        assert (note.text, theirs.text) == ("other", "other")
        assert length(one, note) == length(other, theirs) == 5


def test_inputs_come_and_go_with_another_process(tmp_path: Path) -> None:
    """What another database creates is found, and counted; the handle of what it deletes is dead."""
    with Database(tmp_path / "memo.db") as one, Database(tmp_path / "memo.db") as other:
        a = Note(one, name="a", text="one")
        assert total(one) == 3
        one.commit()
        Note(other, name="b", text="three")
        deleted = Note.get(other, name="a")
        assert deleted is not None
        deleted.delete()
        other.commit()
        assert one.refresh()
        assert [note.name for note in Note.all(one)] == ["b"]
        assert total(one) == 5
        with pytest.raises(DeletedHandle):
            _ = a.text


def test_a_change_here_brings_back_what_another_process_has_deleted(tmp_path: Path) -> None:
    """The input that was changed here and deleted there is there, with the change, for both."""
    with Database(tmp_path / "memo.db") as one, Database(tmp_path / "memo.db") as other:
        note = Note(one, name="a", text="one")
        assert total(one) == 3
        one.commit()
        theirs = Note.get(other, name="a")
        assert theirs is not None
        with one.write():
            note.text = "stays"
            theirs.delete()
            other.commit()
        one.commit()
        other.refresh()
        assert total(one) == total(other) == 5


def test_both_create_the_same_input(tmp_path: Path) -> None:
    """Two databases make an input of one key before either has recorded it: it is one input, with the later one's value."""
    with Database(tmp_path / "memo.db") as one, Database(tmp_path / "memo.db") as other:
        Note(one, name="z", text="")
        one.commit()
        other.refresh()
        with other.write():
            mine = Note(other, name="a", text="other")
            Note(one, name="a", text="one")
            assert total(one) == 3
            one.commit()
        other.commit()
        one.refresh()
        assert total(one) == total(other) == 5
        mine.text = "again"
        mine.text = "and again"
        other.commit()
        one.refresh()
        assert total(one) == 9


def test_what_another_process_has_computed_is_not_computed_again(tmp_path: Path) -> None:
    """After a change here, answers that another database has stored since are taken, also for calls that were known before."""
    with Database(tmp_path / "memo.db") as one, Database(tmp_path / "memo.db") as other:
        notes = [Note(one, name=f"{n}", text="x" * n) for n in range(5)]
        assert total(one) == 10
        one.commit()
        notes[0].text = "changed"
        one.commit()
        assert total(other) == 17
        other.commit()
        before = one.executions()
        one.refresh()
        assert total(one) == 17
        assert one.executions() == before


def test_a_call_sees_one_state(tmp_path: Path) -> None:
    """A call that another database overtakes while it reads starts again: what it returns is true of one state, the later one."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        for n in range(3):
            Note(db, name=f"{n}", text="x")
    with Database(path) as one, Database(path) as other:
        OTHER[:] = [other]
        try:
            assert changing(one) == "yyy"
        finally:
            OTHER.clear()


def test_a_call_that_is_overtaken_all_the_time_ends_over_a_snapshot(tmp_path: Path) -> None:
    """Another database changes an input whenever the call looks: after a few attempts the call is answered for the state it began in."""
    path = tmp_path / "memo.db"
    with Database(path) as one:
        Note(one, name="0", text="x")
        one.commit()
    with Database(path) as one, Database(path) as other:
        OTHER[:] = [other]
        TURNS[:] = range(100)
        try:
            assert endless(one) == TURNS[-1] + 2  # what the last turn before this attempt has set; one more was taken since
            assert len(TURNS) > 90
        finally:
            OTHER.clear()


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


def test_plain_code_that_cannot_wait_for_async_queries_is_told(tmp_path: Path) -> None:
    """Beside an async query that is under way in its own thread, a plain call cannot take over what another has changed; later it can."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        assert length(db, Note(db, name="a", text="x")) == 1
    with Database(path) as one, Database(path) as other:
        note = Note.get(one, name="a")
        theirs = Note.get(other, name="a")
        assert note is not None
        assert theirs is not None

        async def ask() -> None:
            under_way = asyncio.create_task(awaited(one, note))
            await asyncio.sleep(0)
            theirs.text = "changed"
            other.commit()
            with pytest.raises(StoreChanged, match="Await them first"):
                length(one, note)
            assert await under_way == len("x")  # true of the state that it began in

        asyncio.run(ask())
        assert length(one, note) == len("changed")


def test_patience_is_settable(tmp_path: Path) -> None:
    """A database that was told to be impatient gives up on another's write at once; every way to open a file has the same default."""
    path = tmp_path / "memo.db"
    with Database(path) as db, Database(path, patience=0.05) as impatient:
        assert db.store is not None
        Note(impatient, name="a", text="x")
        with db.store.store.transaction(), pytest.raises(StoreLocked):
            impatient.commit()
        impatient.commit()
        assert length(db, Note.get(db, name="a") or Note(db, name="a", text="")) == 1
    with IntelStore.open(path) as store:
        assert store.file.timeout == PATIENCE
