"""The set of dependencies may change when a query runs again; the new set replaces the old, in both directions."""

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
    left: bool


@query
def value(db: Database, number: Number) -> int:
    return number.value


@query
def chosen(db: Database, choice: Choice, left: Number, right: Number) -> int:
    return value(db, left) if choice.left else value(db, right)


def test_what_is_not_read_any_more_does_not_matter(db: Database, log: EventLog) -> None:
    """After the choice has moved, the old side may change freely."""
    choice, left, right = Choice(db, left=True), Number(db, name="l", value=1), Number(db, name="r", value=2)
    assert chosen(db, choice, left, right) == 1
    assert_executed(log, chosen, "value(Number(name='l'))")
    choice.left = False
    assert chosen(db, choice, left, right) == 2
    assert_executed(log, chosen, "value(Number(name='r'))")
    left.value = 10
    assert chosen(db, choice, left, right) == 2
    assert_executed(log)


def test_what_is_newly_read_matters(db: Database, log: EventLog) -> None:
    """After the choice has moved, the new side's changes reach the query."""
    choice, left, right = Choice(db, left=True), Number(db, name="l", value=1), Number(db, name="r", value=2)
    chosen(db, choice, left, right)
    choice.left = False
    chosen(db, choice, left, right)
    log.clear()
    right.value = 20
    assert chosen(db, choice, left, right) == 20
    assert_executed(log, "value(Number(name='r'))", chosen)


def test_edges_are_dropped_at_both_ends(db: Database) -> None:
    """The side that is not read any more does not know its former reader."""
    choice, left, right = Choice(db, left=True), Number(db, name="l", value=1), Number(db, name="r", value=2)
    chosen(db, choice, left, right)
    choice.left = False
    chosen(db, choice, left, right)
    entries = db.ingredients[value.declaration.index].entries
    (reader,) = db.ingredients[chosen.declaration.index].entries.values()
    assert entries[left].dependents is None
    assert entries[right].dependents is reader


def test_a_query_may_lose_its_dependencies_and_regain_them(db: Database, log: EventLog) -> None:
    """Reading nothing but the switch, then reading on, follows every change."""
    choice, left = Choice(db, left=True), Number(db, name="l", value=1)

    @query
    def maybe(db: Database) -> int:
        return value(db, left) if choice.left else 0

    assert maybe(db) == 1
    choice.left = False
    assert maybe(db) == 0
    with db.write():
        left.value = 5
        choice.left = True
    log.clear()
    assert maybe(db) == 5
    assert_executed(log, maybe, "value(Number(name='l'))")
