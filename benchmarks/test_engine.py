"""Engine: the paths a question takes, each against what plain Python needs for the same, in one run.

Ratios are of processor time, the best of several rounds, and printed; results, and bytes, are asserted. The nearest peer joins in
where it is installed: `pip install --only-binary=:all: incr-compute==0.2.0b5` (a wheel for x86-64 and glibc 2.34 only).
"""

# ruff: noqa: S101, ANN401, ARG001  # results are asserted; fixtures of pytest; queries that need no database

from __future__ import annotations

import functools
import gc
import importlib
import time
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest

from lestockage import Database, Input, Key, query
from lestockage.engine.frame import Frame, enter, leave
from lestockage.engine.node import STALE, Memo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WIDE = 10_000
MANY = 100_000


class Leaf(Input):
    """A number."""

    index: Key[int]
    value: int


@query
def number(db: Database, index: int) -> int:
    """A trivial body."""
    return index


@query
def derived(db: Database, leaf: Leaf) -> int:
    """A leaf, twice."""
    return leaf.value * 2


@query
def parity(db: Database, leaf: Leaf) -> int:
    """What most changes of a leaf do not change."""
    return leaf.value % 2


@query
def even(db: Database) -> int:
    """The sum over the parity of every leaf."""
    return sum([parity(db, leaf) for leaf in Leaf.all(db)])


@query
def group(db: Database, index: int) -> int:
    """A hundredth of the leaves."""
    return sum([derived(db, leaf) for leaf in Leaf.all(db)[index * 100 : index * 100 + 100]])


@query
def root(db: Database) -> int:
    """The sum over the groups."""
    return sum([group(db, index) for index in range(WIDE // 100)])


@query
def inside(db: Database, repeats: int) -> int:
    """Asks one green query many times."""
    for _ in range(repeats):
        number(db, 7)
    return repeats


@functools.lru_cache(maxsize=None)  # noqa: UP033  # the peer by its name
def cached(index: int) -> int:
    """What a hit costs at the least."""
    return index


@query
def hundred(db: Database, first: int) -> int:
    """Asks a hundred queries."""
    return sum([number(db, index) for index in range(first, first + 100)])


def plain(index: int) -> int:
    """What a call costs at the least."""
    return index


@pytest.fixture(autouse=True)
def _no_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def _seconds(call: Callable[[], Any], rounds: int = 9) -> float:
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        call()
        taken.append(time.process_time() - start)
    return min(taken)


def _report(record: Any, path: str, ratio: float, aim: str) -> None:
    record(path, round(ratio, 2))
    print(f"\n{path}: {ratio:.2f} (aim {aim})")  # noqa: T201  # what a benchmark is for


def _hits(call: Callable[[int], int]) -> Callable[[], None]:
    def loop() -> None:
        for _ in range(MANY):
            call(7)

    return loop


def test_hit_outside(benchmark: Any, record_property: Any) -> None:
    """A green memo asked from outside any query, against lru_cache."""
    with Database() as db:
        assert number(db, 7) == cached(7) == 7

        def loop() -> None:
            for _ in range(MANY):
                number(db, 7)

        benchmark.pedantic(loop, rounds=7)
        _report(record_property, "hit outside, x lru_cache", _seconds(loop) / _seconds(_hits(cached)), "<= 2.5")


def test_hit_inside(benchmark: Any, record_property: Any) -> None:
    """A green memo asked inside a query, against lru_cache."""
    with Database() as db:
        repeats = iter(range(MANY, MANY + 1000))
        benchmark.pedantic(lambda: inside(db, next(repeats)), rounds=7)
        _report(record_property, "hit inside, x lru_cache", _seconds(lambda: inside(db, next(repeats))) / _seconds(_hits(cached)), "<= 2.5")


def _calls() -> None:
    for index in range(MANY):
        plain(index)


def test_cold(benchmark: Any, record_property: Any) -> None:
    """The first call of a trivial body, against the call of a plain function."""

    def loop() -> Database:
        db = Database()
        for index in range(MANY):
            number(db, index)
        return db

    benchmark.pedantic(loop, rounds=3)
    assert loop().counts.executed == MANY
    _report(record_property, "cold, x plain call", _seconds(loop) / _seconds(_calls), "<= 15")


def test_cold_inside(benchmark: Any, record_property: Any) -> None:
    """The first call of a trivial body inside another, which records it and publishes what it recorded."""

    def loop() -> Database:
        db = Database()
        for first in range(0, MANY, 100):
            hundred(db, first)
        return db

    benchmark.pedantic(loop, rounds=3)
    assert loop().counts.executed == MANY + MANY // 100
    _report(record_property, "cold inside, x plain call", _seconds(loop) / _seconds(_calls), "<= 15")


def test_cold_parts(record_property: Any) -> None:
    """What a first execution keeps, made by hand and without one check: no generated code in plain Python is faster."""

    def loop(*, is_current: bool) -> dict[int, Memo]:
        entries: dict[int, Memo] = {}
        running: dict[Memo, Frame] = {}
        for index in range(MANY):
            memo = Memo()
            memo.table = memo.stored = memo.deps = memo.suspects = memo.dependents = None  # type: ignore[assignment]
            memo.args = index
            memo.value = memo.last = STALE
            memo.changed_at = memo.verified_at = 0
            frame = Frame()
            frame.db = frame.caller = frame.effects = frame.group = frame.root = None  # type: ignore[assignment]
            frame.memo = memo
            frame.reads = {}
            frame.depth = 0
            running[memo] = frame
            entries[index] = memo
            if is_current:
                token = enter(frame)
                value = plain(index)
                leave(token)
            else:
                value = plain(index)
            memo.changed_at = memo.verified_at = 1
            memo.last = memo.value = value
            del running[memo]
        return entries

    assert len(loop(is_current=True)) == MANY
    seconds = _seconds(_calls)
    _report(record_property, "cold, its parts alone, x plain call", _seconds(lambda: loop(is_current=True)) / seconds, "a floor")
    _report(record_property, "the same without a current frame", _seconds(lambda: loop(is_current=False)) / seconds, "a floor")

    def misses() -> None:
        cached.cache_clear()
        for index in range(MANY):
            cached(index)

    _report(record_property, "a miss of lru_cache, x plain call", _seconds(misses) / seconds, "in C")


def test_one_edit_cut_off(benchmark: Any, record_property: Any) -> None:
    """One leaf of 100,000 under one root, cut off: write and ask, against 100,000 lru_cache hits."""
    with Database() as db:
        with db.write():
            leaves = [Leaf(db, index=index, value=index) for index in range(MANY)]
        assert even(db) == MANY // 2

        def edit() -> None:
            leaves[500].value += 2
            even(db)

        benchmark.pedantic(edit, rounds=50)
        visited = db.counts.visited
        edit()
        assert db.counts.visited - visited <= 6
        seconds = _seconds(edit, 99)
        _report(record_property, "one edit cut off, us", seconds * 1e6, "<= 100")
        _report(record_property, "one edit cut off, 1 / lru_cache hits of the graph", _seconds(_hits(cached)) / seconds, ">= 100")


def test_one_edit(benchmark: Any, record_property: Any) -> None:
    """One leaf of 10,000 really changed, through its group to the root."""
    with Database() as db:
        with db.write():
            leaves = [Leaf(db, index=index, value=index) for index in range(WIDE)]
        assert root(db) == WIDE * (WIDE - 1)

        def edit() -> None:
            leaves[500].value += 1
            root(db)

        benchmark.pedantic(edit, rounds=50)
        executed = db.counts.executed
        edit()
        assert db.counts.executed - executed == 3
        seconds = _seconds(edit, 99)
        _report(record_property, "one edit, ms", seconds * 1e3, "a peer's")

        def bodies() -> None:
            group.__wrapped__(db, 5)
            root.__wrapped__(db)

        asked = _seconds(bodies, 99)
        _report(record_property, "one edit, x its two bodies alone, over green memos", seconds / asked, "near 1")
        peer = _peer()
        if peer is not None:
            theirs = _seconds(peer, 99)
            _report(record_property, "one edit, x incr-compute", seconds / theirs, "<= 1")
            _report(record_property, "its two bodies alone, x incr-compute", asked / theirs, "a floor")


def _peer() -> Callable[[], None] | None:
    """The same edit of the same graph on incr-compute."""
    try:
        incr: Any = importlib.import_module("incr")
    except ImportError:
        return None
    runtime = incr.Runtime()
    leaves = [runtime.create_input(index) for index in range(WIDE)]
    doubles = [runtime.create_query(lambda r, leaf=leaf: r.get(leaf) * 2) for leaf in leaves]
    groups = [runtime.create_query(lambda r, g=g: sum([r.get(d) for d in doubles[g * 100 : g * 100 + 100]])) for g in range(WIDE // 100)]
    top = runtime.create_query(lambda r: sum([r.get(g) for g in groups]))
    assert runtime.get(top) == WIDE * (WIDE - 1)
    values = iter(range(500, 10_000))

    def edit() -> None:
        runtime.set(leaves[500], next(values) + 1)
        runtime.get(top)

    return edit


def test_bytes_per_memo(record_property: Any) -> None:
    """Memory of a memo with one argument, one dependency and a small result, its input's edges included."""
    with Database() as db:
        with db.write():
            leaves = [Leaf(db, index=index, value=index % 100) for index in range(WIDE)]
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        for leaf in leaves:
            derived(db, leaf)
        taken = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        assert db.counts.executed == WIDE
        _report(record_property, "bytes per memo", taken / WIDE, "<= 400")
        assert taken / WIDE <= 200
