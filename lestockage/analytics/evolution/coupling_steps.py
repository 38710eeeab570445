"""Coupling steps: which commits made files refer to files that they did not refer to before."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.analytics.evolution.trend import pair_changes

if TYPE_CHECKING:
    from lestockage.analytics.evolution.timeline import Timeline
    from lestockage.store.snapshot_rows import SnapshotRow


class CouplingStep(NamedTuple):
    """From the snapshot before it to this one: pairs (from file, to file) that became coupled and that came apart.

    `references` is by how many the references between files grew.
    """

    snapshot: SnapshotRow
    coupled: tuple[tuple[str, str], ...]
    uncoupled: tuple[tuple[str, str], ...]
    references: int


def coupling_steps(timeline: Timeline) -> list[CouplingStep]:
    """Return a step for each snapshot but the first, those that coupled most (net of what came apart) first, of equals the older one."""
    coupled: dict[int, list[tuple[str, str]]] = {}
    uncoupled: dict[int, list[tuple[str, str]]] = {}
    references: dict[int, int] = {}
    for change in pair_changes(timeline):
        references[change.place] = references.get(change.place, 0) + change.references
        if change.presence:
            (coupled if change.presence > 0 else uncoupled).setdefault(change.place, []).append((change.caller_path, change.callee_path))
    steps = [
        CouplingStep(snapshot, tuple(coupled.get(place, ())), tuple(uncoupled.get(place, ())), references.get(place, 0))
        for place, snapshot in enumerate(timeline.snapshots)
        if place
    ]
    return sorted(steps, key=lambda step: (len(step.uncoupled) - len(step.coupled), -step.references))
