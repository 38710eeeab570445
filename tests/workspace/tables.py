"""Tables: what a database file says, read with nothing but sqlite3, in forms that are easy to compare."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

INTEL = ("projects", "source_files", "intel_nodes", "intel_edges")

_NODES = """SELECT p.name, n.file_path, n.qualified_name, n.ordinal, n.symbol_name, n.node_type, n.language, n.signature, n.visibility,
    n.start_line, n.start_column, n.end_line, n.end_column, n.complexity, n.content_hash, n.stale
    FROM intel_nodes n JOIN projects p ON p.id = n.project_id"""
_EDGES = """SELECT p.name, a.file_path, a.qualified_name, a.ordinal, q.name, b.file_path, b.qualified_name, b.ordinal,
    e.edge_type, e.site_line, e.site_column, e.confidence, e.provenance, a.stale, b.stale
    FROM intel_edges e JOIN intel_nodes a ON a.id = e.caller_id JOIN projects p ON p.id = a.project_id
    JOIN intel_nodes b ON b.id = e.callee_id JOIN projects q ON q.id = b.project_id"""
_FILES = "SELECT p.name, f.path, f.size, f.digest, f.failure FROM source_files f JOIN projects p ON p.id = f.project_id"


class Current(NamedTuple):
    """What the tables hold of files that can be read, by natural keys."""

    projects: set[tuple[Any, ...]]
    files: set[tuple[Any, ...]]
    nodes: set[tuple[Any, ...]]
    edges: Counter[tuple[Any, ...]]


def rows(db: Path, sql: str) -> list[Any]:
    """Return the rows of a query in the file, read without writing to it."""
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()


def everything(db: Path, tables: tuple[str, ...] = INTEL) -> dict[str, set[Any]]:
    """Return every row of the intel tables with every column, ids and times too."""
    return {table: set(rows(db, f"SELECT * FROM {table}")) for table in tables}  # noqa: S608  # constants


def file_bytes(db: Path) -> dict[str, bytes]:
    """Return what is on disk of a database: the file, and its WAL if that holds anything."""
    found = {path.name: path.read_bytes() for path in sorted(db.parent.glob(db.name + "*")) if not path.name.endswith("-shm")}
    return {name: content for name, content in found.items() if content}


def current(db: Path) -> Current:
    """Return the tables by natural keys, without what is stale.

    The rule: a stale node is left out, and an edge that leaves one; so is an external node that no other edge leads to. An edge from a
    current node to a stale one is kept, since there must be none: a fresh database has no such node.
    """
    edges = [row for row in rows(db, _EDGES) if not row[-2]]
    reached = {row[4:8] for row in edges}
    nodes = {row for row in rows(db, _NODES) if not row[-1] and (row[5] != "external" or row[:4] in reached)}
    return Current(set(rows(db, "SELECT name, root FROM projects")), set(rows(db, _FILES)), nodes, Counter(edges))


def difference(found: Current, wanted: Current) -> list[str]:
    """Return one line for each row that only one of two has: `+` found and not wanted, `-` wanted and missing."""
    lines = []
    for name in Current._fields:
        mine, theirs = Counter(getattr(found, name)), Counter(getattr(wanted, name))
        lines += [f"+ {name} {row}" for row in sorted(mine - theirs, key=repr)]
        lines += [f"- {name} {row}" for row in sorted(theirs - mine, key=repr)]
    return lines


def edges_of(db: Path, caller: str, edge_type: str = "call") -> set[tuple[str, int]]:
    """Return qualified name and line of site of everything that a symbol has edges to."""
    return {(row[6], row[9]) for row in rows(db, _EDGES) if row[2] == caller and row[8] == edge_type}


def ids(db: Path) -> dict[tuple[Any, ...], int]:
    """Return the row id of every node by its identity."""
    found = rows(db, "SELECT project_id, file_path, qualified_name, ordinal, id FROM intel_nodes")
    return {row[:4]: row[4] for row in found}
