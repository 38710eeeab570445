"""Upkeep: what is done to a database file as a whole: checked, verified against its sources, freed of what it does not need."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lestockage.errors import MissingIndex
from lestockage.store.file_check import file_findings
from lestockage.store.finished_run import is_finished, record_finished
from lestockage.store.projects import list_projects
from lestockage.workspace.lookup import open_lookup
from lestockage.workspace.workspace import Workspace

if TYPE_CHECKING:
    from lestockage.engine.recheck import Mismatch
    from lestockage.store.collection import Collected
    from lestockage.store.memo_check import Finding


def check_file(path: str) -> list[Finding]:
    """Everything that is not as it must be in a file, which is only read.

    Raises:
        MissingIndex: there is no file.
    """
    with open_lookup(path) as lookup:
        return file_findings(lookup.file)


def collect_garbage(path: str, *, max_age: float | None = None, max_traces: int | None = None, max_bytes: int | None = None) -> Collected:
    """Take out of a file what its tables do not need (see `Database.gc`).

    Raises:
        MissingIndex: there is no file.
    """
    with _opened(path) as workspace:
        was_finished = is_finished(workspace.file)
        collected = workspace.db.gc(max_age=max_age, max_traces=max_traces, max_bytes=max_bytes)
        if was_finished:
            with workspace.file.transaction():
                record_finished(workspace.file)
        return collected


def verify_file(path: str, sample: float) -> tuple[int, list[Mismatch]]:
    """Run a random share of the stored queries again, over the source trees as they are, and list what differs from the file.

    Raises:
        MissingIndex: there is no file.
    """
    with _opened(path) as workspace:
        workspace.know_roots({project.name: project.root for project in list_projects(workspace.file)})
        return workspace.db.verify_stored(sample)


def _opened(path: str) -> Workspace:
    """An existing file, opened for writing."""
    if not os.path.exists(path):
        raise MissingIndex(path)
    return Workspace.open(path)
