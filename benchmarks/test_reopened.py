"""Reopened: what a restart costs over 1,000 and 100,000 leaves: nothing changed, one leaf changed, one leaf changed back.

Leaves, one derived value each, groups of 100, and one root. Counts are asserted, times printed: `pytest benchmarks/test_reopened.py -s`.
"""

# ruff: noqa: S101, T201  # results are asserted, figures are printed

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from lestockage import Database, Input, Key, query

if TYPE_CHECKING:
    from pathlib import Path

GROUP = 100
ROUNDS = 5


class Leaf(Input):
    """One number."""

    i: Key[int]
    v: int


@query
def derived(db: Database, i: int) -> int:
    """A leaf's number, doubled."""
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


def _asked(path: Path, groups: int, changes: dict[int, int]) -> tuple[float, int, int, int]:
    """Open, set leaves, ask the root, commit: seconds of processor time to the answer, its value, bodies run, rows read."""
    started = time.process_time()
    with Database(path) as db:
        for leaf, value in changes.items():
            Leaf(db, i=leaf, v=value)
        value = root(db, groups)
        spent = time.process_time() - started
        ran = sum(db.executions().values())
        rows: int = db.store.store.rows_read
    return spent, value, ran, rows


def test_restarts_over_small_and_large(tmp_path: Path) -> None:
    """Nothing changed reads as many rows of a large store as of a small one; what was there before runs nothing."""
    unchanged_rows = []
    for count in (1_000, 100_000):
        path = tmp_path / f"{count}.db"
        groups = count // GROUP
        started = time.process_time()
        with Database(path) as db:
            with db.write():
                for i in range(count):
                    Leaf(db, i=i, v=i)
            total = root(db, groups)
        cold = time.process_time() - started
        unchanged = [_asked(path, groups, {i: i for i in range(10)}) for _ in range(ROUNDS)]
        assert all(found[1:3] == (total, 0) for found in unchanged)
        unchanged_rows.append(unchanged[0][3])
        changed = [_asked(path, groups, {7: 1_000 + number}) for number in range(ROUNDS)]
        assert all(found[2] == 3 for found in changed)
        back = [_asked(path, groups, {7: 1_000 + number}) for number in range(ROUNDS)]
        assert all(found[2] == 0 for found in back)
        one = min(changed)[0]
        print(
            f"\n{count} leaves: cold {cold:.2f} s, {path.stat().st_size / (2 * count):.0f} bytes a node;"
            f" unchanged {min(unchanged)[0] * 1e3:.1f} ms, {unchanged_rows[-1]} rows;"
            f" one leaf {one * 1e3:.1f} ms, {changed[-1][3]} rows, {cold / one:.0f} x faster than cold (aim 50);"
            f" back {min(back)[0] * 1e3:.1f} ms, nothing run"
        )
    assert unchanged_rows[0] == unchanged_rows[1]
