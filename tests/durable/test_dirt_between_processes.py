"""Rows that one process has dirtied while another writes over them: what is clean in the file rests on what is clean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage import Database
from tests.durable.test_processes import Note, length, total

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_what_is_published_at_once_rests_on_clean_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A leased result over one that was only found to hold is written with it: the next change below reaches both."""
    monkeypatch.setattr("lestockage.engine.sharing.WORTH", 0.0)
    path = tmp_path / "memo.db"
    with Database(path) as one, Database(path) as other:
        first = Note(one, name="a", text="x")
        second = Note(one, name="b", text="x")
        assert total(one) == 2
        one.commit()
        for db in (one, other):
            db.store.sharing.leases.has_others()
        first.text = "yy"
        second.text = "zz"
        one.commit()
        first.text = "x"
        one.commit()
        assert total(other) == 3
        first.text = "yyyy"
        one.commit()
        with Database(path) as third:
            assert third.check() == []
            assert total(third) == 6


def test_a_result_over_a_row_that_another_has_dirtied_is_dirty(tmp_path: Path) -> None:
    """One has changed an input, and dirtied what rests on it, without a commit; what another computes meanwhile hears of it then."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        length(db, Note(db, name="a", text="x"))
    with Database(path) as one, Database(path) as other:
        notes = [Note.get(db, name="a") for db in (one, other)]
        assert notes[0] is not None
        assert notes[1] is not None
        assert length(one, notes[0]) == length(other, notes[1]) == 1
        notes[0].text = "yyyyy"
        assert total(other) == 1
        other.commit()
        assert other.check() == []
        one.commit()
        with Database(path) as third:
            assert third.check() == []
            assert total(third) == 5


def test_a_result_found_to_hold_over_a_row_that_another_has_dirtied_is_dirty(tmp_path: Path) -> None:
    """As above, for a result that is not new but has been verified, whose dependencies are in the file only."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        Note(db, name="b", text="")
        Note(db, name="a", text="x")
        assert total(db) == 1
    with Database(path) as one, Database(path) as other:
        notes = [Note.get(db, name="a") for db in (one, other)]
        assert notes[0] is not None
        assert notes[1] is not None
        assert length(one, notes[0]) == length(other, notes[1]) == 1
        notes[0].text = "yyyyy"
        assert total(other) == 1
        other.commit()
        assert other.check() == []
        other.commit()
        one.commit()
        with Database(path) as third:
            assert third.check() == []
            assert total(third) == 5
        other.refresh()
        assert total(other) == 5
