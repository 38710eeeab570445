"""Neighbours: the callers and callees of a node, each with the site of the reference."""

# ruff: noqa: S608  # SQL is put together from constants of this package; values are always parameters
# SQL is put together from constants of this package; values are always parameters

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.store.node_rows import NODE_COLUMNS, NodeRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lestockage.store.connection import StoreFile

_WIDTH = len(NodeRow._fields)

_CALLERS = f"""
    SELECT {NODE_COLUMNS}, e.edge_type, n.file_path, n.start_line + e.site_line, e.site_column, e.confidence, e.provenance
    FROM intel_edges AS e JOIN intel_nodes AS n ON n.id = e.caller_id
    WHERE e.callee_id = ? {{chosen}}
    ORDER BY n.qualified_name, n.id, e.site_line, e.site_column, e.edge_type"""

_CALLEES = f"""
    SELECT {NODE_COLUMNS}, e.edge_type, c.file_path, c.start_line + e.site_line, e.site_column, e.confidence, e.provenance
    FROM intel_edges AS e JOIN intel_nodes AS n ON n.id = e.callee_id JOIN intel_nodes AS c ON c.id = e.caller_id
    WHERE e.caller_id = ? {{chosen}}
    ORDER BY e.site_line, e.site_column, e.edge_type, n.qualified_name, n.id"""


class Neighbour(NamedTuple):
    """The node at the other end of an edge, and the edge.

    `file_path` and `line` say where the reference is written: in the caller's file, as an absolute line; the line is None where the caller
    has no position.
    """

    node: NodeRow
    edge_type: str
    file_path: str | None
    line: int | None
    column: int
    confidence: float
    provenance: str


def callers(store: StoreFile, node_id: int, edge_types: Sequence[str] = ()) -> list[Neighbour]:
    """Return who refers to a node, one row for each site, by qualified name and site; of some edge types, or of all when none is given."""
    return _neighbours(store, _CALLERS, node_id, edge_types)


def callees(store: StoreFile, node_id: int, edge_types: Sequence[str] = ()) -> list[Neighbour]:
    """Return what a node refers to, one row for each site, by site; of some edge types, or of all when none is given."""
    return _neighbours(store, _CALLEES, node_id, edge_types)


def _neighbours(store: StoreFile, sql: str, node_id: int, edge_types: Sequence[str]) -> list[Neighbour]:
    """Return the rows of one of the two queries."""
    chosen = f"AND e.edge_type IN ({', '.join('?' * len(edge_types))})" if edge_types else ""
    rows = store.query(sql.replace("{chosen}", chosen), (node_id, *edge_types))
    return [Neighbour(NodeRow._make(row[:_WIDTH]), *row[_WIDTH:]) for row in rows]
