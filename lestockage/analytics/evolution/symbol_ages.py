"""Symbol ages: when each symbol of the last snapshot was last changed, and how often: its churn."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from lestockage.languages.facts import is_anonymous

if TYPE_CHECKING:
    from lestockage.analytics.evolution.timeline import Timeline
    from lestockage.store.snapshot_rows import SnapshotRow


class SymbolAge(NamedTuple):
    """A symbol of the last snapshot.

    `born` is the first snapshot that has it, `changed` the one that gave it its present content (`born` if none did since); a docstring or
    a place is no content. `changes` counts how often its content changed between neighbours, absences not counted. `age` is the time from
    `changed` to the last snapshot, in days.
    """

    path: str
    qualified_name: str
    ordinal: int
    node_type: str
    complexity: int | None
    lines: int
    born: SnapshotRow
    changed: SnapshotRow
    changes: int
    age: float


_DAY = 86_400_000


def symbol_ages(timeline: Timeline) -> list[SymbolAge]:
    """Return the symbols of the last snapshot but its lambdas, by file and qualified name; none where there is no snapshot."""
    snapshots = timeline.snapshots
    ages = []
    for lives in timeline.lives():
        last = lives[-1]
        if last.end < len(snapshots) or is_anonymous(last.node.qualified_name):
            continue
        born, changed = snapshots[lives[0].start], snapshots[last.start]
        changes = sum(after.start == before.end for before, after in pairwise(lives))
        node = last.node
        age = (snapshots[-1].at - changed.at) / _DAY
        facts = (node.path, node.qualified_name, node.ordinal, node.node_type, node.complexity, node.lines)
        ages.append(SymbolAge(*facts, born, changed, changes, age))
    return sorted(ages, key=lambda each: each[:3])
