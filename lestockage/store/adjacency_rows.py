"""Adjacency rows: every node of a project with whom it refers to, and nothing else, for those who compute over whole graphs."""

# ruff: noqa: S608  # SQL is put together from constants of this package; values are always parameters

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lestockage.store.connection import StoreFile


class AdjacencyRow(NamedTuple):
    """A node, its type, and the ids of its callees as one text, `12,7,12`: once for each edge, None when there is none."""

    id: int
    node_type: str
    callees: str | None


def stream_adjacency(
    store: StoreFile, project_id: int, edge_types: Sequence[str] = (), *, size: int = 10_000
) -> Iterator[list[AdjacencyRow]]:
    """Give the nodes of a project, by file and qualified name, in lists of plain tuples in the order of `AdjacencyRow`'s fields.

    Edges are of some types, or of all when none is given. SQLite joins the ids of one node's callees: that is twice as quick as a row for
    each edge, of which making Python's tuples is most (docs/decisions/0014-one-row-for-each-caller.md).
    """
    chosen = f" AND e.edge_type IN ({', '.join('?' * len(edge_types))})" if edge_types else ""
    return store.stream(
        f"SELECT n.id, n.node_type, (SELECT group_concat(e.callee_id) FROM intel_edges AS e WHERE e.caller_id = n.id{chosen})"
        " FROM intel_nodes AS n WHERE n.project_id = ?",
        (*edge_types, project_id),
        size=size,
    )
