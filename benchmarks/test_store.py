"""The store against durable peers in the same run: hits after a restart, results computed and committed, one change after a restart.

Prints ratios; asserts results, and exact counts where they can be counted. Needs the extra `bench`; a peer that is missing is left out.
"""

# ruff: noqa: S101, T201, ARG001
# benchmarks assert and print; queries take their database though they read nothing

from __future__ import annotations

import gc
import os
import random
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from lestockage import Database, Input, Key, query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

KEYS = 10_000
GROUP = 100


class Leaf(Input):
    """One number."""

    i: Key[int]
    v: int


def record_of(i: int) -> dict[str, int | str | list[int]]:
    """A result of about 200 bytes."""
    return {"i": i, "name": f"item {i}", "text": "x" * 120, "values": [i, i + 1, i + 2]}


@query
def record(db: Database, i: int) -> dict[str, int | str | list[int]]:
    """The same, remembered."""
    return record_of(i)


@query
def doubled(db: Database, leaf: Leaf) -> int:
    """A small result with one dependency."""
    return leaf.v * 2


@query
def derived(db: Database, i: int) -> int:
    """The number of a leaf, doubled."""
    leaf = Leaf.get(db, i=i)
    assert leaf is not None
    return leaf.v * 2


@query
def group(db: Database, g: int) -> int:
    """The sum of a hundred."""
    return sum([derived(db, i) for i in range(g * GROUP, (g + 1) * GROUP)])


@query
def root(db: Database, groups: int) -> int:
    """The sum of all."""
    return sum([group(db, g) for g in range(groups)])


@query
def node(db: Database, height: int, n: int) -> int:
    """The sum of a hundred nodes of the height below; at height 0 the number of a leaf, doubled, or nothing."""
    if height:
        return sum([node(db, height - 1, child) for child in range(n * GROUP, (n + 1) * GROUP)])
    leaf = Leaf.get(db, i=n)
    return 0 if leaf is None else leaf.v * 2


@query
def top(db: Database, height: int, count: int) -> int:
    """The sum of the highest nodes."""
    return sum([node(db, height, n) for n in range(count)])


@query
def slow(db: Database, i: int) -> int:
    """A body of one millisecond."""
    end = time.perf_counter() + 0.001
    while time.perf_counter() < end:
        pass
    return i


def timed(call: Callable[[], Any]) -> float:
    """The processor time of a call, in seconds."""
    gc.collect()
    start = time.process_time()
    call()
    return time.process_time() - start


def size(folder: Path) -> int:
    """The bytes of every file in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def asked(path: Path, order: Iterable[int] = range(KEYS)) -> None:
    """Ask every record of a database, and commit."""
    with Database(path) as db:
        for i in order:
            assert record(db, i)["i"] == i


_COCOINDEX = """
import sys, time
import cocoindex as coco
@coco.fn(memo=True)
def record(i: int) -> dict:
    return {"i": i, "name": f"item {i}", "text": "x" * 120, "values": [i, i + 1, i + 2]}
spent = 0.0
@coco.fn
def main() -> None:
    global spent
    start = time.process_time()
    for i in range(int(sys.argv[1])):
        record(i)
    spent = time.process_time() - start
app = coco.App("bench", main)
start = time.perf_counter()
app.update_blocking()
print(spent, time.perf_counter() - start)
"""


def cocoindex(folder: Path) -> tuple[float, float] | None:
    """What cocoindex takes for all records in its loop, and for the whole update, in a process of its own; None where it is missing."""
    environment = {**os.environ, "COCOINDEX_DB": str(folder / "coco.db"), "COCOINDEX_DISABLE_USAGE_TRACKING": "1"}
    done = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-c", _COCOINDEX, str(KEYS)], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode:
        return None
    spent, whole = done.stdout.split()[-2:]
    return float(spent), float(whole)


def test_hit_after_a_restart(tmp_path: Path) -> None:
    """10,000 records asked of a database just opened: µs per call, against diskcache's memoize, joblib.Memory and cocoindex."""
    path = tmp_path / "ours" / "memo.db"
    asked(path)
    ours = min(timed(lambda: asked(path)) for _ in range(5)) / KEYS * 1e6
    shuffled = list(range(KEYS))
    random.Random(1).shuffle(shuffled)  # noqa: S311  # an order, no secret
    scattered = min(timed(lambda: asked(path, shuffled)) for _ in range(3)) / KEYS * 1e6
    print(f"\nhit after a restart: {ours:.1f} µs in the order of storing, {scattered:.1f} µs in any order")
    diskcache = pytest.importorskip("diskcache")
    with diskcache.Cache(str(tmp_path / "disk")) as cache:
        memoized = cache.memoize()(record_of)
        for i in range(KEYS):
            memoized(i)
        theirs = min(timed(lambda: [memoized(i) for i in range(KEYS)]) for _ in range(2)) / KEYS * 1e6
    print(f"diskcache {theirs:.1f} µs: {theirs / ours:.1f}x ours")
    joblib = pytest.importorskip("joblib")
    remembered = joblib.Memory(str(tmp_path / "joblib"), verbose=0).cache(record_of)
    for i in range(1_000):
        remembered(i)
    again = joblib.Memory(str(tmp_path / "joblib"), verbose=0).cache(record_of)
    theirs = timed(lambda: [again(i) for i in range(1_000)]) / 1_000 * 1e6
    print(f"joblib {theirs:.1f} µs: {theirs / ours:.1f}x ours")
    first, second = cocoindex(tmp_path), cocoindex(tmp_path)
    if first is not None and second is not None:
        print(f"cocoindex {second[0] / KEYS * 1e6:.1f} µs: {second[0] / KEYS * 1e6 / ours:.1f}x ours")


def test_results_computed_and_committed(tmp_path: Path) -> None:
    """10,000 records computed and made durable: seconds, and bytes on disk, against diskcache."""
    folder = tmp_path / "ours"
    ours = timed(lambda: asked(folder / "memo.db"))
    print(f"\ncomputed and committed: {ours:.3f} s, {size(folder) / KEYS:.0f} bytes a result")
    diskcache = pytest.importorskip("diskcache")
    with diskcache.Cache(str(tmp_path / "disk")) as cache:
        memoized = cache.memoize()(record_of)
        theirs = timed(lambda: [memoized(i) for i in range(KEYS)])
    print(f"diskcache {theirs:.3f} s: {theirs / ours:.1f}x ours; {size(tmp_path / 'disk') / KEYS:.0f} bytes a result")
    assert size(folder) < size(tmp_path / "disk")


@pytest.mark.parametrize("leaves", [1_000, 10_000, 100_000])
def test_one_change_after_a_restart(tmp_path: Path, leaves: int) -> None:
    """Leaves → as many derived → groups of 100 → one root: reopened, one leaf changed, the root asked; against building it cold."""
    path = tmp_path / "memo.db"

    def build() -> None:
        with Database(path) as db:
            with db.write():
                for i in range(leaves):
                    Leaf(db, i=i, v=i)
            assert root(db, leaves // GROUP) == leaves * (leaves - 1)

    cold = timed(build)
    counts = []

    def change(step: int) -> None:
        with Database(path) as db:
            Leaf(db, i=5, v=1_000_000 + step)
            assert root(db, leaves // GROUP) == leaves * (leaves - 1) + 2 * (1_000_000 + step - 5)
            counts.append((sum(db.executions().values()), db.counts.visited))

    warm = min(timed(lambda step=step: change(step)) for step in range(4))
    print(f"\n{leaves:,} leaves: cold {cold:.3f} s, one change after a restart {warm * 1e3:.2f} ms: {cold / warm:.0f}x; {counts[-1]}")
    assert counts[-1][0] == 3


def test_one_change_in_a_tree_after_a_restart(tmp_path: Path) -> None:
    """As above with at most a hundred reads for every body, whatever the number of leaves: rows are those of the cone, the time is flat."""
    times = {}
    for leaves, tops in ((1_000, 10), (10_000, 1), (100_000, 10)):
        height = 1 if leaves == 1_000 else 2
        path = tmp_path / f"{leaves}.db"

        def ask(db: Database, height: int = height, tops: int = tops) -> int:
            return top(db, height, tops)

        with Database(path) as db:
            with db.write():
                for i in range(leaves):
                    Leaf(db, i=i, v=i)
            total = ask(db)
        rows = []

        def change(step: int, path: Path = path, total: int = total, ask: Callable[[Database], int] = ask, rows: list[int] = rows) -> None:
            with Database(path) as db:
                Leaf(db, i=5, v=1_000_000 + step)
                assert ask(db) == total + 2 * (1_000_000 + step - 5)
                rows.append(db.store.store.rows_read)

        times[leaves] = min(timed(lambda step=step, change=change: change(step)) for step in range(6))
        reads = height * GROUP + tops
        print(f"\n{leaves:,} leaves in a tree: one change after a restart {times[leaves] * 1e3:.2f} ms, {rows[-1]} rows for {reads} reads")
        assert rows[-1] <= reads + 40
    print(f"100,000 leaves against 1,000: {times[100_000] / times[1_000]:.2f}x; against 10,000: {times[100_000] / times[10_000]:.2f}x")


def test_price_of_durability(tmp_path: Path) -> None:
    """A cold run of 1,000 bodies of one millisecond, stored, against the same in memory."""

    def run(db: Database) -> None:
        with db:
            for i in range(1_000):
                assert slow(db, i) == i

    memory = timed(lambda: run(Database()))
    stored = timed(lambda: run(Database(tmp_path / "memo.db")))
    print(f"\nbodies of 1 ms: {memory:.3f} s in memory, {stored:.3f} s stored: {stored / memory:.3f}x")


def test_bytes_a_memo(tmp_path: Path) -> None:
    """Pages that 10,000 small results with one dependency each add to a file: bytes a memo, at most 200."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        with db.write():
            for i in range(KEYS):
                Leaf(db, i=i, v=i * 1_000)
        db.commit()
        before = _pages(db)
        for leaf in Leaf.all(db):
            doubled(db, leaf)
        db.commit()
        added = (_pages(db) - before) / KEYS
    print(f"\n{added:.1f} bytes a memo")
    assert added <= 200


def _pages(db: Database) -> int:
    """The bytes of the pages that hold something."""
    from lestockage.store.memo_garbage import MemoGarbage  # noqa: PLC0415  # looks inside

    file = db._file  # noqa: SLF001  # as above
    assert file is not None
    return MemoGarbage(file).bytes_used()
