"""A memo's `changed_at` is the latest change among what it read, not the current revision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage import Database, Input, Key, query
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Number(Input):
    name: Key[str]
    value: int


class Choice(Input):
    first: bool


@query
def doubled(db: Database, number: Number) -> int:
    return 2 * number.value


@query
def chosen(db: Database, choice: Choice, one: Number, other: Number) -> int:
    return doubled(db, one) if choice.first else doubled(db, other)


def test_a_first_execution_is_as_old_as_its_inputs(db: Database) -> None:
    """Computed for the first time after unrelated writes, a memo is as old as the input that it read."""
    old = Number(db, name="old", value=1)
    written = db.revision
    new = Number(db, name="new", value=1)
    for value in (2, 3):
        new.value = value
    doubled(db, old)
    doubled(db, new)
    entries = db.ingredients[doubled.declaration.index].entries
    assert entries[old].changed_at <= written < db.revision == entries[old].verified_at
    assert entries[new].changed_at == db.revision


def test_a_memo_is_as_young_as_the_youngest_of_its_reads(db: Database, log: EventLog) -> None:
    """Maximum over all reads: what was read last counts as much as what was read first."""
    choice, old, new = Choice(db, first=True), Number(db, name="old", value=1), Number(db, name="new", value=2)
    new.value = 3
    at = db.revision
    Number(db, name="unrelated", value=1).value = 9
    assert chosen(db, choice, new, old) == 6
    assert_executed(log, chosen, "doubled(Number(name='new'))")
    (memo,) = db.ingredients[chosen.declaration.index].entries.values()
    assert memo.changed_at == at < db.revision
