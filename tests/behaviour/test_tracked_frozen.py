"""Within one revision a struct's fields are frozen: everybody sees the values that its creator gave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage import Database, Input, Key, Tracked, query
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Source(Input):
    values: tuple[int, ...]


class Item(Tracked):
    name: Key[str]
    value: int


@query
def item(db: Database, source: Source) -> Item:
    made = Item(db, name="x", value=source.values[0])
    own(db, made)
    return made


@query
def own(db: Database, item: Item) -> int:
    return item.value


@query
def reader(db: Database, source: Source) -> int:
    return item(db, source).value


def test_its_creator_and_others_see_the_same(db: Database, log: EventLog) -> None:
    """Read by a query that its creator calls, by one that calls the creator, and from outside."""
    source = Source(db, values=(1,))
    assert (reader(db, source), item(db, source).value) == (1, 1)
    assert_executed(log, reader, item, own)
    source.values = (2,)
    assert (own(db, item(db, source)), reader(db, source)) == (2, 2)
    assert_executed(log, item, own, reader)


def test_a_handle_kept_over_revisions_reads_the_present(db: Database) -> None:
    """A handle stands for the struct, not for the values it had."""
    source = Source(db, values=(1,))
    held = item(db, source)
    for value in (2, 3):
        source.values = (value,)
        assert held.value == value


def test_a_second_struct_of_the_same_name_does_not_touch_the_first(db: Database) -> None:
    """What was given first stays: the second is a struct of its own."""

    @query
    def twice(db: Database) -> tuple[Item, ...]:
        first = Item(db, name="x", value=1)
        seen = own(db, first)
        second = Item(db, name="x", value=2)
        assert (seen, own(db, first), own(db, second)) == (1, 1, 2)
        return first, second

    first, second = twice(db)
    assert (first.value, second.value) == (1, 2)
