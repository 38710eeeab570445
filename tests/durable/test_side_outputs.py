"""What queries push is kept with their results, and what a store holds of it from before is never taken for true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage import Accumulator, Database, Input, query
from lestockage.engine import registry

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


class Deep(Input):
    """How deep the innermost call pushes."""

    text: str


@query
def nested(db: Database, depth: int) -> int:
    """Pushes on the way down and on the way up."""
    Remark(text=f"down {depth}").push(db)
    if depth:
        nested(db, depth - 1)
    else:
        found = Deep.get(db)
        assert found is not None
        Remark(text=found.text).push(db)
    Remark(text=f"up {depth}").push(db)
    return depth


def texts(db: Database) -> list[str]:
    """What three nested calls pushed."""
    return [remark.text for remark in nested.accumulated(Remark, db, 2)]


def test_what_was_pushed_survives_restarts_in_its_order(tmp_path: Path) -> None:
    """Through calls that are not asked themselves, and without running anything."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        Deep(db, text="first")
        before = texts(db)
    for _ in range(2):
        with Database(path) as db:
            assert texts(db) == before
            assert executed(db) == {}
    with Database(path) as db:
        Deep(db, text="second")
        assert texts(db) == [text.replace("first", "second") for text in before]
        assert executed(db) == {"nested": 1}
    with Database(path) as db:
        Deep(db, text="first")
        assert texts(db) == before
        assert executed(db) == {}


def executed(db: Database) -> dict[str, int]:
    """Which bodies of this module ran, and how often."""
    return {name.rpartition(".")[2]: count for name, count in db.executions().items() if name.startswith(__name__)}


def test_what_was_pushed_by_a_class_that_is_gone_is_pushed_again(tmp_path: Path) -> None:
    """Its query runs again; nothing else is lost."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        Deep(db, text="first")
        before = texts(db)
    name = f"{__name__}.Remark"
    kept = registry.accumulators.pop(name)
    try:
        with Database(path) as db:
            assert texts(db) == before
            assert executed(db) == {"nested": 3}
    finally:
        registry.accumulators[name] = kept
