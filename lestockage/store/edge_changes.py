"""Edge changes: the difference between the outgoing edges that are stored and those that are wanted, and its writing."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

from lestockage.store.edge_writes import DELETE_EDGE, INSERT_EDGE, UPDATE_EDGE
from lestockage.store.json_lists import id_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lestockage.store.connection import StoreFile
    from lestockage.store.deferred_indexes import DeferredIndexes
    from lestockage.store.edge_rows import EdgeFacts, EdgeRow
    from lestockage.store.node_changes import NodeChanges
    from lestockage.store.node_ids import NodeIds
    from lestockage.store.node_rows import NodeKey
    from lestockage.store.written_rows import WrittenRows


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
        nodes = self._nodes
        read = [caller for caller in edges if caller not in nodes.fresh]
        nodes.fresh.difference_update(edges)
        nodes.cut_callers.difference_update(edges)
        rows = self._rows(edges)
        if read:
            rows = self._update(read, rows)
        if rows:
            self._indexes.take_away()
            self._store.executemany(INSERT_EDGE, rows)
            self._written.edges_inserted += len(rows)

    def _find_callees(self, edges: Iterable[list[EdgeFacts]]) -> None:
        """Make the id of every callee known, inserting externals on their first reference."""
        missing = {edge[0] for facts in edges for edge in facts}.difference(self._ids.known)
        externals = []
        for key in missing:
            if key[1] is not None:
                self._ids.get(key)
            elif self._ids.find(key) is None:
                externals.append(key)
        # Sorted, so that equal source gives equal ids whatever the order of a set.
        self._nodes.insert_externals(sorted(externals, key=itemgetter(0, 2, 3)))

    def _rows(self, edges: dict[int, list[EdgeFacts]]) -> list[EdgeRow]:
        """Return the rows of the wanted edges, one for each primary key."""
        known = self._ids.known
        rows: list[Any] = []
        for caller_id, facts in edges.items():
            rows += [(caller_id, known[callee], *edge) for callee, *edge in best_edges(facts)]
        return rows

    def _update(self, callers: list[int], rows: list[EdgeRow]) -> list[EdgeRow]:
        """Delete and update stored edges as wanted, and return the rows that are to be inserted."""
        stored = self._store.query(
            "SELECT caller_id, callee_id, edge_type, site_line, site_column, confidence, provenance FROM intel_edges"
            " WHERE caller_id IN (SELECT value FROM json_each(?))",
            (id_list(callers),),
        )
        lacking = set(rows)
        # What is stored as it is wanted needs no further look; of the rest, a key on both sides is an update.
        lacking.difference_update(stored)
        surplus = set(stored).difference(rows)
        lacking_by_key = {row[:5]: row for row in lacking}
        deleted = []
        updated = []
        for row in surplus:
            new = lacking_by_key.pop(row[:5], None)
            if new is None:
                deleted.append(row[:5])
                self._nodes.orphans.add(row[1])
            else:
                updated.append((*new[5:], *new[:5]))
        if deleted:
            self._written.edges_deleted += self._store.executemany(DELETE_EDGE, deleted)
        if updated:
            self._written.edges_updated += self._store.executemany(UPDATE_EDGE, updated)
        return list(lacking_by_key.values())


def best_edges(facts: list[EdgeFacts]) -> list[EdgeFacts]:
    """Return one edge for each callee, type and site: the most confident, of equals the first by provenance."""
    if len({edge[:4] for edge in facts}) == len(facts):
        return facts
    best: dict[Any, EdgeFacts] = {}
    for edge in sorted(facts, key=lambda edge: (-edge[4], edge[5])):
        best.setdefault(edge[:4], edge)
    return list(best.values())
