"""Snapshot rows: the list of a project's snapshots, and how one is named."""

# ruff: noqa: S608  # SQL is put together from constants of this package; values are always parameters

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from lestockage.errors import UnknownSnapshot

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile

_LEAST_PREFIX: Final = 4
"""Characters of a commit id that name it, as in git."""


_SHOWN: Final = 12


class SnapshotRow(NamedTuple):
    """One snapshot; `files`, `nodes` (symbols that a file defines) and `edges` count what is true in it.

    Times are in milliseconds since 1970. `commit_id` and what follows it are None for a state that is no commit.
    """

    id: int
    project_id: int
    label: str
    commit_id: str | None
    committed_at: int | None
    author: str | None
    subject: str | None
    recorded_at: int
    files: int
    nodes: int
    edges: int

    @property
    def at(self) -> int:
        """When this was the state of the project: the commit's time, else that of recording."""
        return self.recorded_at if self.committed_at is None else self.committed_at

    @property
    def name(self) -> str:
        """The label for people: of one that is a commit's id the first characters."""
        return self.label[:_SHOWN] if self.label == self.commit_id else self.label


SNAPSHOT_COLUMNS: Final = ", ".join(f"s.{column}" for column in SnapshotRow._fields)
"""The columns of a `SnapshotRow`, of a table called `s`."""


def list_snapshots(store: StoreFile, project_id: int) -> list[SnapshotRow]:
    """Return the snapshots of a project in the order in which they were recorded."""
    rows = store.query(f"SELECT {SNAPSHOT_COLUMNS} FROM snapshots AS s WHERE s.project_id = ? ORDER BY s.id", (project_id,))
    return [SnapshotRow._make(row) for row in rows]


def last_snapshot(store: StoreFile, project_id: int) -> SnapshotRow | None:
    """Return the snapshot of a project that was recorded last, or None."""
    row = store.row(f"SELECT {SNAPSHOT_COLUMNS} FROM snapshots AS s WHERE s.project_id = ? ORDER BY s.id DESC LIMIT 1", (project_id,))
    return None if row is None else SnapshotRow._make(row)


def snapshot_of_label(store: StoreFile, project_id: int, label: str) -> SnapshotRow | None:
    """Return the snapshot of exactly that label, or None."""
    row = store.row(f"SELECT {SNAPSHOT_COLUMNS} FROM snapshots AS s WHERE s.project_id = ? AND s.label = ?", (project_id, label))
    return None if row is None else SnapshotRow._make(row)


def find_snapshot(store: StoreFile, project_id: int, name: str) -> SnapshotRow:
    """Return the snapshot that a name stands for: its label, or four or more characters that only its commit's id begins with.

    Raises:
        UnknownSnapshot: there is none, or several; the error lists what there is.
    """
    found = list_snapshots(store, project_id)
    exact = [row for row in found if name in (row.label, row.commit_id)]
    if not exact and len(name) >= _LEAST_PREFIX:
        exact = [row for row in found if row.commit_id is not None and row.commit_id.startswith(name)]
    commits = {row.commit_id for row in exact}
    if not exact or (len(exact) > 1 and len(commits) > 1):
        raise UnknownSnapshot(name, [row.name for row in found])
    # Of two snapshots of one commit the last counts: what is known of it now.
    return next((row for row in exact if row.label == name), exact[-1])
