"""Queries that push live within the process: what a store holds of them from before is never taken for true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage import Accumulator, Database, Input, query

if TYPE_CHECKING:
    from pathlib import Path


class Switch(Input):
    """Whether anything is pushed."""

    on: bool = False


class Number(Input):
    """A number."""

    value: int = 0


class Noise(Input):
    """A number whose changes come out equal."""

    value: int = 0


class Remark(Accumulator):
    """Something said beside the result."""

    text: str


def _number(db: Database) -> int:
    found = Number.get(db)
    return 0 if found is None else found.value


@query
def remarked(db: Database) -> int:
    """Pushes, and reads the number, only when the switch is on."""
    switch = Switch.get(db)
    if switch is not None and switch.on:
        Remark(text="on").push(db)
        return _number(db)
    return 0


@query
def above(db: Database) -> int:
    """One call higher."""
    return remarked(db) + 7


@query
def quiet(db: Database) -> int:
    """Comes out equal whatever the noise."""
    noise = Noise.get(db)
    return 0 if noise is None else noise.value * 0


@query
def mixed(db: Database) -> int:
    """Reads what pushes only when the switch is on."""
    quiet(db)
    switch = Switch.get(db)
    return remarked(db) + 1000 if switch is not None and switch.on else 0


def test_a_stored_query_that_starts_pushing_can_be_committed(tmp_path: Path) -> None:
    """And its old row is not served after a restart, nor are those above it taken for clean."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        Switch(db, on=False)
        Number(db, value=0)
        assert above(db) == 7
    with Database(path) as db:
        assert remarked(db) == 0
        assert above(db) == 7
        Switch(db, on=True)
        assert above(db) == 7
        assert [remark.text for remark in above.accumulated(Remark, db)] == ["on"]
        db.commit()
        assert above(db) == 7
    with Database(path) as db:
        Number(db, value=5)
        assert above(db) == 12
        assert [remark.text for remark in above.accumulated(Remark, db)] == ["on"]
    with Database(path) as db:
        Switch(db, on=False)
        assert above(db) == 7
        assert above.accumulated(Remark, db) == ()
    with Database(path) as db:
        assert above(db) == 7
        assert db.executions().get(f"{__name__}.above", 0) <= 1


def test_a_memo_that_was_validated_and_then_overtaken_is_not_marked_clean(tmp_path: Path) -> None:
    """Validated, executed again over something that cannot be stored, committed: the old row must not come back."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        Switch(db, on=False)
        Number(db, value=0)
        Noise(db, value=0)
        assert mixed(db) == 0
        db.commit()
        Noise(db, value=1)
        assert mixed(db) == 0
        Switch(db, on=True)
        assert mixed(db) == 1000
    with Database(path) as db:
        assert mixed(db) == 1000
