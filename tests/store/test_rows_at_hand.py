"""Rows at hand: which rows are read with one that is asked for, and that what is read in vain is bounded."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from lestockage.store.rows_at_hand import RowsAtHand

if TYPE_CHECKING:
    from collections.abc import Iterable


def _ask(at_hand: RowsAtHand, ids: Iterable[int], most: int) -> tuple[int, int]:
    """Ask for rows of a file with that many: how many were looked for one by one, and how many were read beside those."""
    looked, read = 0, 0
    for number in ids:
        row = at_hand.take(1, b"%d" % number)
        if row is None:
            looked += 1
            found = at_hand.neighbours(number)
            if found is not None:
                rows = [(other, 1, b"%d" % other) for other in range(max(found[0], 1), min(found[1], most) + 1)]
                read += len(rows)
                at_hand.keep(rows)
        else:
            assert row[0] == number
    return looked, read


def test_a_run_is_read_ahead() -> None:
    """Ten thousand rows in their order take some thirty looks, and none is read in vain but at the end."""
    looked, read = _ask(RowsAtHand(), range(1, 10_001), 10_000)
    assert looked <= 40
    assert read <= 10_000


def test_a_whole_file_in_any_order_is_soon_read() -> None:
    """Ten thousand rows in random order: a tenth of them is looked for one by one, and no row is read twice."""
    order = list(range(1, 10_001))
    random.Random(5).shuffle(order)  # noqa: S311  # an order, no secret
    looked, read = _ask(RowsAtHand(), order, 10_000)
    assert looked <= 1_500
    assert read <= 10_000


def test_a_few_rows_of_a_large_file_read_little_in_vain() -> None:
    """Few rows read nothing beside themselves, and many at most sixteen for each."""
    order = random.Random(5).sample(range(1, 10_000_000), 1_000)  # noqa: S311  # as above
    assert _ask(RowsAtHand(), order[:30], 10_000_000) == (30, 0)
    looked, read = _ask(RowsAtHand(), order, 10_000_000)
    assert looked >= 990
    assert read <= looked * 16


def test_equal_keys_of_two_names_are_two_rows() -> None:
    """Rows are told apart by name and key, and let go when they are taken, or when something is written."""
    at_hand = RowsAtHand()
    at_hand.keep([(1, 1, b"key"), (2, 2, b"key")])
    assert at_hand.take(2, b"key") == (2, 2, b"key")
    assert at_hand.take(2, b"key") is None
    assert at_hand.take(1, b"other") is None
    at_hand.clear()
    assert at_hand.take(1, b"key") is None


def test_what_is_kept_is_bounded() -> None:
    """Rows that nobody asks for do not pile up for ever."""
    at_hand = RowsAtHand()
    for start in range(0, 100_000, 100):
        at_hand.keep([(number, 1, b"%d" % number) for number in range(start, start + 100)])
    kept = sum(at_hand.take(1, b"%d" % number) is not None for number in range(100_000))
    assert 0 < kept < 20_000
