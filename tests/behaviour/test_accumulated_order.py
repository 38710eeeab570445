"""`accumulated` returns own and transitive values, depth first in the order of the calls, each query once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Accumulator, Database, Input, Key, query
from lestockage.errors import ArgumentError
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Node(Input):
    name: Key[str]
    below: tuple[str, ...] = ()


class Visit(Accumulator):
    name: str


class Depth(Accumulator):
    name: str
    below: int


@query
def walk(db: Database, name: str) -> int:
    node = Node.get(db, name=name)
    assert node is not None
    Visit(name=f"+{name}").push(db)
    size = 1 + sum(walk(db, below) for below in node.below)
    Depth(name=name, below=size).push(db)
    Visit(name=f"-{name}").push(db)
    return size


def _names(found: tuple[Visit, ...]) -> str:
    return " ".join(visit.name for visit in found)


@pytest.fixture
def diamond(db: Database) -> Database:
    """`a` over `b` and `c`, both over `d`."""
    for name, below in (("a", ("b", "c")), ("b", ("d",)), ("c", ("d",)), ("d", ())):
        Node(db, name=name, below=below)
    return db


def test_depth_first_and_each_query_once(diamond: Database, log: EventLog) -> None:
    """What a query pushed comes before what it called pushed; `d` is called twice and counts once."""
    assert _names(walk.accumulated(Visit, diamond, "a")) == "+a -a +b -b +d -d +c -c"
    assert_executed(log, "walk('a')", "walk('b')", "walk('d')", "walk('c')")


def test_one_class_at_a_time(diamond: Database) -> None:
    """Values are frozen, compare by their fields, and are told apart by class."""
    assert walk.accumulated(Depth, diamond, "b") == (Depth(name="b", below=2), Depth(name="d", below=1))
    with pytest.raises(AttributeError):
        walk.accumulated(Depth, diamond, "d")[0].below = 3  # type: ignore[misc]


def test_asking_for_a_part_gives_that_part(diamond: Database, log: EventLog) -> None:
    """From a call further down, and by keyword, without running anything twice."""
    walk(diamond, "a")
    log.clear()
    assert _names(walk.accumulated(Visit, diamond, name="c")) == "+c -c +d -d"
    assert_executed(log)


def test_nothing_pushed_is_nothing_collected(db: Database) -> None:
    """An empty tuple."""

    @query
    def silent(db: Database) -> int:
        return 1

    assert silent.accumulated(Visit, db) == ()


def test_arguments_are_checked(db: Database) -> None:
    """As in a call."""
    with pytest.raises(ArgumentError, match="expected str, got int"):
        walk.accumulated(Visit, db, 1)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="missing a required argument"):
        walk.accumulated(Visit, db)  # type: ignore[call-arg]
