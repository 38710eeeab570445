"""Seal rows: the part of schema version 2 that gives every row of version 1 its seal; nothing that was kept is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgpack  # type: ignore[import-untyped]  # it ships no types

from lestockage.store.row_seal import member_seal, node_seal, pack_ids

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile

SEALED_TABLES: Final = (
    "ALTER TABLE memo_nodes ADD COLUMN seal INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE memo_members ADD COLUMN seal INTEGER NOT NULL DEFAULT 0",
)


def seal_rows(store: StoreFile) -> None:
    """Seal every node and input of a version 1 file, inside the transaction of the migration.

    A blob that version 1 could not read either becomes one that is known to be damaged.
    """
    nodes = store.query("SELECT id, name, key, digest, changed_at, verified_at, dirty, deps FROM memo_nodes")
    store.executemany(
        "UPDATE memo_nodes SET seal = ?, deps = ? WHERE id = ?",
        [(node_seal(*row[:7]), None if row[7] is None else _repacked(row[7]), row[0]) for row in nodes],
    )
    members = [(name, key, _repacked(cells)) for name, key, cells in store.query("SELECT name, key, cells FROM memo_members")]
    store.executemany(
        "UPDATE memo_members SET cells = ?, seal = ? WHERE name = ? AND key = ?",
        [(cells, member_seal(name, key, cells), name, key) for name, key, cells in members],
    )


def _repacked(data: bytes) -> bytes:
    """Return the ids of a version 1 blob as version 2 packs them."""
    try:
        return pack_ids(msgpack.unpackb(data, use_list=False, max_map_len=0, max_ext_len=0))
    except (ValueError, msgpack.UnpackException):
        return b""
