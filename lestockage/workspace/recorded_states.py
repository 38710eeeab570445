"""Recorded states: the snapshots of one project of a database file, opened for reading, and the dropping of one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from lestockage.errors import AmbiguousProject, MissingIndex, PathNotFound
from lestockage.store.connection import StoreFile
from lestockage.store.projects import get_project, list_projects
from lestockage.store.snapshot_removal import drop_snapshot
from lestockage.store.snapshot_rows import find_snapshot, list_snapshots

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from lestockage.store.projects import ProjectRow
    from lestockage.store.snapshot_rows import SnapshotRow


@contextmanager
def open_states(path: str | os.PathLike[str], project: str | None = None) -> Iterator[RecordedStates]:
    """Open a database file for reading the snapshots of a project: the one named, or the only one that there is.

    Raises:
        MissingIndex: there is no file.
        UnknownProject: there is no project of that name.
        AmbiguousProject: none is named, and there are several.
        StoreError: the file cannot be read.
    """
    try:
        store = StoreFile.open(path, read_only=True)
    except PathNotFound:
        raise MissingIndex(path) from None
    with store, store.snapshot():
        yield RecordedStates(store, _project(store, project))


def drop_state(path: str | os.PathLike[str], name: str, project: str | None = None) -> int:
    """Delete a snapshot and return how many rows went with it.

    Raises:
        UnknownSnapshot: there is none of that name, or several.
        MissingIndex, UnknownProject, AmbiguousProject, StoreError: as `open_states`.
    """
    with open_states(path, project) as states:
        chosen = states.find(name)
    with StoreFile.open(path) as store:
        return drop_snapshot(store, chosen)


class RecordedStates:
    """The snapshots of one project; made by `open_states`."""

    __slots__ = ("project", "store")

    def __init__(self, store: StoreFile, project: ProjectRow) -> None:
        self.store = store
        self.project = project

    def snapshots(self) -> list[SnapshotRow]:
        """Return the snapshots in the order in which they were recorded."""
        return list_snapshots(self.store, self.project.id)

    def find(self, name: str) -> SnapshotRow:
        """Return the snapshot of a label, or of the start of a commit's id.

        Raises:
            UnknownSnapshot: there is none, or several.
        """
        return find_snapshot(self.store, self.project.id, name)


def _project(store: StoreFile, name: str | None) -> ProjectRow:
    if name is not None:
        return get_project(store, name)
    found = list_projects(store)
    if len(found) != 1:
        raise AmbiguousProject([project.name for project in found])
    return found[0]
