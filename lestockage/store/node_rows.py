"""Node rows: what is stored of a symbol, what a caller gives to store it, and the key that is its identity."""

# ruff: noqa: S608  # SQL is put together from constants of this package; values are always parameters

# SQL is put together from constants of this package; values are always parameters

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lestockage.store.connection import StoreFile


class NodeKey(NamedTuple):
    """A symbol's identity: equal key, equal row id for as long as the symbol is there.

    `file_path` is None for a symbol outside every project (`external`), which belongs to the project that refers to it. `ordinal` counts
    from 0 through the symbols of one file that have the same qualified name.
    """

    project_id: int
    file_path: str | None
    qualified_name: str
    ordinal: int = 0


Identity = tuple[int, str | None, str, int]
"""A `NodeKey` as a plain tuple: the two are equal, and this one is quicker to make."""


class NodeFacts(NamedTuple):
    """A symbol as it should be stored in its file; a plain tuple of the same order serves as well, and is quicker to make.

    `symbol_name` is the last part of `qualified_name`: the look-up of `Class.method` rests on it. Lines count from 1, columns from 0.
    """

    qualified_name: str
    ordinal: int
    symbol_name: str
    node_type: str
    language: str | None
    signature: str | None
    visibility: str | None
    complexity: int | None
    content_hash: bytes | None
    start_line: int | None
    start_column: int | None
    end_line: int | None
    end_column: int | None


class NodeRow(NamedTuple):
    """A symbol as it is stored; `stale` is 1 when its file has failed since, so that this is its last good state."""

    id: int
    project_id: int
    file_path: str | None
    qualified_name: str
    ordinal: int
    symbol_name: str
    node_type: str
    language: str | None
    signature: str | None
    visibility: str | None
    complexity: int | None
    content_hash: bytes | None
    start_line: int | None
    start_column: int | None
    end_line: int | None
    end_column: int | None
    stale: int
    created_at: int
    updated_at: int

    @property
    def key(self) -> NodeKey:
        """The symbol's identity."""
        return NodeKey(self.project_id, self.file_path, self.qualified_name, self.ordinal)


NODE_COLUMNS: Final = ", ".join(f"n.{column}" for column in NodeRow._fields)
"""The columns of a `NodeRow`, of a table called `n`."""


def node_rows(rows: Iterable[tuple[object, ...]]) -> list[NodeRow]:
    """Return rows of `NODE_COLUMNS` as what they are."""
    return [NodeRow._make(row) for row in rows]


def get_node(store: StoreFile, node_id: int) -> NodeRow | None:
    """Return the node of that id, or None."""
    row = store.row(f"SELECT {NODE_COLUMNS} FROM intel_nodes AS n WHERE n.id = ?", (node_id,))
    return None if row is None else NodeRow._make(row)


def node_of_key(store: StoreFile, key: Identity) -> NodeRow | None:
    """Return the node of that identity, or None."""
    row = store.row(
        f"SELECT {NODE_COLUMNS} FROM intel_nodes AS n"
        " WHERE n.project_id = ? AND n.file_path IS ? AND n.qualified_name = ? AND n.ordinal = ?",
        key,
    )
    return None if row is None else NodeRow._make(row)


def find_node_id(store: StoreFile, key: Identity) -> int | None:
    """Return the id of the node of that identity, or None, by the index alone."""
    row = store.row("SELECT id FROM intel_nodes WHERE project_id = ? AND file_path IS ? AND qualified_name = ? AND ordinal = ?", key)
    return None if row is None else int(row[0])


def nodes_of_file(store: StoreFile, project_id: int, file_path: str) -> list[NodeRow]:
    """Return the nodes of a file, by qualified name."""
    return node_rows(
        store.query(
            f"SELECT {NODE_COLUMNS} FROM intel_nodes AS n WHERE n.project_id = ? AND n.file_path = ? ORDER BY n.qualified_name, n.ordinal",
            (project_id, file_path),
        )
    )
