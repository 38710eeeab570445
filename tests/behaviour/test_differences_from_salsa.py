"""Where the engine differs from Salsa on purpose: only the dirty cone is looked at, and equal values are no changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage import Database, Input, Key, query
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from pathlib import Path

    from lestockage.testing import EventLog


class Number(Input):
    name: Key[int]
    value: int


@query
def doubled(db: Database, number: Number) -> int:
    return 2 * number.value


@query
def total(db: Database) -> int:
    return sum(doubled(db, number) for number in Number.all(db))


def test_only_the_dirty_cone_is_looked_at(db: Database, log: EventLog) -> None:
    """A thousand leaves or ten: one changed leaf costs the same few looks (Salsa walks every dependency)."""
    visited = []
    for count in (10, 1_000):
        for name in range(count):
            Number(db, name=name, value=1)
        total(db)
        before = db.counts.visited
        Number(db, name=5, value=count)
        total(db)
        visited.append(db.counts.visited - before)
    assert visited[0] == visited[1] <= 4


def test_an_unrelated_write_looks_at_nothing(db: Database) -> None:
    """No durability hints are needed for that."""
    one = Number(db, name=1, value=1)
    doubled(db, one)
    other = Number(db, name=2, value=1)
    before = db.counts.visited
    other.value = 2
    doubled(db, one)
    assert db.counts.visited == before


def test_setting_an_equal_value_is_no_change(db: Database, log: EventLog) -> None:
    """Salsa re-runs the readers."""
    one = Number(db, name=1, value=1)
    doubled(db, one)
    log.clear()
    one.value = 1
    doubled(db, one)
    assert log.events == []


def test_inputs_can_be_deleted(db: Database, log: EventLog) -> None:
    """Salsa's cannot."""
    one, other = Number(db, name=1, value=1), Number(db, name=2, value=2)
    assert total(db) == 6
    one.delete()
    log.clear()
    assert (total(db), Number.all(db)) == (4, (other,))
    assert_executed(log, total)


def test_a_restart_keeps_what_was_computed(tmp_path: Path) -> None:
    """By itself, lazily, and not as one blob."""
    with Database(tmp_path / "memo.db") as db:
        for name in range(20):
            Number(db, name=name, value=name)
        assert total(db) == 380
    with Database(tmp_path / "memo.db") as db:
        assert total(db) == 380
        assert (db.executions(), db.counts.loaded) == ({}, 1)
