"""A query's value may be specified by the creator of its key, once, in the same execution; the body then does not run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Database, Input, Key, Tracked, query
from lestockage.errors import DuplicateStruct
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Source(Input):
    known: tuple[int, ...] = ()
    ask_first: bool = False
    noise: int = 0


class Item(Tracked):
    name: Key[str]


@query
def price(db: Database, item: Item) -> int:
    return -1


@query
def shown(db: Database, item: Item) -> str:
    return f"{item.name} {price(db, item)}"


@query
def item(db: Database, source: Source) -> Item:
    made = Item(db, name="pen")
    if source.ask_first:
        price(db, made)
    for value in source.known:
        price.specify(db, made, value=value)
    assert source.noise >= 0
    return made


def test_the_body_does_not_run(db: Database, log: EventLog) -> None:
    """The value is served as if computed."""
    assert shown(db, item(db, Source(db, known=(7,)))) == "pen 7"
    assert_executed(log, item, shown)


def test_another_specified_value_reaches_the_readers(db: Database, log: EventLog) -> None:
    """Specified differently, readers run; specified equally, they do not."""
    source = Source(db, known=(7,))
    shown(db, item(db, source))
    log.clear()
    source.noise = 1
    assert shown(db, item(db, source)) == "pen 7"
    assert_executed(log, item)
    source.known = (8,)
    assert shown(db, item(db, source)) == "pen 8"
    assert_executed(log, item, shown)


def test_asking_a_reader_first_brings_the_creator_up_to_date(db: Database, log: EventLog) -> None:
    """The specified value depends on the execution that gave it."""
    source = Source(db, known=(7,))
    made = item(db, source)
    shown(db, made)
    log.clear()
    source.known = (8,)
    assert shown(db, made) == "pen 8"
    assert_executed(log, item, shown)


def test_not_specified_again_the_body_runs(db: Database, log: EventLog) -> None:
    """And specified once more, it is served again."""
    source = Source(db, known=(7,))
    made = item(db, source)
    shown(db, made)
    log.clear()
    source.known = ()
    assert shown(db, item(db, source)) == "pen -1"
    assert_executed(log, item, price, shown)
    source.known = (9,)
    assert shown(db, made) == "pen 9"
    assert_executed(log, item, shown)
    source.known = ()
    assert price(db, made) == -1
    source.noise = 1
    assert shown(db, made) == "pen -1"
    assert_executed(log, item, price, item, shown)


def test_a_body_that_gives_the_specified_value_saves_the_readers(db: Database, log: EventLog) -> None:
    """Not specified any more and computed to the same value: nobody above runs."""
    source = Source(db, known=(-1,))
    made = item(db, source)
    shown(db, made)
    log.clear()
    source.known = ()
    assert shown(db, made) == "pen -1"
    assert_executed(log, item, price)


def test_specified_after_its_body_ran_in_an_earlier_revision(db: Database, log: EventLog) -> None:
    """The computed value gives way, and readers see the specified one."""
    source = Source(db)
    made = item(db, source)
    assert shown(db, made) == "pen -1"
    log.clear()
    source.known = (3,)
    assert shown(db, item(db, source)) == "pen 3"
    assert_executed(log, item, shown)


def test_specified_by_an_execution_that_failed(db: Database, log: EventLog) -> None:
    """What a failed execution specified is not known to hold: the next one decides."""
    source = Source(db, known=(7,))
    made = item(db, source)
    shown(db, made)
    with db.write():
        source.known = (8,)
        source.noise = -1
    with pytest.raises(AssertionError):
        shown(db, made)
    source.noise = 1
    log.clear()
    assert shown(db, made) == "pen 8"
    with db.write():
        source.known = ()
        source.noise = -2
    with pytest.raises(AssertionError):
        shown(db, made)
    source.noise = 2
    log.clear()
    assert shown(db, made) == "pen -1"
    assert_executed(log, item, price, shown)


def test_not_specified_again_a_reader_asked_first_runs_the_body(db: Database, log: EventLog) -> None:
    """The same, when the reader is asked and not the creator."""
    source = Source(db, known=(7,))
    made = item(db, source)
    shown(db, made)
    log.clear()
    source.known = ()
    assert shown(db, made) == "pen -1"
    assert_executed(log, item, price, shown)


def test_the_first_value_of_a_revision_wins(db: Database, log: EventLog) -> None:
    """Asked before it was specified, the body's value stays for this revision."""
    source = Source(db, known=(7,), ask_first=True)
    assert price(db, item(db, source)) == -1
    assert_executed(log, item, price)


def test_specified_twice_is_refused(db: Database) -> None:
    """Also with an equal value; nothing is stored."""
    with pytest.raises(DuplicateStruct, match=r"price\(Item\(name='pen'\)\) was specified twice by item\(Source\(\)\)"):
        item(db, Source(db, known=(7, 7)))


def test_only_the_creator_of_the_key_may_specify(db: Database) -> None:
    """Another query may not, and the message names both."""
    made = item(db, Source(db))

    @query
    def meddles(db: Database, item: Item) -> int:
        price.specify(db, item, value=1)
        return 0

    with pytest.raises(DuplicateStruct, match=r"by meddles.*has not made any of its arguments"):
        meddles(db, made)
    assert price(db, made) == -1


def test_gone_with_the_struct(db: Database, log: EventLog) -> None:
    """A specified value of a discarded struct is discarded."""

    class Names(Input):
        names: tuple[str, ...]

    @query
    def items(db: Database, source: Names) -> tuple[Item, ...]:
        made = tuple(Item(db, name=name) for name in source.names)
        for index, each in enumerate(made):
            price.specify(db, each, value=index)
        return made

    source = Names(db, names=("a", "b"))
    assert [price(db, each) for each in items(db, source)] == [0, 1]
    source.names = ("b",)
    assert [price(db, each) for each in items(db, source)] == [0]
    assert_executed(log, items, items)
