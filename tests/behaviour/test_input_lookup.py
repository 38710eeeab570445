"""Enumeration and look-up: in order of keys, by every Key field, and a dependency on membership only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Database, Input, Key, query
from lestockage.errors import ArgumentError

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Row(Input):
    table: Key[str]
    number: Key[int]
    text: str = ""


@query
def rows(db: Database) -> tuple[Row, ...]:
    return Row.all(db)


@query
def row(db: Database, number: int) -> Row | None:
    return Row.get(db, table="t", number=number)


def test_all_is_ordered_by_key(db: Database) -> None:
    """Whatever the order of creation."""
    made = [Row(db, table=table, number=number) for table, number in (("b", 1), ("a", 2), ("a", 1))]
    assert Row.all(db) == (made[2], made[1], made[0])


def test_membership_is_not_content(db: Database, log: EventLog) -> None:
    """A changed field re-runs neither an enumeration nor a look-up."""
    one = Row(db, table="t", number=1)
    assert (rows(db), row(db, 1)) == ((one,), one)
    log.clear()
    one.text = "changed"
    assert (rows(db), row(db, 1)) == ((one,), one)
    assert log.happened == []


def test_get_finds_by_all_key_fields(db: Database) -> None:
    """Each part counts; the handle is the one that was made."""
    one = Row(db, table="t", number=1)
    assert Row.get(db, table="t", number=1) is one
    assert Row.get(db, table="t", number=2) is None
    assert Row.get(db, table="u", number=1) is None
    assert (one.table, one.number) == ("t", 1)


def test_get_refuses_half_a_key_and_unknown_names(db: Database) -> None:
    """The message says which field, and which there are."""
    with pytest.raises(ArgumentError, match=r"Row\.number: no value was given"):
        Row.get(db, table="t")
    with pytest.raises(ArgumentError, match=r"Row\.nummer: there is no such field; fields are number, table, text"):
        Row.get(db, table="t", nummer=1)


def test_keys_of_different_types_are_different_inputs(db: Database) -> None:
    """`1 == True`, but a field that is declared as object may tell them apart."""

    class Loose(Input):
        key: Key[object]

    assert Loose(db, key=1) is not Loose(db, key=True)
    assert len(Loose.all(db)) == 2
