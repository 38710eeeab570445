"""Cost in counts: for one changed leaf, what is looked at is the cone above it, however large the rest of the graph."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from lestockage import Database, Input, Key, query

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.no_cover  # others cover it; measured line by line it takes twice as long

WIDE = 100_000
SIDE = 316
LONG = 10_000
STATED = 4
"""The constant that a visit may cost beyond the cone."""


class Leaf(Input):
    """A number."""

    index: Key[int]
    value: int


@query
def derived(db: Database, leaf: Leaf) -> int:
    """The parity of a leaf: most changes are cut off here."""
    return leaf.value % 2


@query
def root(db: Database) -> int:
    """The sum over every leaf."""
    return sum(derived(db, leaf) for leaf in Leaf.all(db))


@query
def group(db: Database, index: int) -> int:
    """The sum over a row of leaves."""
    return sum([derived(db, leaf) for leaf in Leaf.all(db)[index * SIDE : (index + 1) * SIDE]])


@query
def top(db: Database) -> int:
    """The sum over the rows."""
    return sum([group(db, index) for index in range(SIDE)])


@query
def link(db: Database, leaf: Leaf, level: int) -> int:
    """One level of a chain; the level above the leaf cuts off."""
    return leaf.value % 2 if level == 0 else link(db, leaf, level - 1) + 1


@pytest.fixture(autouse=True)
def _no_collection() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def _leaves(db: Database, count: int) -> list[Leaf]:
    with db.write():
        return [Leaf(db, index=index, value=index) for index in range(count)]


def _spent(db: Database, leaf: Leaf, value: int, ask: object) -> tuple[int, int]:
    """What one write and the next answer visit and execute."""
    visited, executed = db.counts.visited, db.counts.executed
    leaf.value = value
    ask(db)  # type: ignore[operator]
    return db.counts.visited - visited, db.counts.executed - executed


def test_one_leaf_under_a_root_over_all_leaves() -> None:
    """100,000 leaves, 100,000 derived, one root; cut off at once: two marked, two looked at, one executed."""
    with Database() as db:
        leaves = _leaves(db, WIDE)
        assert root(db) == WIDE // 2
        assert _spent(db, leaves[WIDE // 2], 2, root) == (4, 1)
        visited, executed = _spent(db, leaves[7], 8, root)
        assert executed == 2
        assert visited <= 2 + 2 + STATED
        assert root(db) == WIDE // 2 - 1


def test_one_leaf_under_a_square_tree() -> None:
    """316 rows of 316 leaves; cut off at the leaf: the three nodes above it are looked at."""
    with Database() as db:
        leaves = _leaves(db, SIDE * SIDE)
        assert top(db) == SIDE * SIDE // 2
        visited, executed = _spent(db, leaves[12_345], 3, top)
        assert executed == 1
        assert visited <= 2 * 3 + STATED


def test_a_long_chain_cut_off_at_its_foot() -> None:
    """10,000 levels: each is marked once and looked at once, and only the lowest runs."""
    with Database() as db:
        (leaf,) = _leaves(db, 1)
        assert link(db, leaf, LONG - 1) == LONG - 1
        visited, executed = _spent(db, leaf, 2, lambda db: link(db, leaf, LONG - 1))
        assert executed == 1
        assert visited <= 2 * LONG + STATED


def test_an_unrelated_write() -> None:
    """A leaf that no asked query has read: nothing is marked, looked at or executed."""
    with Database() as db:
        leaves = _leaves(db, 1000)
        assert [derived(db, leaf) for leaf in leaves[:-1]]
        assert _spent(db, leaves[-1], 5, lambda db: derived(db, leaves[0])) == (0, 0)


@pytest.mark.parametrize("count", [100, 10_000])
def test_the_cost_does_not_grow_with_the_graph(count: int) -> None:
    """The same change under a hundred leaves and under ten thousand visits the same number of nodes."""
    with Database() as db:
        leaves = _leaves(db, count)
        root(db)
        assert _spent(db, leaves[10], 12, root) == (4, 1)
