"""Verification walks dependencies in the order they were read and stops at the first that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage import Database, Input, query
from lestockage.testing import assert_executed, assert_not_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Switch(Input):
    on: bool
    detail: int
    guard: int = 1


@query
def flag(db: Database, switch: Switch) -> bool:
    return switch.on


@query
def late(db: Database, switch: Switch) -> float:
    return 10 / switch.guard + switch.detail


@query
def cond(db: Database, switch: Switch) -> float:
    return late(db, switch) if flag(db, switch) else -1.0


@query
def report(db: Database, switch: Switch) -> str:
    return f"{cond(db, switch)}"


def test_a_read_that_may_not_happen_is_not_verified(db: Database, log: EventLog) -> None:
    """After the flag turns off, `late` does not run, though it was read before and is dirty too."""
    switch = Switch(db, on=True, detail=1)
    assert report(db, switch) == "11.0"
    assert_executed(log, report, cond, flag, late)
    with db.write():
        switch.on = False
        switch.detail = 2
    assert report(db, switch) == "-1.0"
    assert_executed(log, flag, cond, report)


def test_a_late_read_that_would_fail_now_is_not_run(db: Database, log: EventLog) -> None:
    """The flag guards a division by zero: verification must not run what the guard protects."""
    switch = Switch(db, on=True, detail=1)
    report(db, switch)
    log.clear()
    with db.write():
        switch.on = False
        switch.guard = 0
    assert report(db, switch) == "-1.0"
    assert_not_executed(log, late)


def test_an_unchanged_flag_lets_the_late_read_decide(db: Database, log: EventLog) -> None:
    """The flag is green, so only `late` is looked at; it changed, so its dependents run."""
    switch = Switch(db, on=True, detail=1)
    report(db, switch)
    log.clear()
    switch.detail = 2
    assert report(db, switch) == "12.0"
    assert_executed(log, late, cond, report)
