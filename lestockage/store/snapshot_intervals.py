"""Snapshot intervals: when each symbol of a project was what, and how long files referred to each other, over all snapshots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile

_NODES: Final = """SELECT n.symbol_id, n.since, n.until, y.file_path, y.qualified_name, y.ordinal, n.node_type, n.complexity, n.lines,
    n.content_hash
    FROM snapshot_symbols AS y JOIN snapshot_nodes AS n ON n.symbol_id = y.id WHERE y.project_id = ? ORDER BY y.id, n.since"""
_REFERENCES: Final = """SELECT a.file_path, b.file_path, e.since, e.until, count(*)
    FROM snapshot_symbols AS a CROSS JOIN snapshot_edges AS e ON e.caller_id = a.id JOIN snapshot_symbols AS b ON b.id = e.callee_id
    WHERE a.project_id = ? AND e.edge_type <> 'containment' AND b.file_path IS NOT NULL AND b.file_path <> a.file_path
    GROUP BY a.file_path, b.file_path, e.since, e.until"""


class NodeInterval(NamedTuple):
    """A symbol while nothing of it changed, from the snapshot `since` until before the snapshot `until`; None: still so in the last one."""

    symbol_id: int
    since: int
    until: int | None
    path: str
    qualified_name: str
    ordinal: int
    node_type: str
    complexity: int | None
    lines: int
    content_hash: bytes


class ReferenceInterval(NamedTuple):
    """How many references one file made to another, that came with one snapshot and went with one."""

    caller_path: str
    callee_path: str
    since: int
    until: int | None
    references: int


def node_intervals(store: StoreFile, project_id: int) -> list[NodeInterval]:
    """Return the intervals of all symbols that a file defines, by symbol, in the order of recording."""
    return [NodeInterval._make(row) for row in store.query(_NODES, (project_id,))]


def reference_intervals(store: StoreFile, project_id: int) -> list[ReferenceInterval]:
    """Return the intervals of references between files; containment is none, and neither is a reference within a file."""
    return [ReferenceInterval._make(row) for row in store.query(_REFERENCES, (project_id,))]
