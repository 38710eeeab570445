"""Interned outside a query: immortal. Inside: collected once no live memo holds it, and never confused with a new one."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

from lestockage import Database, Input, Interned, query
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Name(Interned):
    text: str


class Source(Input):
    text: str


@query
def first(db: Database, source: Source) -> Name:
    return Name(db, text=source.text)


@query(lru=1)
def length(db: Database, name: Name) -> int:
    return len(name.text)


@query
def text_length(db: Database, source: Source) -> int:
    return len(Name(db, text=source.text).text)


def test_interned_outside_it_is_immortal(db: Database) -> None:
    """The handle is the same after every reference is gone."""
    there = weakref.ref(Name(db, text="kept"))
    gc.collect()
    assert there() is Name(db, text="kept")


def test_interned_inside_it_lives_while_a_memo_holds_it(db: Database, log: EventLog) -> None:
    """As a result it is held; replaced and not referred to, it may go."""
    source = Source(db, text="old")
    there = weakref.ref(first(db, source))
    gc.collect()
    assert there() is first(db, source)
    source.text = "new"
    first(db, source)
    gc.collect()
    assert there() is None
    assert_executed(log, first, first)


def test_as_an_argument_it_is_held_too(db: Database, log: EventLog) -> None:
    """A memo keyed on a value keeps it, so that asking again with equal data is a hit."""
    source = Source(db, text="old")
    length(db, first(db, source))
    source.text = "new"
    first(db, source)
    gc.collect()
    log.clear()
    source.text = "old"
    assert length(db, first(db, source)) == 3
    assert_executed(log, first)


def test_what_no_memo_holds_is_collected(db: Database) -> None:
    """Used in a body and forgotten: the table does not grow."""
    source = Source(db, text="")
    for index in range(100):
        source.text = str(index)
        text_length(db, source)
    gc.collect()
    assert len(db.interned[Name].handles) <= 1


def test_a_collected_value_is_not_confused_with_a_new_one(db: Database, log: EventLog) -> None:
    """Collected and made again, its dependents compare by data: a new handle of equal data is computed for, never mistaken."""
    source = Source(db, text="a")
    lengths = []
    for text in ("a", "bb", "a", "ccc", "bb"):
        source.text = text
        gc.collect()
        lengths.append(length(db, first(db, source)))
    assert lengths == [1, 2, 1, 3, 2]
