"""Bulk rows: all nodes and all edges of a project, as plain rows in lists, for those who load a whole graph."""

# ruff: noqa: S608  # SQL is put together from constants of this package; values are always parameters

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lestockage.store.edge_rows import EDGE_COLUMNS
from lestockage.store.node_rows import NODE_COLUMNS
from lestockage.store.type_names import chosen_edge_types

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lestockage.store.connection import StoreFile
    from lestockage.store.edge_rows import EdgeRow

SIZE: Final = 10_000
"""Rows in a list, unless it is said otherwise: few enough for a processor's cache, enough that calls do not count."""


def stream_node_rows(store: StoreFile, project_id: int, *, columns: str = NODE_COLUMNS, size: int = SIZE) -> Iterator[list[Any]]:
    """Give a project's nodes, by file and qualified name, in lists of plain tuples in the order of `NodeRow`'s fields.

    1,000,000 rows cost about as much as sqlite3 needs to make their tuples; `NodeRow._make` names the columns of one. `columns` names fewer
    columns of the table `n` where fewer will do: it is SQL, so it must come from the program, never from its user.
    """
    return store.stream(f"SELECT {columns} FROM intel_nodes AS n WHERE n.project_id = ?", (project_id,), size=size)


def stream_edge_rows(
    store: StoreFile, project_id: int, edge_types: str | Sequence[str] = (), *, columns: str = EDGE_COLUMNS, size: int = SIZE
) -> Iterator[list[EdgeRow]]:
    """Give the edges that leave a project's nodes, in lists of plain tuples, of some edge types or of all when none is given.

    They are grouped by caller. A callee may be a node of another project. `columns` names fewer columns of the table `e` where fewer will
    do: it is SQL, so it must come from the program, never from its user.

    Raises:
        UnknownType: there is no such edge type.
    """
    types = chosen_edge_types(edge_types)
    chosen = f" AND e.edge_type IN ({', '.join('?' * len(types))})" if types else ""
    return store.stream(
        f"SELECT {columns} FROM intel_nodes AS n CROSS JOIN intel_edges AS e ON e.caller_id = n.id{chosen} WHERE n.project_id = ?",
        (*types, project_id),
        size=size,
    )
