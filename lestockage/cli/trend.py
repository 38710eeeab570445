"""Trend: the command that shows how a project went, snapshot by snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.message import say
from lestockage.cli.snapshots import NONE, day
from lestockage.cli.table import table
from lestockage.workspace.recorded_states import open_states

if TYPE_CHECKING:
    from lestockage.analytics.evolution import CouplingStep, TrendPoint

_HEADER = ("snapshot", "day", "lines", "functions", "complexity", "over 10", "references", "coupled", "added", "removed", "modified", "")


def answer(
    *, coupling: bool = False, limit: int | None = None, project: str | None = None, db: str | None = None, as_json: bool = False
) -> str:
    """Return one line for each snapshot, oldest first, or with `coupling` those that coupled most files to others, most first."""
    from lestockage.analytics.evolution import Timeline, coupling_steps, trend  # noqa: PLC0415  # brings pyarrow; a mistyped path needs none

    with open_states(database_path(db), project) as states:
        timeline = Timeline(states.store, states.project.id)
        if coupling:
            steps = coupling_steps(timeline)[:limit]
            if as_json:
                return json_text([_step_object(step) for step in steps])
            found = [step for step in steps if step.coupled]
            if not found:
                say("No snapshot coupled files that were not coupled in the one before." if timeline.snapshots else NONE)
            return table(_step_cells(step) for step in found)
        points = trend(timeline)[-limit if limit else None :]
    if as_json:
        return json_text([point_object(point) for point in points])
    if not points:
        say(NONE)
        return ""
    return table([_HEADER, *map(_cells, points)])


def point_object(point: TrendPoint) -> dict[str, object]:
    """Return a point as an object for JSON."""
    return {**point._asdict(), "snapshot": point.snapshot._asdict()}


def _cells(point: TrendPoint) -> tuple[str, ...]:
    row = point.snapshot
    return row.name, day(row.at), *(f"{number:,}" for number in point[1:]), row.subject or ""


def _step_cells(step: CouplingStep) -> tuple[str, ...]:
    row = step.snapshot
    counts = f"{len(step.coupled):+,} pairs", f"{-len(step.uncoupled):,} pairs", f"{step.references:+,} references"
    return row.name, day(row.at), *counts, row.subject or ""


def _step_object(step: CouplingStep) -> dict[str, object]:
    return {**step._asdict(), "snapshot": step.snapshot._asdict()}
