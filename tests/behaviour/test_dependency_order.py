"""Dependencies are ordered by first read and de-duplicated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage import Database, Input, Key, query
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Number(Input):
    name: Key[str]
    value: int


@query
def parity(db: Database, number: Number) -> int:
    return number.value % 2


@query
def sandwich(db: Database, one: Number, other: Number) -> tuple[int, int, int]:
    return parity(db, one), parity(db, other), parity(db, one)


@query
def squared(db: Database, number: Number) -> int:
    return number.value * number.value


def test_a_second_read_keeps_the_place_of_the_first(db: Database, log: EventLog) -> None:
    """What is read first, and again at the end, is verified first and once."""
    one = Number(db, name="one", value=1)
    other = Number(db, name="other", value=2)
    assert sandwich(db, other, one) == (0, 1, 0)
    log.clear()
    with db.write():
        one.value = 3
        other.value = 4
    assert sandwich(db, other, one) == (0, 1, 0)
    assert log.happened == [
        "WillExecute parity(Number(name='other'))",
        "DidBackdate parity(Number(name='other'))",
        "WillExecute parity(Number(name='one'))",
        "DidBackdate parity(Number(name='one'))",
        "DidValidate sandwich(Number(name='other'), Number(name='one'))",
    ]


def test_the_kept_list_has_no_duplicates(db: Database) -> None:
    """Two reads of one cell are one dependency, kept in the order of the first read."""
    one = Number(db, name="one", value=1)
    other = Number(db, name="other", value=2)
    sandwich(db, one, other)
    squared(db, one)
    (memo,) = db.ingredients[sandwich.declaration.index].entries.values()
    assert [node.describe() for node in memo.deps] == ["parity(Number(name='one'))", "parity(Number(name='other'))"]
    (memo,) = db.ingredients[squared.declaration.index].entries.values()
    assert memo.deps.describe() == "Number(name='one').value"


def test_many_dependencies_are_verified_in_read_order(db: Database, log: EventLog) -> None:
    """A few dirty ones among hundreds are found in the order in which they were read, not in that of their writes."""
    numbers = [Number(db, name=f"{index:03}", value=1) for index in range(500)]

    @query
    def whole(db: Database) -> int:
        return sum(parity(db, number) for number in numbers)

    whole(db)
    log.clear()
    with db.write():
        for index in (400, 3, 77):
            numbers[index].value = 5
    assert whole(db) == 500
    assert_executed(log, *(f"parity(Number(name='{name}'))" for name in ("003", "077", "400")))


def test_the_first_changed_dependency_decides(db: Database, log: EventLog) -> None:
    """The body then asks for the rest itself, in its own order."""
    one = Number(db, name="one", value=1)
    other = Number(db, name="other", value=2)
    sandwich(db, one, other)
    log.clear()
    with db.write():
        other.value = 3
        one.value = 2
    assert sandwich(db, one, other) == (0, 1, 0)
    assert_executed(log, "parity(Number(name='one'))", sandwich, "parity(Number(name='other'))")
