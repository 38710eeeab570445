"""Reads are per field: changing one field does not re-run a reader of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage import Database, Input, query
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Point(Input):
    x: int
    y: int


@query
def reads_x(db: Database, point: Point) -> int:
    return point.x


@query
def reads_y(db: Database, point: Point) -> int:
    return point.y


@query
def reads_both(db: Database, point: Point) -> int:
    return reads_x(db, point) + point.y


def test_only_readers_of_the_changed_field_run(db: Database, log: EventLog) -> None:
    """`x` changes: its reader runs, and what asked it; the reader of `y` is served as it is."""
    point = Point(db, x=1, y=2)
    assert (reads_x(db, point), reads_y(db, point), reads_both(db, point)) == (1, 2, 3)
    log.clear()
    point.x = 10
    assert (reads_x(db, point), reads_y(db, point), reads_both(db, point)) == (10, 2, 12)
    assert_executed(log, reads_x, reads_both)


def test_a_field_that_was_never_read_is_no_dependency(db: Database, log: EventLog) -> None:
    """Holding a handle as an argument depends on none of its fields."""

    @query
    def same(db: Database, one: Point, other: Point) -> bool:
        return one is other

    point = Point(db, x=1, y=2)
    assert same(db, point, point)
    point.x = point.y = 7
    log.clear()
    assert same(db, point, point)
    assert log.happened == []
