"""Edge changes: the difference between the outgoing edges that are stored and those that are wanted, and its writing."""

# ruff: noqa: S608  # SQL is put together from constants of this package; values are always parameters

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.store.edge_rows import id_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lestockage.store.connection import StoreFile
    from lestockage.store.deferred_indexes import DeferredIndexes
    from lestockage.store.edge_rows import EdgeFacts
    from lestockage.store.node_changes import NodeChanges
    from lestockage.store.node_ids import NodeIds
    from lestockage.store.node_rows import NodeKey
    from lestockage.store.written_rows import WrittenRows

    EdgeIdentity = tuple[int, int, str, int, int]
    EdgeWeight = tuple[float, str]

_IDENTITY = "caller_id = ? AND callee_id = ? AND edge_type = ? AND site_line = ? AND site_column = ?"


class EdgeChanges:
    """The edge half of an `IntelWriter`."""

    __slots__ = ("_ids", "_indexes", "_nodes", "_store", "_written")

    def __init__(self, store: StoreFile, ids: NodeIds, written: WrittenRows, nodes: NodeChanges, indexes: DeferredIndexes) -> None:
        self._store = store
        self._ids = ids
        self._written = written
        self._nodes = nodes
        self._indexes = indexes

    def replace(self, wanted: Mapping[NodeKey, Iterable[EdgeFacts]]) -> None:
        """Do what `IntelWriter.replace_edges` says."""
        edges = {self._ids.get(caller): list(facts) for caller, facts in wanted.items()}
        self._find_callees(edges.values())
        rows = self._with_ids(edges)
        read = [caller for caller in edges if caller not in self._nodes.fresh]
        self._nodes.fresh.difference_update(edges)
        self._nodes.cut_callers.difference_update(edges)
        if read:
            self._update(read, rows)
        if rows:
            self._indexes.take_away()
            self._written.edges_inserted += len(rows)
            self._store.executemany(
                "INSERT INTO intel_edges (caller_id, callee_id, edge_type, site_line, site_column, confidence, provenance)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(*identity, *weight) for identity, weight in rows.items()],
            )

    def _find_callees(self, edges: Iterable[list[EdgeFacts]]) -> None:
        """Make the id of every callee known, inserting externals on their first reference."""
        known = self._ids.known
        missing: dict[NodeKey, None] = {}
        for facts in edges:
            for edge in facts:
                if edge[0] not in known:
                    missing[edge[0]] = None
        externals = [key for key in missing if key[1] is None and self._ids.find(key) is None]
        for key in missing:
            if key[1] is not None:
                self._ids.get(key)
        if externals:
            self._nodes.insert_externals(externals)

    def _with_ids(self, edges: dict[int, list[EdgeFacts]]) -> dict[EdgeIdentity, EdgeWeight]:
        """Return the wanted edges by the columns of their primary key, keeping the better one of two with the same."""
        known = self._ids.known
        rows: dict[EdgeIdentity, EdgeWeight] = {}
        for caller_id, facts in edges.items():
            for callee, edge_type, line, column, confidence, provenance in facts:
                identity = (caller_id, known[callee], edge_type, line, column)
                other = rows.setdefault(identity, (confidence, provenance))
                if (-confidence, provenance) < (-other[0], other[1]):
                    rows[identity] = (confidence, provenance)
        return rows

    def _update(self, callers: list[int], rows: dict[EdgeIdentity, EdgeWeight]) -> None:
        """Delete and update stored edges as wanted, and leave in `rows` what is to be inserted."""
        stored = self._store.query(
            "SELECT caller_id, callee_id, edge_type, site_line, site_column, confidence, provenance FROM intel_edges"
            " WHERE caller_id IN (SELECT value FROM json_each(?))",
            (id_list(callers),),
        )
        deleted = []
        updated = []
        for row in stored:
            identity = row[:5]
            weight = rows.pop(identity, None)
            if weight is None:
                deleted.append(identity)
                self._nodes.orphans.add(row[1])
            elif weight != row[5:]:
                updated.append((*weight, *identity))
        if deleted:
            self._written.edges_deleted += self._store.executemany(f"DELETE FROM intel_edges WHERE {_IDENTITY}", deleted)
        if updated:
            self._written.edges_updated += self._store.executemany(
                f"UPDATE intel_edges SET confidence = ?, provenance = ? WHERE {_IDENTITY}", updated
            )
