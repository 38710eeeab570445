"""Ratios: what the samples say about each other: speed-ups, and where building everything anew would be as quick."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from lestockage.testing.benchmark.peers import PLAIN
from lestockage.testing.benchmark.way import REBUILD

if TYPE_CHECKING:
    from lestockage.testing.benchmark.results import KindResult, Samples, Table


class BreakEven(NamedTuple):
    """From which share of the world on a way takes as long as a full rebuild (from 0 to 1).

    `share` is None when it does not at any measured share; `largest` is the largest that was measured.
    """

    way: str
    share: float | None
    largest: float


def speed_up(kind: KindResult, samples: Samples) -> float | None:
    """How many times faster than a full rebuild a way is, by medians; None where either is missing or took no time that shows."""
    rebuild = kind.way(REBUILD)
    if rebuild is None or samples.median <= 0:
        return None
    return rebuild.median / samples.median


def break_even(table: Table, way: str) -> BreakEven | None:
    """Return the break-even point of a way, interpolated between the kinds of edits whose share is known; None when there are none.

    Between two measured shares the ratio of the times is taken to lie on a straight line.
    """
    points: list[tuple[float, float]] = []
    for kind in table.kinds:
        samples, rebuild = kind.way(way), kind.way(REBUILD)
        if kind.share is not None and samples is not None and rebuild is not None and rebuild.median > 0:
            points.append((kind.share, samples.median / rebuild.median))
    if not points:
        return None
    points.sort()
    largest = points[-1][0]
    before = (0.0, 0.0)
    for share, ratio in points:
        if ratio >= 1:
            start, low = before
            return BreakEven(way, start + (share - start) * (1 - low) / (ratio - low), largest)
        before = (share, ratio)
    return BreakEven(way, None, largest)


def edits_to_pay(kind: KindResult, way: str) -> int | None:
    """Return after how many edits of a kind a way has cost less than running plain code each time, its first full build included.

    None where no plain rebuild was measured, or where the way takes as long as that.
    """
    plain, rebuild, samples = kind.way(PLAIN), kind.way(REBUILD), kind.way(way)
    if plain is None or rebuild is None or samples is None or samples.median >= plain.median:
        return None
    return max(1, ceil((rebuild.median - plain.median) / (plain.median - samples.median)))
