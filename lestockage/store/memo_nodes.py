"""Memo nodes: how rows of memos and cells are read: checked against their seals, and many at a time where they lie in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from blake3 import blake3

from lestockage.engine.memostore import HASH_LENGTH, Row
from lestockage.store.json_lists import id_list
from lestockage.store.row_seal import node_seal
from lestockage.store.rows_at_hand import RowsAtHand
from lestockage.store.trace_blobs import unpack_deps, unpack_effects

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lestockage.engine.memostore import Dep
    from lestockage.store.connection import StoreFile

_COLUMNS: Final = "n.id, n.name, n.key, n.digest, n.changed_at, n.verified_at, n.dirty, n.seal, n.effects"
_CHUNK: Final = 500
_LARGE: Final = 4096
"""Values of more bytes are read when they are asked for, not with their node."""
_WITH_VALUE: Final = (
    f"SELECT {_COLUMNS}, v.bytes FROM memo_nodes n LEFT JOIN memo_values v"  # noqa: S608
    f" ON v.hash = CASE WHEN length(n.digest) = {HASH_LENGTH} THEN n.digest END AND length(v.bytes) <= {_LARGE}"
)
_FIND: Final = f"{_WITH_VALUE} WHERE n.hash = ? AND n.name = ? AND n.key = ?"
_AHEAD: Final = f"{_WITH_VALUE} WHERE n.id BETWEEN ? AND ?"
_EXPECTED: Final = f"{_WITH_VALUE} WHERE n.id IN (SELECT value FROM json_each(?)) AND coalesce(n.reads, n.deps) NOTNULL"  # noqa: S608
_new: Final = tuple.__new__


class MemoNodes:
    """The nodes of one open file, as they are read."""

    __slots__ = ("_at_hand", "_file", "damaged", "rows_read", "unsound")

    def __init__(self, file: StoreFile) -> None:
        self._file = file
        self.rows_read = 0
        self.damaged = 0
        self.unsound: set[int] = set()
        """Damaged nodes that were not written again yet."""
        self._at_hand = RowsAtHand()

    def forget_ahead(self) -> None:
        """Drop what was read ahead: the file is not what it was."""
        self._at_hand.clear()

    def at_hand(self, name: int, key: bytes) -> Row | None:
        """The node of a name and key where it was read ahead, and nothing was written since."""
        columns = self._at_hand.take(name, key)
        return None if columns is None else self._row(columns)

    def find(self, name: int, key: bytes) -> Row | None:
        """The node of a name and key."""
        columns = self._find(name, key)
        return None if columns is None else self._row(columns)

    def look(self, name: int, key: bytes) -> Row | None:
        """The node of a name and key; others that may be asked for next are read with it, and at hand."""
        columns = self._find(name, key)
        if columns is None:
            return None
        if not self._file.is_in_transaction:
            ids = self._at_hand.neighbours(columns[0])
            if ids is not None:
                self._keep(self._file.query(_AHEAD, ids))
        return self._row(columns)

    def _find(self, name: int, key: bytes) -> tuple[Any, ...] | None:
        columns: tuple[Any, ...] | None = self._file.row(_FIND, (key_hash(name, key), name, key))
        self.rows_read += columns is not None
        return columns

    def _keep(self, rows: list[tuple[Any, ...]]) -> None:
        self.rows_read += len(rows)
        self._at_hand.keep(rows)

    def read_ahead(self, ids: Sequence[int]) -> None:
        """Have the memos among these nodes at hand."""
        self._keep(self._file.query(_EXPECTED, (id_list(ids),)))

    def _row(self, columns: tuple[Any, ...]) -> Row:
        number, name, key, digest, changed_at, verified_at, dirty, seal, effects, data = columns
        if effects is not None:
            effects = unpack_effects(effects)
        if seal != node_seal(number, name, key, digest, changed_at, verified_at, dirty) or (effects is None and columns[8] is not None):
            self.met_damage(number)
            return Row(number, name, key, None, 1, 1, True, is_sound=False)
        if data is not None and blake3(data).digest() != digest:
            self.damaged += 1
            data = None
        # By position, and past the argument parsing of a named tuple: there are many.
        return _new(Row, (number, name, key, digest, changed_at, verified_at, dirty != 0, (), effects, 0, None, data, True))

    def met_damage(self, number: int) -> None:
        """Note a damaged node, once until it is written again."""
        if number not in self.unsound:
            self.unsound.add(number)
            self.damaged += 1

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """The nodes of these ids."""
        found: list[Row] = []
        for start in range(0, len(ids), _CHUNK):
            part = ids[start : start + _CHUNK]
            marks = ", ".join("?" * len(part))
            found += map(self._row, self._file.query(f"SELECT {_COLUMNS}, NULL FROM memo_nodes n WHERE n.id IN ({marks})", part))  # noqa: S608  # marks only
        self.rows_read += len(found)
        return found

    def deps(self, ids: Sequence[int]) -> dict[int, tuple[Dep, ...]]:
        """The present dependencies of those nodes that are stored; a node whose are damaged depends on 0, which no node is."""
        found: dict[int, tuple[Dep, ...]] = {}
        for start in range(0, len(ids), _CHUNK):
            part = ids[start : start + _CHUNK]
            marks = ", ".join("?" * len(part))
            for node, deps in self._file.query(f"SELECT id, deps FROM memo_nodes WHERE id IN ({marks})", part):  # noqa: S608  # marks only
                unpacked = unpack_deps(deps)
                if unpacked is None:
                    self.met_damage(node)
                    unpacked = (0,)
                found[node] = unpacked
        return found


def key_hash(name: int, key: bytes) -> int:
    """A 63-bit number that finds a key through a small index; name and key themselves are compared as well."""
    return (int.from_bytes(blake3(key).digest(8), "big") + name) >> 1
