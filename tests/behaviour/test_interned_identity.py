"""Interned values: equal data gives the identical handle, unequal data another one; the class is part of the identity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Database, Input, Interned, query
from lestockage.errors import ArgumentError
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Name(Interned):
    text: str


class Label(Interned):
    text: str


class Pair(Interned):
    first: object
    second: object = None


class Source(Input):
    text: str


@query
def name_of(db: Database) -> Name:
    source = Source.get(db)
    assert source is not None
    return Name(db, text=source.text.strip())


@query
def length(db: Database, name: Name) -> int:
    return len(name.text)


@query
def answer(db: Database) -> int:
    return length(db, name_of(db))


def test_equal_data_is_one_handle(db: Database) -> None:
    """Made twice, inside or outside: identical; the fields read as given."""
    Source(db, text="x")
    assert Name(db, text="x") is Name(db, text="x") is name_of(db)
    assert Name(db, text="x").text == "x"


def test_unequal_data_is_another_handle(db: Database) -> None:
    """Equal but of another type is unequal."""
    assert Name(db, text="x") is not Name(db, text="y")
    assert len({Pair(db, first=value) for value in (1, 1.0, True, "1")}) == 4
    assert Pair(db, first=1) is Pair(db, first=1, second=None)


def test_the_class_is_part_of_the_identity(db: Database) -> None:
    """Equal data of another class is another value, and so is that of another database."""
    assert Name(db, text="x") is not Label(db, text="x")
    assert Name(db, text="x") is not Name(Database(), text="x")


def test_an_interned_result_cuts_off_by_identity(db: Database, log: EventLog) -> None:
    """The same data again is the same handle: the dependent is validated."""
    source = Source(db, text="abc")
    assert answer(db) == 3
    assert_executed(log, answer, name_of, length)
    source.text = " abc "
    assert answer(db) == 3
    assert_executed(log, name_of)
    source.text = "abcd"
    assert answer(db) == 4
    assert_executed(log, name_of, answer, "length(Name(text='abcd'))")
    source.text = "abc"
    assert answer(db) == 3
    assert_executed(log, name_of, answer)


def test_fields_cannot_be_set_and_are_checked(db: Database) -> None:
    """Every field identifies."""
    with pytest.raises(ArgumentError, match=r"Name\.text: expected str, got int \(1\)"):
        Name(db, text=1)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="identifies the handle and never changes"):
        Name(db, text="x").text = "y"  # type: ignore[misc]
