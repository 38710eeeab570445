"""Durable membership: what "which inputs are there" comes to, so that a set of inputs is recognised when it is back.

The members of a class come to the sum of the hashes of their keys, modulo 2**256: the order of creation does not show, and one input more
or less costs one addition. A key's presence comes to one byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from blake3 import blake3

from lestockage.engine import registry
from lestockage.engine.handle_codec import key_codec
from lestockage.engine.keys import distinct
from lestockage.engine.memostore import Row

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from lestockage.engine.durable import Durable
    from lestockage.engine.inputs import Input
    from lestockage.engine.node import Cell

MEMBERS_LENGTH = 32
_MODULUS = 1 << (8 * MEMBERS_LENGTH)
_ABSENT, _PRESENT = b"\0", b"\1"


def _sum(start: bytes, added: Iterable[bytes], removed: Iterable[bytes] = ()) -> bytes:
    total = int.from_bytes(start, "big")
    total += sum(int.from_bytes(blake3(key).digest(), "big") for key in added)
    total -= sum(int.from_bytes(blake3(key).digest(), "big") for key in removed)
    return (total % _MODULUS).to_bytes(MEMBERS_LENGTH, "big")


class Membership:
    """What membership and presence come to, in one store."""

    def __init__(self, durable: Durable) -> None:
        self._durable = durable

    def digest(self, cls: type[Input], kind: str, cell: Cell) -> bytes:
        """What a cell of membership or presence comes to now."""
        db = self._durable.db
        if kind == registry.PRESENCE:
            return _ABSENT if db.find_input(cls, cell.value) is None else _PRESENT
        inputs = self._durable.inputs
        inputs.load_all(cls)
        return _sum(b"", [key_codec(cls).encode(handle._key) for handle in db.input_table(cls).handles.values()])

    def changed(self, cls: type[Input], key: tuple[Any, ...], *, is_there: bool) -> None:
        """An input was created or deleted, in memory."""
        table = self._durable.db.input_table(cls)
        presence = table.presence.get(distinct(key))
        if presence is not None:
            presence.digest = None
        if table.members.digest is not None:
            encoded = (key_codec(cls).encode(key),)
            table.members.digest = _sum(table.members.digest, encoded if is_there else (), () if is_there else encoded)

    def write(self, cls: type[Input], added: list[bytes], removed: list[bytes], moved_at: dict[int, int]) -> None:
        """Record which inputs have come and gone since the last commit, where a stored memo has looked at it (`moved_at`: when, by row)."""
        store = self._durable.store
        names = self._durable.names
        rows = []
        name = names.of(registry.input_name(cls) + registry.PRESENCE)
        moved = [(key, _PRESENT) for key in added] + [(key, _ABSENT) for key in removed]
        for key, found in moved if name not in names.fresh else ():
            row = store.find(name, key)
            if row is not None:
                rows.append(self._row(row, found, moved_at))
        row = store.find(names.of(registry.input_name(cls) + registry.MEMBERS), b"")
        if row is not None:
            # A file of schema version 1 says something else there, which is recomputed when the members are next read.
            is_sum = row.digest is not None and len(row.digest) == MEMBERS_LENGTH
            rows.append(self._row(row, _sum(row.digest, added, removed) if is_sum and row.digest is not None else None, moved_at))
        store.update(rows)

    def _row(self, row: Row, digest: bytes | None, moved_at: dict[int, int]) -> Row:
        revision = moved_at.get(row.id, row.changed_at)
        node = self._durable.nodes.by_id.get(row.id)
        if node is not None:
            node.stored.digest = digest
        return Row(row.id, row.name, row.key, digest, revision, revision)
