"""Snapshot removal: takes one snapshot away, so that the intervals of the others stay what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile
    from lestockage.store.snapshot_rows import SnapshotRow

_INTERVALS: Final = ("snapshot_files", "snapshot_nodes", "snapshot_edges")
_UNUSED: Final = """DELETE FROM snapshot_symbols WHERE project_id = ?
    AND NOT EXISTS (SELECT 1 FROM snapshot_nodes AS n WHERE n.symbol_id = snapshot_symbols.id)
    AND NOT EXISTS (SELECT 1 FROM snapshot_edges AS e WHERE e.caller_id = snapshot_symbols.id)
    AND NOT EXISTS (SELECT 1 FROM snapshot_edges AS e WHERE e.callee_id = snapshot_symbols.id)"""


def drop_snapshot(store: StoreFile, snapshot: SnapshotRow) -> int:
    """Delete a snapshot with the rows that are true in no other one, and return how many of those there were."""
    with store.transaction():
        found = store.row("SELECT min(id) FROM snapshots WHERE project_id = ? AND id > ?", (snapshot.project_id, snapshot.id))
        after: int | None = found[0] if found is not None else None
        deleted = 0
        for table in _INTERVALS:
            # What began with it begins with the next one, unless it had ended there; what it ended lasts until the next one.
            deleted += store.execute(f"DELETE FROM {table} WHERE since = ? AND until IS ?", (snapshot.id, after)).rowcount  # noqa: S608  # constants
            if after is not None:
                store.execute(f"UPDATE {table} SET since = ? WHERE since = ?", (after, snapshot.id))  # noqa: S608  # as above
            store.execute(f"UPDATE {table} SET until = ? WHERE until = ?", (after, snapshot.id))  # noqa: S608  # as above
        store.execute("DELETE FROM snapshots WHERE id = ?", (snapshot.id,))
        return deleted + store.execute(_UNUSED, (snapshot.project_id,)).rowcount
