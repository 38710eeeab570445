"""`eq=` replaces the comparison that stops changes; `no_eq=True` lets every execution count as a change."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from lestockage import Database, Input, query
from lestockage.engine.equality import equality_for, loosely_same, same
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Number(Input):
    value: float


def _near(one: float, other: float) -> bool:
    return abs(one - other) < 0.5


@query(eq=_near)
def measured(db: Database, number: Number) -> float:
    return number.value


@query
def shown(db: Database, number: Number) -> str:
    return f"{measured(db, number):.1f}"


@query(no_eq=True)
def sign(db: Database, number: Number) -> int:
    return 1 if number.value > 0 else -1


@query
def doubled_sign(db: Database, number: Number) -> int:
    return 2 * sign(db, number)


@query
def integral(db: Database, number: Number) -> float | int:
    return int(number.value) if number.value > 1 else float(number.value)


@query
def kind(db: Database, number: Number) -> str:
    return type(integral(db, number)).__name__


def test_eq_decides_what_counts_as_changed(db: Database, log: EventLog) -> None:
    """A small difference is none for `eq=`: the dependent keeps what it made of the earlier value."""
    number = Number(db, value=1.0)
    assert shown(db, number) == "1.0"
    log.clear()
    number.value = 1.25
    assert shown(db, number) == "1.0"
    assert_executed(log, measured)
    number.value = 3.0
    assert shown(db, number) == "3.0"
    assert_executed(log, measured, shown)


def test_no_eq_never_backdates(db: Database, log: EventLog) -> None:
    """The result is equal, and the dependent runs all the same."""
    number = Number(db, value=1.0)
    doubled_sign(db, number)
    log.clear()
    number.value = 2.0
    assert doubled_sign(db, number) == 2
    assert_executed(log, sign, doubled_sign)


def test_the_usual_comparison_tells_types_apart(db: Database, log: EventLog) -> None:
    """`2 == 2.0`, but a dependent can see the difference, so it is a change."""
    number = Number(db, value=1.0)
    assert kind(db, number) == "float"
    number.value = 1.5
    assert kind(db, number) == "int"
    log.clear()
    number.value = 1.0
    assert kind(db, number) == "float"
    assert_executed(log, integral, kind)


class Place(NamedTuple):
    line: int
    owner: Number | None


class Weighed(NamedTuple):
    name: str
    weight: float


class Tree(NamedTuple):
    name: str
    below: tuple[Tree, ...]


EXACT = (tuple[Place, ...], Place | None, tuple[str | None, int | None], dict[str, frozenset[bytes]])
CONFUSED = (Weighed, tuple[float, ...], int | bool, tuple[int, ...] | tuple[bool, ...], Place | Weighed, Tree, object)


@pytest.mark.parametrize("declared", EXACT, ids=str)
def test_what_python_tells_apart_is_compared_by_python(declared: object) -> None:
    """Strings, numbers of one kind, handles and tuples of these, named or not, need no look at each part."""
    assert equality_for(declared) is loosely_same


@pytest.mark.parametrize("declared", CONFUSED, ids=str)
def test_what_python_may_confuse_is_looked_at_part_by_part(declared: object) -> None:
    """`0.0` and `-0.0`, `1` and `True`, tuples of two types: `==` alone does not tell them apart."""
    assert equality_for(declared) is same
