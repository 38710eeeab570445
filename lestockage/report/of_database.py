"""Of database: the report of a project of a database file, with what git knows of its tree."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from lestockage.errors import GitFailure, NoRepository, UnknownRevision
from lestockage.report.facts import gather
from lestockage.report.packages import require
from lestockage.report.project_report import ROWS, project_report
from lestockage.workspace.churn import git_churn
from lestockage.workspace.git import GitTree
from lestockage.workspace.recorded_states import open_states

if TYPE_CHECKING:
    import os
    from datetime import datetime

    from lestockage.report.document import Document
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

    Raises:
        MissingIndex: there is no file.
        UnknownProject, AmbiguousProject: there is no project of that name; none is named, and there are several.
        StoreError: the file cannot be read.
        MissingExtra: the packages of reports are not installed.
    """
    require("jinja2", "vl_convert", "numpy", "scipy")
    with open_states(path, project) as states:
        facts = gather(states.store, states.project, churn=git_churn(), progress=progress)
    return project_report(facts, made_at, subject=_commit(facts.project.root), limit=limit)


def _commit(root: str) -> str:
    """Return which commit a tree is at, if it is in a repository."""
    with suppress(NoRepository, UnknownRevision, GitFailure):
        tree = GitTree.open(root)
        if not tree.files():
            return ""  # a folder that the repository ignores
        return f"commit {tree.commit_id()[:_LETTERS]}" + ("" if tree.is_clean() else ", with changes")
    return ""
