"""Index: the command that brings a database in step with a source tree."""

from __future__ import annotations

import os
from contextlib import nullcontext
from typing import TYPE_CHECKING

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.progress_line import ProgressLine
from lestockage.cli.table import quantity, table
from lestockage.errors import PathNotFound

if TYPE_CHECKING:
    from lestockage.workspace.report import IndexReport


def answer(*, path: str, db: str | None = None, project: str | None = None, jobs: int = 1, as_json: bool = False) -> str:
    """Index the tree at `path` and return what was found and what was executed for it.

    Raises:
        PathNotFound: nothing is there; no database is made.
    """
    if not os.path.lexists(path):
        raise PathNotFound(path)
    from lestockage.workspace.workspace import Workspace  # noqa: PLC0415  # a mistyped path needs none of it

    with Workspace.open(database_path(db)) as workspace, ProgressLine() if ProgressLine.is_wanted() else nullcontext() as progress:
        report = workspace.index(path, project=project, jobs=jobs, progress=progress)
    return json_text(_object(report)) if as_json else _text(report)


def _object(report: IndexReport) -> dict[str, object]:
    return {
        "project": report.project,
        "files": report.files,
        "nodes": report.nodes,
        "edges": report.edges,
        "executed": dict(report.executed),
        "reused": report.reused,
        "failed": [{"path": path, "reason": reason} for path, reason in report.failed],
        "seconds": round(report.seconds, 3),
    }


def _text(report: IndexReport) -> str:
    found = f"{quantity(report.files, 'file')}, {quantity(report.nodes, 'symbol')}, {quantity(report.edges, 'edge')}"
    lines = [f"{report.project}: {found} ({report.seconds:.2f} s)\n"]
    executed = sum(report.executed.values())
    if executed:
        each = ", ".join(f"{name} {count:,}" for name, count in sorted(report.executed.items(), key=lambda item: (-item[1], item[0])))
        lines.append(f"executed {executed:,} ({each}), reused {report.reused:,}\n")
    else:
        lines.append(f"nothing changed: executed 0, reused {report.reused:,}\n")
    if report.failed:
        lines.append(f"failed: {quantity(len(report.failed), 'file')}\n" + table(report.failed, "  "))
    return "".join(lines)
