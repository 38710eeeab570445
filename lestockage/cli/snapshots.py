"""Snapshots: the command that lists the recorded states of a project."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.message import say
from lestockage.cli.table import quantity, table
from lestockage.workspace.recorded_states import drop_state, open_states

if TYPE_CHECKING:
    from lestockage.store.snapshot_rows import SnapshotRow

NONE = "No snapshot is recorded. lestockage index PATH --snapshot LABEL records one, lestockage history REV1..REV2 those of past commits."


def answer(*, drop: str | None = None, project: str | None = None, db: str | None = None, as_json: bool = False) -> str:
    """Return the snapshots of a project in the order of recording, after one of them was dropped if that is asked for."""
    path = database_path(db)
    if drop is not None:
        rows = drop_state(path, drop, project)
        say(f"{drop} is dropped, with {quantity(rows, 'row')}.")
    with open_states(path, project) as states:
        found = states.snapshots()
    if as_json:
        return json_text([row._asdict() for row in found])
    if not found and drop is None:
        say(NONE)
    return table(_cells(row) for row in found)


def _cells(row: SnapshotRow) -> tuple[str | int, ...]:
    return row.name, day(row.at), row.files, "files", row.nodes, "symbols", row.edges, "edges", row.subject or ""


def day(milliseconds: int) -> str:
    """Return a time as a day (UTC)."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d")
