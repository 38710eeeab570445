"""Totals: how much of what a file holds, for a person who asks what is in it."""

# ruff: noqa: S608  # SQL is put together from constants of this package; values are always parameters
# SQL is put together from constants of this package; values are always parameters

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.store.node_rows import NODE_COLUMNS, NodeRow

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile

_WIDTH = len(NodeRow._fields)


class CalledNode(NamedTuple):
    """A node, how many call sites name it, and how many different callers those are in."""

    node: NodeRow
    sites: int
    callers: int


def count_source_files(store: StoreFile, project_id: int) -> int:
    """Return how many files a project has, those that failed among them."""
    return int(store.query("SELECT count(*) FROM source_files WHERE project_id = ?", (project_id,))[0][0])


def count_nodes(store: StoreFile, project_id: int) -> dict[str, int]:
    """Return how many nodes of each type a project has, most first; a type without any is left out."""
    return _counts(store.query("SELECT node_type, count(*) FROM intel_nodes WHERE project_id = ? GROUP BY node_type", (project_id,)))


def count_edges(store: StoreFile, project_id: int) -> dict[str, int]:
    """Return how many edges of each type leave a project's nodes, most first; a type without any is left out."""
    if _is_only_project(store, project_id):
        return _counts(store.query("SELECT edge_type, count(*) FROM intel_edges GROUP BY edge_type"))
    return _counts(
        store.query(
            "SELECT e.edge_type, count(*) FROM intel_nodes AS n CROSS JOIN intel_edges AS e ON e.caller_id = n.id"
            " WHERE n.project_id = ? GROUP BY e.edge_type",
            (project_id,),
        )
    )


def total_nodes(store: StoreFile, project_id: int) -> int:
    """Return how many nodes a project has, from an index alone."""
    return int(store.query("SELECT count(*) FROM intel_nodes WHERE project_id = ?", (project_id,))[0][0])


def total_edges(store: StoreFile, project_id: int) -> int:
    """Return how many edges leave a project's nodes; where it is the file's only one, no edge is looked at."""
    if _is_only_project(store, project_id):
        return int(store.query("SELECT count(*) FROM intel_edges")[0][0])
    return int(
        store.query(
            "SELECT count(*) FROM intel_nodes AS n CROSS JOIN intel_edges AS e ON e.caller_id = n.id WHERE n.project_id = ?", (project_id,)
        )[0][0]
    )


def count_stale(store: StoreFile, project_id: int) -> dict[str, int]:
    """Return how many nodes of each file are its last good state only, by path; a current file is left out."""
    return dict(
        store.query(
            "SELECT file_path, count(*) FROM intel_nodes INDEXED BY intel_nodes_stale WHERE project_id = ? AND stale = 1"
            " GROUP BY file_path ORDER BY file_path",
            (project_id,),
        )
    )


def most_called(store: StoreFile, project_id: int, limit: int = 10) -> list[CalledNode]:
    """Return the functions and methods of a project that most call sites name, lambdas left out, most first, then by qualified name."""
    rows = store.query(
        f"SELECT {NODE_COLUMNS}, e.sites, e.callers FROM"
        " (SELECT callee_id, count(*) AS sites, count(DISTINCT caller_id) AS callers FROM intel_edges INDEXED BY intel_edges_callee"
        "  WHERE edge_type = 'call' GROUP BY callee_id) AS e"
        " CROSS JOIN intel_nodes AS n ON n.id = e.callee_id"
        " WHERE n.project_id = ? AND n.node_type IN ('function', 'method') AND substr(n.symbol_name, 1, 1) <> '<'"
        " ORDER BY e.sites DESC, n.qualified_name, n.id LIMIT ?",
        (project_id, limit),
    )
    return [CalledNode(NodeRow._make(row[:_WIDTH]), *row[_WIDTH:]) for row in rows]


def _is_only_project(store: StoreFile, project_id: int) -> bool:
    """Tell whether every edge of the file belongs to one project."""
    return bool(store.query("SELECT id FROM projects LIMIT 2") == [(project_id,)])


def _counts(rows: list[tuple[str, int]]) -> dict[str, int]:
    """Return counts by name, most first, then by name."""
    return dict(sorted(rows, key=lambda row: (-row[1], row[0])))
