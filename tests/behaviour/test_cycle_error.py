"""A cycle without cycle options is an error that names its queries in order; asked again it raises again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Database, Input, query
from lestockage.errors import CycleError
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Switch(Input):
    closed: bool


@query
def entry(db: Database, switch: Switch) -> int:
    return a(db, switch) + 1


@query
def a(db: Database, switch: Switch) -> int:
    return b(db, switch) + 1


@query
def b(db: Database, switch: Switch) -> int:
    return c(db, switch) + 1


@query
def c(db: Database, switch: Switch) -> int:
    return a(db, switch) if switch.closed else 0


@query
def itself(db: Database, n: int) -> int:
    return itself(db, n)


@query
def forgiving(db: Database, switch: Switch) -> int:
    try:
        return a(db, switch)
    except CycleError:
        return -1


def test_it_names_the_queries_in_order(db: Database, log: EventLog) -> None:
    """From the query on which the circle closes, without those outside; the message names the ways out."""
    with pytest.raises(
        CycleError, match=r"a\(Switch\(\)\) -> b\(Switch\(\)\) -> c\(Switch\(\)\) -> a\(Switch\(\)\).*cycle_initial="
    ) as caught:
        entry(db, Switch(db, closed=True))
    assert caught.value.queries == ("a(Switch())", "b(Switch())", "c(Switch())")
    assert_executed(log, entry, a, b, c)


def test_the_entry_decides_where_the_circle_starts(db: Database) -> None:
    """Entered elsewhere, the same circle is named from there."""
    with pytest.raises(CycleError) as caught:
        b(db, Switch(db, closed=True))
    assert caught.value.queries == ("b(Switch())", "c(Switch())", "a(Switch())")


def test_a_query_may_call_itself(db: Database, log: EventLog) -> None:
    """The smallest circle."""
    with pytest.raises(CycleError) as caught:
        itself(db, 3)
    assert caught.value.queries == ("itself(3)",)
    assert_executed(log, itself)


def test_asked_again_it_raises_again(db: Database, log: EventLog) -> None:
    """Nothing is remembered of it, and nothing hangs; other entries too."""
    switch = Switch(db, closed=True)
    for query_ in (entry, entry, a, b, c):
        with pytest.raises(CycleError):
            query_(db, switch)
    assert_executed(log, entry, a, b, c, entry, a, b, c, a, b, c, b, c, a, c, a, b)
    assert not db.running


def test_a_cycle_may_vanish_and_appear(db: Database, log: EventLog) -> None:
    """Between revisions, with the values of a plain evaluation in each."""
    switch = Switch(db, closed=False)
    assert entry(db, switch) == 3
    switch.closed = True
    with pytest.raises(CycleError):
        entry(db, switch)
    switch.closed = False
    log.clear()
    assert entry(db, switch) == 3


def test_a_caller_may_catch_it(db: Database) -> None:
    """And follows when the cycle goes away."""
    switch = Switch(db, closed=True)
    assert forgiving(db, switch) == -1
    switch.closed = False
    assert forgiving(db, switch) == 2
    switch.closed = True
    assert forgiving(db, switch) == -1
