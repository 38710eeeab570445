"""Snapshot state: what was true in a snapshot, and which files differ between two."""

# ruff: noqa: S608  # SQL is put together from constants of this package; values are always parameters

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import msgpack  # type: ignore[import-untyped]  # has no stubs

from lestockage.store.json_lists import sorted_list
from lestockage.store.snapshot_writer import FileState, NodeState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lestockage.store.connection import StoreFile
    from lestockage.store.snapshot_rows import SnapshotRow

HOLDS: Final = "{0}.since <= ? AND ({0}.until IS NULL OR {0}.until > ?)"
"""The condition that a row of the table called `{0}` is true in a snapshot, whose id is given twice."""
_FILES: Final = f"""SELECT f.path, f.digest, f.rows_digest, f.failure FROM snapshot_files AS f
    WHERE f.project_id = ? AND {HOLDS.format("f")} ORDER BY f.path"""
_FACTS: Final = ", ".join(f"n.{column}" for column in NodeState._fields[2:12])
_NODES: Final = f"""SELECT y.id, y.qualified_name, y.ordinal, {_FACTS}
    FROM snapshot_symbols AS y JOIN snapshot_nodes AS n ON n.symbol_id = y.id
    WHERE y.project_id = ? AND y.file_path = ? AND {HOLDS.format("n")}"""
_PLACES: Final = f"SELECT f.places FROM snapshot_files AS f WHERE f.project_id = ? AND f.path = ? AND {HOLDS.format('f')}"
_EDGES: Final = f"""SELECT a.file_path, a.qualified_name, a.ordinal, b.file_path, b.qualified_name, b.ordinal, e.edge_type, e.site_line,
    e.site_column, e.confidence, e.provenance
    FROM snapshot_symbols AS a CROSS JOIN snapshot_edges AS e ON e.caller_id = a.id JOIN snapshot_symbols AS b ON b.id = e.callee_id
    WHERE a.project_id = ? AND {HOLDS.format("e")}"""
_DIFFERING: Final = """SELECT DISTINCT path FROM snapshot_files WHERE project_id = ?1
    AND (since <= ?2 AND (until IS NULL OR until > ?2)) <> (since <= ?3 AND (until IS NULL OR until > ?3)) ORDER BY path"""
_DEGREES: Final = """SELECT y.file_path, y.qualified_name, y.ordinal, count(*)
    FROM snapshot_symbols AS y CROSS JOIN snapshot_edges AS e ON e.{end} = y.id
    WHERE y.project_id = ?1 AND y.file_path IN (SELECT value FROM json_each(?3)) AND e.edge_type <> 'containment'
    AND e.since <= ?2 AND (e.until IS NULL OR e.until > ?2) GROUP BY y.id"""

SymbolKey = tuple[str, str, int]
"""File, qualified name, ordinal."""


class SnapshotEdge(NamedTuple):
    """An edge in a snapshot, by the natural keys of its ends; a path of None is an external symbol."""

    caller_path: str | None
    caller: str
    caller_ordinal: int
    callee_path: str | None
    callee: str
    callee_ordinal: int
    edge_type: str
    site_line: int
    site_column: int
    confidence: float
    provenance: str


def files_in(store: StoreFile, snapshot: SnapshotRow) -> list[FileState]:
    """Return the files of a snapshot, by path."""
    return [FileState._make(row) for row in store.query(_FILES, (snapshot.project_id, snapshot.id, snapshot.id))]


def nodes_of_file(store: StoreFile, snapshot: SnapshotRow, path: str) -> list[NodeState]:
    """Return the symbols of a file in a snapshot, in the order of the file; none where it was not or could not be read."""
    asked = (snapshot.project_id, path, snapshot.id, snapshot.id)
    row = store.row(_PLACES, asked)
    facts = {row[0]: row[1:] for row in store.query(_NODES, asked)}
    return [] if row is None else [NodeState(*facts[place[0]], *place[1:]) for place in msgpack.unpackb(row[0])]


def edges_in(store: StoreFile, snapshot: SnapshotRow) -> list[SnapshotEdge]:
    """Return the edges of a snapshot, in no order; it reads every edge that any snapshot of the project has."""
    return [SnapshotEdge._make(row) for row in store.query(_EDGES, (snapshot.project_id, snapshot.id, snapshot.id))]


def differing_files(store: StoreFile, one: SnapshotRow, other: SnapshotRow) -> list[str]:
    """Return the paths of files that differ between two snapshots of a project, or are in one of them only."""
    return [row[0] for row in store.query(_DIFFERING, (one.project_id, one.id, other.id))]


def degrees_in(store: StoreFile, snapshot: SnapshotRow, paths: Iterable[str], *, incoming: bool) -> dict[SymbolKey, int]:
    """Return how many references the symbols of some files have in a snapshot, to them or from them; one with none is left out."""
    listed = sorted_list(paths)
    rows = store.query(_DEGREES.format(end="callee_id" if incoming else "caller_id"), (snapshot.project_id, snapshot.id, listed))
    return {row[:3]: row[3] for row in rows}
