"""Soak: many threads ask overlapping queries while one writes, for as long as asked, under a watchdog.

`python -m tests.conformance.soak --seconds 60`. Every answer must be the oracle's for some revision between the request and the response:
the writer notes the state of the inputs before and after each revision, and a reader compares with every state it may have seen.
"""

# ruff: noqa: T201, S311  # a command that prints; random, not secret

from __future__ import annotations

import argparse
import faulthandler
import random
import sys
import threading
import time
from typing import TYPE_CHECKING

from lestockage import Database, Input, Key, query
from lestockage.errors import Cancelled
from lestockage.testing.invariants import check_invariants

if TYPE_CHECKING:
    from collections.abc import Callable

CELLS = 12
THREADS = 8
State = tuple[int, ...]


class Part(Input):
    """One of the cells."""

    index: Key[int]
    value: int


@query
def bucket(db: Database, index: int) -> tuple[int, int]:
    """Two neighbours as they are."""
    return leaf(db, index), leaf(db, index + 1)


@query
def leaf(db: Database, index: int) -> int:
    """One cell."""
    found = Part.get(db, index=index % CELLS)
    assert found is not None
    return found.value


@query
def total(db: Database) -> tuple[int, ...]:
    """All buckets."""
    return tuple(value for index in range(0, CELLS, 2) for value in bucket(db, index))


def _zero(_db: Database, _index: int) -> int:
    return 0


@query(cycle_initial=_zero)
def ring(db: Database, index: int) -> int:
    """A circle over the even cells: every one is the maximum of all, whichever is asked first."""
    return max(leaf(db, index * 2), ring(db, (index + 1) % (CELLS // 2)))


def maximum(state: State) -> int:
    """The oracle of `ring`."""
    return max(state[::2])


class Soak:
    """One run: the states in the order of their revisions, and what went wrong."""

    def __init__(self, seconds: float, seed: int) -> None:
        self.end = time.monotonic() + seconds
        self.seed = seed
        self.db = Database()
        self.states: list[State] = [tuple(range(CELLS))]
        """Appended to before the write that makes it: a reader may see the last one early, never late."""
        self.written = 0
        """How many states are surely visible."""
        self.problems: list[str] = []
        self.answers = 0
        self.cancelled = 0
        with self.db.write():
            for index, number in enumerate(self.states[0]):
                Part(self.db, index=index, value=number)

    def run(self) -> None:
        """Start everything, wait, and check what is left."""
        threads = [threading.Thread(target=self._guarded, args=(self._read, number), name=f"reader {number}") for number in range(THREADS)]
        threads.append(threading.Thread(target=self._guarded, args=(self._write, THREADS), name="writer"))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if not self.problems:
            check_invariants(self.db)

    def _guarded(self, work: Callable[[random.Random], None], number: int) -> None:
        try:
            work(random.Random(self.seed * 1000 + number))
        except BaseException as error:  # noqa: BLE001  # shown by the main thread
            self.problems.append(f"{threading.current_thread().name}: {error!r}")

    def _is_over(self) -> bool:
        return bool(self.problems) or time.monotonic() >= self.end

    def _write(self, chance: random.Random) -> None:
        while not self._is_over():
            state = list(self.states[-1])
            for _ in range(chance.choice((1, 1, 3))):
                index = chance.randrange(CELLS)
                state[index] = chance.randrange(30)
            self.states.append(tuple(state))
            with self.db.write():
                for index, number in enumerate(state):
                    Part(self.db, index=index, value=number)
            self.written = len(self.states) - 1
            if chance.random() < 0.3:
                time.sleep(0.0005)  # until queries run again
                self.db.cancel()
            time.sleep(chance.random() * 0.002)

    def _read(self, chance: random.Random) -> None:
        questions: list[tuple[Callable[[], object], Callable[[State], object]]] = [
            (lambda: total(self.db), lambda state: state),
            (lambda: bucket(self.db, 4), lambda state: (state[4], state[5])),
            *((lambda start=start: ring(self.db, start), maximum) for start in range(CELLS // 2)),
        ]
        while not self._is_over():
            ask, oracle = chance.choice(questions)
            first = self.written
            try:
                answer = ask()
            except Cancelled:
                self.cancelled += 1
                continue
            states = self.states[first:]
            if all(oracle(state) != answer for state in states):
                self.problems.append(f"answered {answer}, the states in question are {states}")
            self.answers += 1


def soak(seconds: float, seed: int) -> Soak:
    """Run with the smallest switch interval that Python takes; a deadlock dumps every stack and ends the process."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    faulthandler.dump_traceback_later(seconds + 60, exit=True)
    try:
        run = Soak(seconds, seed)
        run.run()
    finally:
        faulthandler.cancel_dump_traceback_later()
        sys.setswitchinterval(interval)
    return run


def main() -> int:
    """Soak for as long as asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    run = soak(parser.parse_args().seconds, int(time.time()))
    print(f"{run.answers} answers, {run.cancelled} cancelled, {len(run.states)} revisions, {run.db.counts.executed} executions")
    print("\n".join(run.problems) or "no deadlock, no torn read, no lost update")
    return 1 if run.problems else 0


if __name__ == "__main__":
    sys.exit(main())
