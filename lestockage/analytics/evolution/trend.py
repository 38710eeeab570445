"""Trend: how a project's size, complexity and coupling went, snapshot by snapshot."""

from __future__ import annotations

from collections import Counter
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from lestockage.languages.facts import is_anonymous
from lestockage.store.snapshot_intervals import node_intervals

if TYPE_CHECKING:
    from lestockage.analytics.evolution.timeline import Timeline
    from lestockage.store.snapshot_rows import SnapshotRow

COMPLEX: Final = 10
"""Cyclomatic complexity that a function should not exceed (McCabe, A Complexity Measure, IEEE TSE 2(4), 1976, section V)."""
_FUNCTIONS: Final = ("function", "method")


class TrendPoint(NamedTuple):
    """One snapshot: its size, and how it differs from the one before it on the timeline.

    `lines` are those of all modules; `complexity` is the sum of all functions' cyclomatic complexity, `complex_functions` how many exceed
    `COMPLEX`; `references` go from one file to another, between `coupled_files` ordered pairs of files. `added`, `removed` and `modified`
    count symbols; one whose name or file changed is added and removed. All are added in the first snapshot.
    """

    snapshot: SnapshotRow
    lines: int
    functions: int
    complexity: int
    complex_functions: int
    references: int
    coupled_files: int
    added: int
    removed: int
    modified: int


def trend(timeline: Timeline) -> list[TrendPoint]:
    """Return a point for each snapshot, oldest first.

    Reads every interval of the project once; the cost does not depend on the number of snapshots where they were recorded in order.
    """
    sizes = _sizes(timeline, len(timeline.snapshots))
    references, pairs = coupling(timeline)
    changes = _changes(timeline)
    points = []
    for place, snapshot in enumerate(timeline.snapshots):
        lines, functions, complexity, complex_functions = (column[place] for column in sizes)
        added, removed, modified = (changes[word, place] for word in ("added", "removed", "modified"))
        measured = (lines, functions, complexity, complex_functions, references[place], pairs[place])
        points.append(TrendPoint(snapshot, *measured, added, removed, modified))
    return points


def coupling(timeline: Timeline) -> tuple[list[int], list[int]]:
    """Return, for each place, how many references lead from one file to another, and how many ordered pairs of files that couples."""
    size = len(timeline.snapshots)
    references = [0] * (size + 1)
    pairs = [0] * (size + 1)
    for change in pair_changes(timeline):
        references[change.place] += change.references
        pairs[change.place] += change.presence
    return list(accumulate(references))[:size], list(accumulate(pairs))[:size]


class PairChange(NamedTuple):
    """At a place, one file refers to another so many times more or less; `presence`: 1 if it did not before, -1 if it does no more."""

    place: int
    caller_path: str
    callee_path: str
    references: int
    presence: int


def pair_changes(timeline: Timeline) -> list[PairChange]:
    """Return every change of how often a file refers to another, by pair and place; the end of the timeline is none."""
    size = len(timeline.snapshots)
    steps: dict[tuple[str, str], Counter[int]] = {}
    for caller, callee, count, start, end in timeline.references():
        at = steps.setdefault((caller, callee), Counter())
        at[start] += count
        at[end] -= count
    changes = []
    for (caller, callee), at in sorted(steps.items()):
        before = 0
        for place in sorted(at):
            if place < size and at[place]:
                after = before + at[place]
                changes.append(PairChange(place, caller, callee, at[place], bool(after) - bool(before)))
                before = after
    return changes


def _sizes(timeline: Timeline, size: int) -> list[list[int]]:
    """Return lines, functions, complexity and complex functions, each for every place."""
    columns = [[0] * (size + 1) for _ in range(4)]
    for node in node_intervals(timeline.store, timeline.project_id):
        is_function = node.node_type in _FUNCTIONS and not is_anonymous(node.qualified_name)
        complexity = (node.complexity or 0) if is_function else 0
        values = (node.lines if node.node_type == "module" else 0, int(is_function), complexity, int(complexity > COMPLEX))
        for start, end in timeline.runs(node.since, node.until):
            for column, value in zip(columns, values, strict=True):
                column[start] += value
                column[end] -= value
    return [list(accumulate(column)) for column in columns]


def _changes(timeline: Timeline) -> Counter[tuple[str, int]]:
    """Count what was added, removed and modified, by word and place."""
    counts: Counter[tuple[str, int]] = Counter()
    size = len(timeline.snapshots)
    for lives in timeline.lives():
        if is_anonymous(lives[0].node.qualified_name):
            continue
        end = -1
        for life in lives:
            counts["modified" if life.start == end else "added", life.start] += 1
            if end not in (-1, life.start):
                counts["removed", end] += 1
            end = life.end
        if end < size:
            counts["removed", end] += 1
    return counts
