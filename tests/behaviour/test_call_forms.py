"""Calls: any number of arguments, keywords and defaults; one memo for one meaning, several for values that a query can tell apart."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

import pytest

from lestockage import Database, Input, query
from lestockage.errors import ArgumentError
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Base(Input):
    value: int


class Point(NamedTuple):
    x: int
    y: int


class Colour(Enum):
    RED = 1
    BLUE = 2


@query
def nothing(db: Database) -> int:
    return 42


@query
def scaled(db: Database, x: int, factor: int = 10, *, shift: int = 0) -> int:
    return x * factor + shift


@query
def positional(db: Database, x: int, /, y: int = 1) -> int:
    return x - y


@query
def shown(db: Database, value: object) -> str:
    return f"{type(value).__name__} {value!r}"


@query
def number(db: Database, value: float) -> str:
    return repr(value)


def test_a_query_without_arguments_has_one_memo(db: Database, log: EventLog) -> None:
    """Asked twice, it runs once."""
    assert (nothing(db), nothing(db)) == (42, 42)
    assert_executed(log, "nothing()")


def test_keywords_and_defaults_name_the_same_memo(db: Database, log: EventLog) -> None:
    """However a call is written, equal arguments are one memo."""
    assert [scaled(db, 1), scaled(db, x=1), scaled(db, 1, 10), scaled(db, 1, factor=10), scaled(db, 1, shift=0)] == [10] * 5
    assert scaled(factor=10, x=1, db=db) == 10
    assert_executed(log, "scaled(1, 10, 0)")


def test_other_arguments_are_other_memos(db: Database, log: EventLog) -> None:
    """Each tuple of arguments is computed once."""
    assert [scaled(db, 2), scaled(db, 1, 2), scaled(db, 1, shift=3), scaled(db, 2)] == [20, 2, 13, 20]
    assert_executed(log, "scaled(2, 10, 0)", "scaled(1, 2, 0)", "scaled(1, 10, 3)")


def test_positional_only_parameters_stay_so(db: Database, log: EventLog) -> None:
    """The signature is the function's own, with its errors."""
    assert positional(db, 3, y=1) == 2
    with pytest.raises(TypeError, match="positional-only"):
        positional(db, x=3)
    assert_executed(log, positional)


@pytest.mark.parametrize(
    "values",
    [
        (1, 1.0, True, Decimal(1)),
        (0.0, -0.0),
        ("a", b"a"),
        ((1, 2), (1.0, 2.0), (True, 2), Point(1, 2)),
        (frozenset({1}), frozenset({1.0}), frozenset({True})),
        (None, 0, False, "", ()),
        (((1,),), ((1.0,),)),
    ],
)
def test_equal_values_of_different_types_are_different_keys(db: Database, log: EventLog, values: tuple[object, ...]) -> None:
    """`1 == 1.0 == True`, but a query can tell them apart, all the way down."""
    for _ in range(2):
        for value in values:
            assert shown(db, value) == f"{type(value).__name__} {value!r}"
    assert_executed(log, *[shown] * len(values))


def test_not_a_number_is_one_key(db: Database, log: EventLog) -> None:
    """NaN differs from itself, but asking for it twice is one question."""
    assert number(db, float("nan")) == number(db, float("nan")) == "nan"
    assert_executed(log, number)


def test_members_of_an_enum_are_keys(db: Database, log: EventLog) -> None:
    """A member is one key, and not its value."""
    assert shown(db, Colour.RED) != shown(db, Colour.BLUE) != shown(db, 1)
    shown(db, Colour.RED)
    assert_executed(log, shown, shown, shown)


def test_an_argument_of_another_type_is_refused(db: Database, log: EventLog) -> None:
    """The message names parameter, expected and got; it is a TypeError too."""
    with pytest.raises(ArgumentError, match=r"scaled\(x=…\): expected int, got str \('1'\)") as caught:
        scaled(db, "1")  # type: ignore[arg-type]
    assert isinstance(caught.value, TypeError)
    with pytest.raises(ArgumentError, match=r"shift=…\): expected int, got bool"):
        scaled(db, 1, shift=True)
    assert_executed(log)


def test_an_argument_that_cannot_be_hashed_is_refused(db: Database, log: EventLog) -> None:
    """A list behind `object` is found when it is passed; the message names the way out."""
    with pytest.raises(ArgumentError, match=r"list cannot be part of a key.*a tuple for a list"):
        shown(db, [1])
    assert_executed(log)
