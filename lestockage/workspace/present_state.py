"""Present state: what the index knows of a project now, as if it had been recorded as a snapshot, for the length of a block.

Recorded in a copy of the file: only what differs from the last snapshot is written, and nobody else ever sees it.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from lestockage.store.file_copy import copy_file
from lestockage.store.snapshot_rows import list_snapshots, snapshot_of_label
from lestockage.store.snapshot_state import files_in
from lestockage.store.snapshot_writer import FileState, SnapshotLabel
from lestockage.store.source_files import load_source_files
from lestockage.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.store.connection import StoreFile
    from lestockage.store.projects import ProjectRow
    from lestockage.store.snapshot_rows import SnapshotRow

PRESENT = "the present state"
"""What its snapshot is called, unless one has this name."""


class PresentState(NamedTuple):
    """An open file with all snapshots of a project, and the one of its present state among them."""

    store: StoreFile
    snapshot: SnapshotRow


def is_recorded(store: StoreFile, project_id: int) -> bool:
    """Whether the last snapshot, by time and not by when it was recorded, is of the present state; not where there is none."""
    last = max(list_snapshots(store, project_id), key=lambda row: (row.at, row.id), default=None)
    if last is None:
        return False
    files = load_source_files(store, project_id).values()
    return {FileState(each.path, each.digest, each.rows_digest, each.failure) for each in files} == set(files_in(store, last))


@contextmanager
def present_state(database: str | os.PathLike[str], project: ProjectRow) -> Iterator[PresentState]:
    """Record the present state of a project in a copy of the file; the copy is gone after the block.

    Raises:
        StoreError: the file cannot be read, or there is no room for the copy.
    """
    with tempfile.TemporaryDirectory(prefix="lestockage-") as folder:
        copy = os.path.join(folder, "copy.db")
        copy_file(database, copy)
        with Workspace.open(copy) as workspace:
            label = PRESENT
            while snapshot_of_label(workspace.file, project.id, label) is not None:
                label += "'"
            workspace.record(project, SnapshotLabel(label))
            snapshot = snapshot_of_label(workspace.file, project.id, label)
            assert snapshot is not None  # noqa: S101  # it was just recorded
            yield PresentState(workspace.file, snapshot)
