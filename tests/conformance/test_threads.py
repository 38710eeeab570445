"""Threads: overlapping questions while one thread writes; equal questions asked at once; circles entered from several sides."""

from __future__ import annotations

import threading
import time

from lestockage import Database, Input, query
from lestockage.testing.invariants import check_invariants
from tests.conformance.soak import THREADS, soak


class Setting(Input):
    """Whether `broken` fails."""

    value: int


@query
def slow(db: Database, index: int) -> int:
    """A query that takes long enough for others to arrive."""
    time.sleep(0.02)
    return index


def _zero(_db: Database) -> int:
    return 0


@query(cycle_initial=_zero)
def broken(db: Database) -> int:
    """The head of a circle, which fails after its participant has finished."""
    value = partner(db)
    if setting(db).value:
        raise ValueError("broken")
    return value


@query(cycle_initial=_zero)
def partner(db: Database) -> int:
    """The participant of that circle."""
    return broken(db)


def setting(db: Database) -> Setting:
    """The one setting."""
    found = Setting.get(db)
    assert found is not None
    return found


def test_every_answer_is_the_oracle_s_for_a_revision_in_between() -> None:
    """Eight readers, a writer and cancellations, with the smallest switch interval."""
    run = soak(5, seed=1)
    assert not run.problems
    assert run.answers > 0
    assert len(run.states) > 10


def test_equal_questions_asked_at_once_run_once() -> None:
    """Eight threads ask the same sixteen keys: sixteen bodies run."""
    with Database() as db:
        threads = [threading.Thread(target=lambda: [slow(db, index) for index in range(16)]) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert db.counts.executed == 16
        check_invariants(db)


def test_a_circle_whose_head_fails_leaves_no_claim() -> None:
    """Nobody waits for a participant of a circle that was given up."""
    with Database() as db:
        Setting(db, value=1)
        for ask in (broken, partner, broken):
            try:
                ask(db)
            except ValueError:
                check_invariants(db)
        setting(db).value = 0
        assert partner(db) == 0
