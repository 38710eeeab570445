"""History: the command that records snapshots of past commits."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.message import say
from lestockage.cli.progress_line import ProgressLine
from lestockage.cli.snapshots import day
from lestockage.cli.table import quantity, table
from lestockage.errors import AmbiguousProject, MissingIndex, UnknownProject
from lestockage.workspace.history import record_history
from lestockage.workspace.recorded_states import open_states

if TYPE_CHECKING:
    from lestockage.workspace.history import CommitRecord


def answer(  # noqa: PLR0913  # each is an option
    *,
    revisions: str,
    every: int = 1,
    path: str | None = None,
    jobs: int = 1,
    project: str | None = None,
    db: str | None = None,
    as_json: bool = False,
) -> str:
    """Record the commits, and return them one a line: what was read and written for each, and what it holds.

    Without `path`, of the folder of the named project, or of the only one of the file; where the file has none, of the one we are in.
    """
    database = database_path(db)
    folder, name = (path, project) if path is not None else _tree(database, project)
    with ProgressLine() if ProgressLine.is_wanted() else nullcontext() as progress:
        report = record_history(database, folder, revisions, every=every, project=name, jobs=jobs, progress=progress)
    if as_json:
        return json_text(
            {
                "project": report.project,
                "commits": [{**record._asdict(), "snapshot": record.snapshot._asdict()} for record in report.commits],
                "seconds": round(report.seconds, 3),
            }
        )
    fresh = [record for record in report.commits if record.read is not None]
    known = len(report.commits) - len(fresh)
    say(f"{report.project}: {quantity(len(fresh), 'commit')} recorded, {known:,} known already ({report.seconds:.2f} s).")
    return table(_cells(record) for record in report.commits)


def _tree(database: str, project: str | None) -> tuple[str, str | None]:
    """Return which folder is meant where none is named, and what its project is called."""
    try:
        with open_states(database, project) as states:
            return states.project.root, states.project.name
    except (MissingIndex, UnknownProject, AmbiguousProject):
        return ".", project


def _cells(record: CommitRecord) -> tuple[str | int, ...]:
    row = record.snapshot
    cost = "known already" if record.read is None else f"{quantity(record.read, 'file')} read, {quantity(record.rows, 'row')} written"
    return row.name, day(row.at), row.nodes, "symbols", row.edges, "edges", cost, row.subject or ""
