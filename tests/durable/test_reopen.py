"""Reopening: what is known is served without running anything, loading only what is asked for, and a change costs its cone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lestockage import Database, Input, Key, query

if TYPE_CHECKING:
    from pathlib import Path

GROUP = 10


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
    """The sum of ten."""
    return sum([derived(db, i) for i in range(g * GROUP, (g + 1) * GROUP)])


@query
def root(db: Database, groups: int) -> int:
    """The sum of all."""
    return sum([group(db, g) for g in range(groups)])


def build(path: Path, groups: int) -> int:
    """Make a store with that many groups, and return the root's value."""
    with Database(path) as db:
        with db.write():
            for i in range(groups * GROUP):
                Leaf(db, i=i, v=i)
        return root(db, groups)


def rows_read(db: Database) -> int:
    """How many rows the database has read from its store."""
    count: int = db.store.store.rows_read
    return count


def test_nothing_is_executed_and_the_rows_read_do_not_grow_with_the_store(tmp_path: Path) -> None:
    """Ten inputs set to what they were, and the root asked: the same count of rows in a store ten times as large."""
    counts = []
    for groups in (10, 100):
        path = tmp_path / f"{groups}.db"
        expected = build(path, groups)
        before = path.read_bytes()
        with Database(path) as db:
            for i in range(10):
                Leaf(db, i=i, v=i)
            assert root(db, groups) == expected
            assert db.executions() == {}
            counts.append(rows_read(db))
        assert path.read_bytes() == before
    assert counts[0] == counts[1]


def test_one_change_visits_its_cone(tmp_path: Path) -> None:
    """A changed leaf whose derived value comes out equal costs the cone, whatever the size of the store."""
    visited = []
    for groups in (10, 100):
        path = tmp_path / f"{groups}.db"
        build(path, groups)
        with Database(path) as db:
            Leaf(db, i=3, v=99)
            assert root(db, groups) == build_in_memory(groups, {3: 99})
            assert db.executions() == {f"{__name__}.derived": 1, f"{__name__}.group": 1, f"{__name__}.root": 1}
            visited.append(db.counts.visited)
    assert visited[0] == visited[1]


def build_in_memory(groups: int, changed: dict[int, int]) -> int:
    """The root's value from scratch."""
    return sum(changed.get(i, i) * 2 for i in range(groups * GROUP))


def test_what_was_not_committed_has_not_happened(tmp_path: Path) -> None:
    """Closing without a commit leaves the last commit; what it said of inputs still holds."""
    path = tmp_path / "memo.db"
    expected = build(path, 2)
    db = Database(path)
    root(db, 2)
    Leaf(db, i=0, v=1000)
    assert root(db, 2) == expected + 2000
    db.close()
    with Database(path) as again:
        Leaf(again, i=0, v=0)
        assert root(again, 2) == expected


def test_an_exception_in_the_block_commits_nothing(tmp_path: Path) -> None:
    """Memos of the block are not stored; the next block computes them."""
    path = tmp_path / "memo.db"

    def fail() -> None:
        with Database(path) as db:
            with db.write():
                for i in range(GROUP):
                    Leaf(db, i=i, v=i)
            root(db, 1)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with Database(path) as db:
        with db.write():
            for i in range(GROUP):
                Leaf(db, i=i, v=i)
        root(db, 1)
        assert db.executions()[f"{__name__}.derived"] == GROUP


def test_a_dirty_cone_is_loaded_in_a_few_looks(tmp_path: Path) -> None:
    """An input that everything reads changes, and every result comes out equal: the statements do not grow with the cone."""
    statements = []
    for groups in (4, 40):
        path = tmp_path / f"{groups}.db"
        with Database(path) as db:
            Scale(db, by=2)
            assert scaled_root(db, groups * GROUP) == groups * GROUP * 6
        with Database(path) as db:
            queries = Counted(db)
            Scale(db, by=4)
            assert scaled_root(db, groups * GROUP) == groups * GROUP * 6
            assert db.executions() == {f"{__name__}.parity": 1}
            statements.append(queries.count)
    assert statements[1] <= statements[0] + 3


class Scale(Input):
    """What everything reads."""

    by: int


@query
def parity(db: Database) -> int:
    """Comes out equal for every even number."""
    scale = Scale.get(db)
    assert scale is not None
    return scale.by % 2


@query
def scaled(db: Database, i: int) -> int:
    """Reads what everything reads."""
    return i * 0 + 6 + parity(db)


@query
def scaled_root(db: Database, count: int) -> int:
    """The sum of all."""
    return sum([scaled(db, i) for i in range(count)])


class Counted:
    """Counts the statements that read the store."""

    def __init__(self, db: Database) -> None:
        self.count = 0
        file = db.store.store._file  # counted where they are issued
        self._query = file.query
        db.store.store._nodes._file = self
        db.store.store._file = self
        self._file = file

    def query(self, *args: object) -> object:
        """One statement."""
        self.count += 1
        return self._query(*args)

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)


def test_a_query_that_is_declared_again_has_its_own_results(tmp_path: Path) -> None:
    """As when a cell of a notebook runs again: the rows of the code before are not the answers of the code after."""
    path = tmp_path / "memo.db"

    def declare(factor: int) -> Any:
        @query
        def scaled(db: Database, size: int) -> int:
            return size * factor

        return scaled

    with Database(path) as db:
        assert declare(2)(db, 3) == 6
    with Database(path) as db:
        assert declare(2)(db, 3) == 6
        again = declare(5)
        assert again(db, 3) == 15
    with Database(path) as db:
        assert again(db, 3) == 15
