"""Garbage pause: off inside, as before after it, whatever happens in between; a small commit leaves it alone."""

from __future__ import annotations

import gc
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from lestockage import Database, query
from lestockage.engine.garbage_pause import age_all, garbage_pause

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _collecting() -> Iterator[None]:
    was_enabled = gc.isenabled()
    gc.enable()
    yield
    if not was_enabled:
        gc.disable()


@query
def numbered(db: Database, i: int) -> int:
    """A number."""
    return i


def test_collection_is_off_inside_and_on_after_a_failure() -> None:
    """An exception ends the pause."""
    with suppress(ValueError), garbage_pause(5_000):
        assert not gc.isenabled()
        int("no number")
    assert gc.isenabled()


def test_few_objects_pause_nothing() -> None:
    """A pause that costs more than it saves is none."""
    with garbage_pause(10):
        assert gc.isenabled()


def test_who_has_switched_it_off_finds_it_off() -> None:
    """A program that collects by itself goes on doing so."""
    gc.disable()
    with garbage_pause(5_000):
        pass
    assert not gc.isenabled()


@pytest.mark.parametrize(("count", "is_paused"), [(10, False), (2_000, True)])
def test_a_large_commit_pauses_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, is_paused: bool) -> None:
    """Two thousand results are written without a collection, ten as always."""
    seen: list[bool] = []
    with Database(tmp_path / "memo.db") as db:
        for i in range(count):
            numbered(db, i)
        insert = db.store.store.insert
        monkeypatch.setattr(type(db.store.store), "insert", lambda _self, rows: (seen.append(gc.isenabled()), insert(rows))[1])
        db.commit()
        assert gc.isenabled()
    assert seen[0] is not is_paused


def test_what_is_there_is_old_at_once() -> None:
    """Afterwards the youngest generation is empty, and nothing is kept from the collector."""
    gc.disable()
    kept = [[number] for number in range(5_000)]
    age_all()
    assert gc.get_count()[0] < len(kept)
    assert not gc.get_freeze_count()


def test_what_a_program_has_frozen_stays_frozen() -> None:
    """Objects that a program keeps from the collector are left there."""
    gc.freeze()
    try:
        frozen = gc.get_freeze_count()
        age_all()
        assert gc.get_freeze_count() == frozen
    finally:
        gc.unfreeze()
