"""Changes that another process must not miss: taken back, made again, or made in the middle of a write that others overtake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage import Database, query
from tests.durable.test_processes import Note, length, total

if TYPE_CHECKING:
    from pathlib import Path


@query
def twice(db: Database, note: Note) -> int:
    """Something above a length, of one note."""
    return 2 * length(db, note)


def _note(db: Database, name: str) -> Note:
    found = Note.get(db, name=name)
    assert found is not None
    return found


def test_a_recorded_change_that_is_taken_back_is_a_change(tmp_path: Path) -> None:
    """One sets a cell and back again, recording both; another who has looked in between, and stored what it saw, sees the second too."""
    with Database(tmp_path / "memo.db") as one, Database(tmp_path / "memo.db") as other:
        note = Note(one, name="a", text="xx")
        one.commit()
        assert total(other) == 2
        other.commit()
        one.refresh()
        note.text = "yyyyy"
        one.commit()
        other.refresh()
        assert total(other) == 5
        other.commit()
        note.text = "xx"
        one.commit()
        other.refresh()
        assert total(other) == 2


def test_an_input_that_is_made_again_has_its_new_value(tmp_path: Path) -> None:
    """What was computed for the deleted input, and not committed, does not answer for the one of the same key."""
    with Database(tmp_path / "memo.db") as db:
        note = Note(db, name="a", text="xx")
        assert length(db, note) == 2
        note.delete()
        assert length(db, Note(db, name="a", text="yyyyy")) == 5


def test_what_a_deleted_input_gave_is_recognised_when_it_is_back(tmp_path: Path) -> None:
    """The uncommitted result for the deleted input holds for one of the same key and value, without running."""
    with Database(tmp_path / "memo.db") as db:
        note = Note(db, name="a", text="xx")
        assert length(db, note) == 2
        note.delete()
        assert length(db, Note(db, name="a", text="xx")) == 2
        assert db.executions() == {f"{__package__}.test_processes.length": 1}


def test_an_input_made_again_is_newer_than_what_others_have_read(tmp_path: Path) -> None:
    """While one makes an input again, a second does so and asks, and a third deletes theirs: the first one's value reaches the second."""
    path = tmp_path / "memo.db"
    with Database(path) as one, Database(path) as other, Database(path) as third:
        note = Note(one, name="a", text="x")
        one.commit()
        note.delete()
        one.commit()
        with one.write():
            Note(one, name="a", text="yyyyy")
            theirs = Note(other, name="a", text="xx")
            assert length(other, theirs) == 2
            other.commit()
            _note(third, "a").delete()
            third.commit()
        one.commit()
        other.refresh()
        assert length(other, _note(other, "a")) == 5


def test_a_write_that_is_overtaken_comes_after_what_has_overtaken_it(tmp_path: Path) -> None:
    """Others commit while one is inside a write: what it sets then, in an input that it finds in the file, is newer than what they read."""
    path = tmp_path / "memo.db"
    with Database(path) as other:
        Note(other, name="a", text="x")
        other.commit()
        with Database(path) as one:
            with one.write():
                _note(other, "a").text = "xx"
                assert total(other) == 2
                other.commit()
                Note(one, name="a", text="yyyyy")
            one.commit()
            other.refresh()
            assert total(other) == 5


def test_an_input_that_is_brought_back_counts_once(tmp_path: Path) -> None:
    """A change here brings an input back that was deleted elsewhere: results for later sets of inputs are not taken for those of others."""
    with Database(tmp_path / "memo.db") as one, Database(tmp_path / "memo.db") as other:
        note = Note(one, name="a", text="x")
        Note(one, name="b", text="x")
        assert total(one) == 2
        one.commit()
        with one.write():
            note.text = "stays"
            _note(other, "a").delete()
            other.commit()
        one.commit()
        assert total(one) == 6
        note.delete()
        assert total(one) == 1
        one.commit()
        Note(other, name="a", text="zz")
        assert total(other) == 3


def test_an_older_result_taken_from_the_file_is_news_to_who_has_seen_a_later_one(tmp_path: Path) -> None:
    """One computes a result and does not store it; the change is taken back elsewhere, and the result from before is stored as holding."""
    with Database(tmp_path / "memo.db") as one, Database(tmp_path / "memo.db") as other:
        note = Note(one, name="a", text="x")
        assert length(one, note) == 1
        one.commit()
        note.text = "xx"
        one.commit()
        assert total(other) == 2
        note.text = "x"
        one.commit()
        other.refresh()
        assert length(one, note) == 1
        one.commit()
        assert total(other) == 1


def test_an_older_result_that_is_followed_is_news_to_who_has_seen_a_later_one(tmp_path: Path) -> None:
    """As above, where the result from before is taken with another change of inputs."""
    with Database(tmp_path / "memo.db") as one, Database(tmp_path / "memo.db") as other:
        note = Note(one, name="a", text="x")
        unrelated = Note(one, name="b", text="")
        assert length(one, note) == 1
        one.commit()
        note.text = "xx"
        one.commit()
        assert twice(other, _note(other, "a")) == 4
        note.text = "x"
        one.commit()
        other.refresh()
        assert length(one, note) == 1
        unrelated.text = "y"
        one.commit()
        other.refresh()
        assert twice(other, _note(other, "a")) == 2


def test_a_change_taken_back_is_one_for_who_has_another_value(tmp_path: Path) -> None:
    """One sets a cell and back; another has recorded a value of its own and read it: the value from before is newer."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        length(db, Note(db, name="a", text="x"))
    with Database(path) as one, Database(path) as other:
        notes = [_note(db, "a") for db in (one, other)]
        assert length(one, notes[0]) == 1
        notes[0].text = "yy"
        notes[0].text = "x"
        notes[1].text = "zzz"
        assert length(other, notes[1]) == 3
        other.commit()
        Note(one, name="b", text="")
        one.commit()
        other.refresh()
        assert notes[1].text == "x"
        assert length(other, notes[1]) == 1
