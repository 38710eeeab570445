"""`cycle_initial=` and `cycle_fn=`: fixpoint iteration, headed by the query entered first, until nothing changes any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Database, Input, Key, query
from lestockage.engine.events import WillIterateCycle
from lestockage.errors import CycleDiverged
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.engine.cycle import Cycle
    from lestockage.testing import EventLog


class Function(Input):
    name: Key[str]
    calls: tuple[str, ...] = ()
    effects: frozenset[str] = frozenset()


def _nothing(db: Database, name: str) -> frozenset[str]:
    return frozenset()


@query(cycle_initial=_nothing)
def effects(db: Database, name: str) -> frozenset[str]:
    function = Function.get(db, name=name)
    assert function is not None
    return function.effects.union(*(effects(db, called) for called in function.calls))


@query
def is_pure(db: Database, name: str) -> bool:
    return not effects(db, name)


def _program(db: Database, **functions: tuple[str, str]) -> None:
    for name, (calls, own) in functions.items():
        Function(db, name=name, calls=tuple(calls), effects=frozenset(own))


def _growing(limit: int | None = None, fn: Callable[..., int] | None = None) -> Callable[[Database, int], int]:
    """A query that counts up to a limit by asking for itself."""

    @query(cycle_initial=lambda db, n: 0, cycle_fn=fn)
    def grows(db: Database, n: int) -> int:
        return grows(db, n) + 1 if limit is None else min(grows(db, n) + 1, limit)

    return grows


def test_the_least_fixpoint_is_found(db: Database, log: EventLog) -> None:
    """Every member of the circle has the effects of all; the head runs until its value is stable."""
    _program(db, a=("b", "x"), b=("c", "y"), c=("a", "z"))
    assert effects(db, "a") == frozenset("xyz")
    assert log.calls(WillIterateCycle) == ["effects('a')"]
    assert_executed(log, *[f"effects('{name}')" for name in "abcabc"])
    assert (effects(db, "b"), effects(db, "c")) == (frozenset("xyz"), frozenset("xyz"))
    assert_executed(log)


@pytest.mark.parametrize("entry", ["a", "b", "c", "d"])
def test_the_entry_does_not_matter(db: Database, entry: str) -> None:
    """Nested and overlapping circles, entered anywhere, end in the same values."""
    _program(db, a=("bd", "x"), b=("ca", ""), c=("bd", "y"), d=("c", "z"))
    effects(db, entry)
    assert {effects(db, name) for name in "abcd"} == {frozenset("xyz")}


def test_a_self_loop_converges(db: Database, log: EventLog) -> None:
    """One confirming iteration when the first value differs from the initial one."""
    _program(db, a=("a", "x"))
    assert effects(db, "a") == frozenset("x")
    assert_executed(log, effects, effects)


def test_a_cycle_that_changes_nothing_needs_no_iteration(db: Database, log: EventLog) -> None:
    """The initial value was right: converged at once."""
    _program(db, a=("b", ""), b=("a", ""))
    assert is_pure(db, "a")
    assert_executed(log, is_pure, "effects('a')", "effects('b')")


def test_a_bound_ends_divergence(db: Database, log: EventLog) -> None:
    """200 iterations, then an error that says what to do; nothing is stored, and asking again fails again."""
    grows = _growing()
    for _ in range(2):
        with pytest.raises(CycleDiverged, match=r"grows\(1\) did not converge within 200 iterations.*widen in cycle_fn="):
            grows(db, 1)
    assert not db.running
    assert len(log.executed) == 2 * 201


def test_many_iterations_below_the_bound_are_fine(db: Database) -> None:
    """A slow chain of improvements converges."""
    assert _growing(limit=150)(db, 1) == 150


def test_cycle_fn_may_widen(db: Database, log: EventLog) -> None:
    """It is called after every iteration with the iteration, the last and the new value; what it returns is served next."""
    seen: list[tuple[int, int, int, int]] = []

    def widen(db: Database, cycle: Cycle, last: int, value: int, n: int) -> int:
        seen.append((cycle.iteration, last, value, n))
        return 1000 if cycle.iteration >= 2 else value

    assert _growing(limit=1000, fn=widen)(db, 7) == 1000
    assert seen == [(0, 0, 1, 7), (1, 1, 2, 7), (2, 2, 3, 7), (3, 1000, 1000, 7)]
    assert len(log.executed) == 4
