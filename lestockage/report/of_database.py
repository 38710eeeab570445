"""Of database: the report of a project of a database file, with what git knows of its tree."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from lestockage.analytics.evolution import Timeline, trend
from lestockage.errors import GitFailure, NoRepository, UnknownRevision
from lestockage.report.branch_report import Branch, branch_report
from lestockage.report.design import design_of
from lestockage.report.facts import changes_of, gather
from lestockage.report.packages import require
from lestockage.report.project_report import ROWS, project_report
from lestockage.store.source_files import load_source_files
from lestockage.workspace.changes import find_changes
from lestockage.workspace.churn import git_churn
from lestockage.workspace.git import GitTree
from lestockage.workspace.past_state import past_state
from lestockage.workspace.present_state import is_recorded, present_state
from lestockage.workspace.recorded_states import open_states
from lestockage.workspace.symbol_diff import symbol_diff
from lestockage.workspace.walk import walk

if TYPE_CHECKING:
    import os
    from datetime import datetime

    from lestockage.analytics.evolution import Comparison
    from lestockage.report.document import Document
    from lestockage.store.projects import ProjectRow
    from lestockage.workspace.progress import Progress

_LETTERS = 10
"""How much of a commit's id is shown."""


def report_of_database(
    path: str | os.PathLike[str],
    made_at: datetime,
    *,
    project: str | None = None,
    limit: int = ROWS,
    progress: Progress | None = None,
) -> Document:
    """Return the report of a project, the only one of the file if none is named; everything in it is of one moment of the file.

    What changed since the last snapshot, where no snapshot has the present state, is found in a copy of the file.

    Raises:
        MissingIndex: there is no file.
        UnknownProject, AmbiguousProject: there is no project of that name; none is named, and there are several.
        StoreError: the file cannot be read.
        MissingExtra: the packages of reports are not installed.
    """
    require("jinja2", "vl_convert", "numpy", "scipy")
    with open_states(path, project) as states:
        facts = gather(states.store, states.project, churn=git_churn(), progress=progress)
        is_new = bool(facts.trend) and not is_recorded(states.store, states.project.id)
    if is_new:
        facts = facts._replace(changes=_since_the_last_snapshot(path, facts.project))
    return project_report(facts, made_at, subject=_commit(facts.project.root), limit=limit)


def branch_of_database(  # noqa: PLR0913  # of what, since when, and how much of it
    path: str | os.PathLike[str],
    since: str,
    made_at: datetime,
    *,
    project: str | None = None,
    limit: int = ROWS,
    progress: Progress | None = None,
) -> Document:
    """Return what the work since a revision of git did to the design of a project: the index against that revision.

    The revision is indexed into a copy of the file, which is gone afterwards: only what differs is read and computed.

    Raises:
        NoRepository, UnknownRevision: the project's root lies in no git work tree, or git knows no such commit.
        MissingIndex, UnknownProject, AmbiguousProject, StoreError, MissingExtra: as `report_of_database`.
    """
    require("jinja2", "vl_convert")
    with open_states(path, project) as states:
        row = states.project
        now = design_of(states.store, row.name)
        changes = find_changes(walk(row.root), load_source_files(states.store, row.id))
    with past_state(path, row, since, progress=progress) as file:
        before = design_of(file, row.name)
    symbols = symbol_diff(row.root, since, database=path)
    subject = f"from commit {symbols.old[:_LETTERS]} to {_commit(row.root) or 'the work tree'}"
    document = branch_report(Branch(row.name, since, before, now, symbols), made_at, subject=subject, limit=limit)
    if changes.contents or changes.removed:
        warning = "Files have changed since the index last ran: all but symbols is told as it was indexed. Run lestockage index."
        document = document._replace(findings=(warning, *document.findings))
    return document


def _since_the_last_snapshot(path: str | os.PathLike[str], project: ProjectRow) -> tuple[Comparison, ...]:
    """Return what changed up to the present state, which no snapshot has."""
    with present_state(path, project) as present:
        timeline = Timeline(present.store, project.id)
        recorded = [each for each in timeline.snapshots if each.id != present.snapshot.id]
        return changes_of(present.store, [*recorded, present.snapshot], trend(timeline))


def _commit(root: str) -> str:
    """Return which commit a tree is at, if it is in a repository."""
    with suppress(NoRepository, UnknownRevision, GitFailure):
        tree = GitTree.open(root)
        if not tree.files():
            return ""  # a folder that the repository ignores
        return f"commit {tree.commit_id()[:_LETTERS]}" + ("" if tree.is_clean() else ", with changes")
    return ""
