"""Node changes: the difference between the nodes of a file that are stored and those that are wanted, and its writing."""

# ruff: noqa: S608  # SQL is put together from constants of this package; values are always parameters

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lestockage.errors import ConstraintError
from lestockage.store.json_lists import id_list
from lestockage.store.node_rows import NodeFacts
from lestockage.store.node_writes import INSERT_NODE, POSITION, change_nodes, move_nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lestockage.store.connection import StoreFile
    from lestockage.store.deferred_indexes import DeferredIndexes
    from lestockage.store.node_ids import NodeIds
    from lestockage.store.node_rows import Identity
    from lestockage.store.written_rows import WrittenRows

_FACTS: Final = NodeFacts._fields
_MOVE_NAMED: Final = (
    "UPDATE intel_nodes SET start_line = ?, start_column = ?, end_line = ?, end_column = ?"
    " WHERE project_id = ? AND file_path = ? AND qualified_name = ? AND ordinal = ?"
    " AND (start_line IS NOT ? OR start_column IS NOT ? OR end_line IS NOT ? OR end_column IS NOT ?)"
)
_STORED: Final = f"SELECT {', '.join(_FACTS)}, id, stale FROM intel_nodes WHERE project_id = ? AND file_path = ?"


class NodeChanges:
    """The node half of an `IntelWriter`."""

    __slots__ = (
        "_at",
        "_edge_indexes",
        "_files",
        "_ids",
        "_indexes",
        "_store",
        "_written",
        "cut_callers",
        "fresh",
        "new_externals",
        "orphans",
    )

    def __init__(  # noqa: PLR0913, PLR0917  # the parts of one write, each shared with its other half
        self, store: StoreFile, ids: NodeIds, written: WrittenRows, at: int, indexes: DeferredIndexes, edge_indexes: DeferredIndexes
    ) -> None:
        self._store = store
        self._ids = ids
        self._written = written
        self._at = at
        self._indexes = indexes
        self._edge_indexes = edge_indexes
        self._files: set[tuple[int, str]] = set()
        self.fresh: set[int] = set()
        """Nodes inserted by this write that have no edges yet: nothing needs to be read before theirs are written."""
        self.orphans: set[int] = set()
        """Nodes that lost an incoming edge: those of them that are external may have lost their last."""
        self.cut_callers: set[int] = set()
        self.new_externals: list[tuple[int, int, str]] = []

    def replace(self, project_id: int, path: str, wanted: Iterable[NodeFacts]) -> None:
        """Do what `IntelWriter.replace_nodes` says."""
        listed = list(wanted)
        facts: dict[Any, tuple[Any, ...]] = {node[:2]: node for node in listed}
        if len(facts) < len(listed):
            raise ConstraintError(self._store.path, f"two nodes of {path} have the same qualified name and ordinal")
        stored = self._read(project_id, path)
        if stored:
            self._update(project_id, path, stored, facts)
        self._insert([((project_id, path, *name), new) for name, new in facts.items()])

    def _update(self, project_id: int, path: str, stored: list[Any], facts: dict[Any, tuple[Any, ...]]) -> None:
        """Write what differs of the stored nodes, and leave in `facts` what is to be inserted."""
        changed: list[Sequence[Any]] = []
        moved: list[Sequence[Any]] = []
        deleted: list[tuple[Identity, int]] = []
        marked = False
        known = self._ids.known
        for row in stored:
            old, node_id, stale = row[:-2], row[-2], row[-1]
            new = facts.pop(old[:2], None)
            key = (project_id, path, old[0], old[1])
            if new is None:
                deleted.append((key, node_id))
                continue
            known[key] = node_id
            if new[:POSITION] != old[:POSITION]:
                changed.append((path, *new, 0, self._at, node_id))
            elif new != old:
                moved.append((*new[POSITION:], 0, node_id))
            elif stale:
                marked = True
        if deleted:
            self._delete(deleted)
        if changed:
            self._written.nodes_updated += change_nodes(self._store, changed)
        if moved:
            self._written.nodes_moved += move_nodes(self._store, moved)
        if marked:
            self.mark(project_id, path, stale=0)

    def move(self, project_id: int, path: str, positions: Iterable[tuple[str, int, int, int, int, int]]) -> None:
        """Do what `IntelWriter.move_nodes` says."""
        self._indexes.put_back()
        self._written.nodes_moved += self._store.executemany(
            _MOVE_NAMED, [(*position[2:], project_id, path, *position) for position in positions]
        )

    def mark(self, project_id: int, path: str, *, stale: int) -> None:
        """Mark the nodes of a file as stale (1) or current (0), writing only those that are not."""
        self._indexes.put_back()
        self._written.nodes_marked += self._store.execute(
            f"UPDATE intel_nodes SET stale = {stale} WHERE project_id = ? AND file_path = ? AND stale = {1 - stale}", (project_id, path)
        ).rowcount

    def insert_externals(self, keys: Iterable[Identity]) -> None:
        """Insert nodes for symbols outside every project: their name is all that is known of them."""
        given = list(keys)
        self._insert([(key, (key[2], key[3], key[2].rpartition(".")[2], "external", *[None] * (len(_FACTS) - 4))) for key in given])
        self.new_externals += [(self._ids.known[key], key[0], key[2]) for key in given]

    def finish(self) -> None:
        """Put back what was taken away for a load, and delete the external nodes that nothing refers to any more."""
        self._indexes.put_back()
        self._edge_indexes.put_back()
        if self.orphans:
            deleted = self._store.query(
                "DELETE FROM intel_nodes WHERE id IN (SELECT value FROM json_each(?)) AND node_type = 'external'"
                " AND NOT EXISTS (SELECT 1 FROM intel_edges WHERE callee_id = intel_nodes.id) RETURNING id",
                (id_list(self.orphans),),
            )
            self._written.nodes_deleted += len(deleted)

    def _read(self, project_id: int, path: str) -> list[Any]:
        """Return the stored nodes of a file; none are read where none can be."""
        file = (project_id, path)
        if self._indexes.is_filling and file not in self._files:
            self._files.add(file)
            return []
        self._indexes.put_back()
        return self._store.query(_STORED, file)

    def _insert(self, nodes: list[tuple[Identity, tuple[Any, ...]]]) -> None:
        """Insert nodes under new ids."""
        if not nodes:
            return
        self._indexes.take_away()
        reserve = self._ids.reserve
        at = self._at
        rows = [(reserve(key), key[0], key[1], *facts, 0, at, at) for key, facts in nodes]
        self._store.executemany(INSERT_NODE, rows)
        self.fresh.update([row[0] for row in rows])
        self._written.nodes_inserted += len(rows)

    def _delete(self, nodes: list[tuple[Identity, int]]) -> None:
        """Delete nodes with their edges, remembering who is touched at the other ends.

        The edges would go by cascade as well; deleting them by name tells which they were.
        """
        self._indexes.put_back()
        self._edge_indexes.put_back()
        ids = {node_id for _, node_id in nodes}
        chosen = (id_list(ids),)
        outgoing = self._store.query(
            "DELETE FROM intel_edges WHERE caller_id IN (SELECT value FROM json_each(?)) RETURNING callee_id", chosen
        )
        incoming = self._store.query(
            "DELETE FROM intel_edges WHERE callee_id IN (SELECT value FROM json_each(?)) RETURNING caller_id", chosen
        )
        self._store.execute("DELETE FROM intel_nodes WHERE id IN (SELECT value FROM json_each(?))", chosen)
        self.orphans.update([row[0] for row in outgoing])
        self.cut_callers.update([row[0] for row in incoming])
        self.cut_callers -= ids
        for key, _ in nodes:
            self._ids.known.pop(key, None)
        self._written.edges_deleted += len(outgoing) + len(incoming)
        self._written.nodes_deleted += len(nodes)
