"""Threads that enter one cycle at different queries at the same time: nobody waits for ever, and all get the fixpoint."""

from __future__ import annotations

import threading
import time

from lestockage import Database, Input, Key, query

SIZE = 6


class Weight(Input):
    at: Key[int]
    value: int


def _start(db: Database, at: int) -> int:
    return 0


@query(cycle_initial=_start)
def heaviest(db: Database, at: int) -> int:
    weight = Weight.get(db, at=at)
    assert weight is not None
    time.sleep(0.001)  # lets the other threads get on
    return max(weight.value, heaviest(db, (at + 1) % SIZE))


def test_threads_entering_a_circle_everywhere_agree(db: Database) -> None:
    """One thread a query, all let go at once, in several revisions."""
    with db.write():
        for at in range(SIZE):
            Weight(db, at=at, value=at)
    for step in range(3):
        weight = Weight.get(db, at=step)
        assert weight is not None
        weight.value = 10 + step
        barrier = threading.Barrier(SIZE)
        found: dict[int, int] = {}

        def ask(at: int, barrier: threading.Barrier = barrier, found: dict[int, int] = found) -> None:
            barrier.wait(10)
            found[at] = heaviest(db, at)

        threads = [threading.Thread(target=ask, args=(at,), daemon=True) for at in range(SIZE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert found == dict.fromkeys(range(SIZE), 10 + step)
