"""Memo dirt: which stored nodes may not hold, because of which of their dependencies, and how that spreads along the edges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lestockage.engine.memostore import Suspect
from lestockage.store.json_lists import id_list
from lestockage.store.row_seal import IS_DIRTY, SEALED_DIRTY
from lestockage.store.trace_blobs import SIDES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lestockage.store.connection import StoreFile
    from lestockage.store.memo_nodes import MemoNodes

_ARE_DIRTY: Final = (
    "WITH RECURSIVE cone(id) AS (SELECT value FROM json_each(?) UNION "  # noqa: S608  # our own columns
    f"SELECT e.dependent FROM cone JOIN memo_edges e ON e.dep = cone.id JOIN memo_nodes n ON n.id = e.dependent WHERE NOT {IS_DIRTY}) "
    f"SELECT e.dependent, e.position, e.dep, {IS_DIRTY}"
    " FROM cone JOIN memo_edges e ON e.dep = cone.id JOIN memo_nodes n ON n.id = e.dependent"
)
_BELOW: Final = (
    "WITH RECURSIVE below(id) AS (SELECT ? UNION SELECT s.dep FROM below JOIN memo_suspects s ON s.dependent = below.id LIMIT ?) "  # noqa: S608  # a number
    f"SELECT s.dependent, s.position % {SIDES}, s.dep, s.position >= {SIDES} "
    "FROM below CROSS JOIN memo_suspects s ON s.dependent = below.id "
    f"ORDER BY s.dependent, s.position % {SIDES}"
)
_AT_ONCE: Final = 4096
"""Nodes of a dirty cone that one look at it brings."""


class MemoDirt:
    """The dirt in one open file."""

    __slots__ = ("_file", "_nodes")

    def __init__(self, file: StoreFile, nodes: MemoNodes) -> None:
        self._file = file
        self._nodes = nodes

    def suspects(self, node: int) -> list[Suspect]:
        """The dependencies that made a node dirty, and those of the dirty nodes below it, up to a bound."""
        unsound = self._nodes.unsound
        if node in unsound:
            return [Suspect(node, -1, 0, has_sides=False)]
        rows = self._file.query(_BELOW, (node, _AT_ONCE))
        found = [Suspect(dependent, place, dep, bool(sides)) for dependent, place, dep, sides in rows]
        self._nodes.rows_read += len(found)
        return [suspect for suspect in found if suspect.dependent not in unsound] if unsound else found

    def cone(self, changed: Sequence[int]) -> list[Suspect]:
        """What a sweep would note."""
        rows = self._file.query(_ARE_DIRTY, (id_list(changed),))
        self._nodes.rows_read += len(rows)
        return [Suspect(dependent, place % SIDES, dep, place >= SIDES, dirty != 0) for dependent, place, dep, dirty in rows]

    def put_suspects(self, suspects: Sequence[Suspect]) -> None:
        """Mark nodes dirty because of these dependencies."""
        if not suspects:
            return
        self._file.executemany(
            "INSERT OR IGNORE INTO memo_suspects (dependent, position, dep) VALUES (?, ?, ?)",
            [(each.dependent, each.place + SIDES * each.has_sides, each.dep) for each in suspects],
        )
        self._set_dirty({(each.dependent,) for each in suspects if not each.was_dirty})

    def sweep(self, changed: Sequence[int]) -> list[Suspect]:
        """Mark everything above these nodes dirty, noting why."""
        found = self.cone(changed)
        self.put_suspects(found)
        return found

    def _set_dirty(self, ids: Iterable[tuple[int]]) -> None:
        self._file.executemany(f"UPDATE memo_nodes SET dirty = 1, seal = {SEALED_DIRTY} WHERE id = ?", ids)  # noqa: S608  # our own
        self._nodes.forget_ahead()

    def dirty(self, ids: Sequence[int]) -> list[int]:
        """Those of these nodes that are dirty."""
        sql = "SELECT n.id FROM json_each(?) AS asked JOIN memo_nodes n ON n.id = asked.value WHERE n.dirty = 1"
        return [row[0] for row in self._file.query(sql, (id_list(ids),))]

    def clean(self, names: Sequence[int]) -> list[int]:
        """The nodes of these names that are not dirty."""
        marks = ", ".join("?" * len(names))
        return [row[0] for row in self._file.query(f"SELECT id FROM memo_nodes WHERE dirty = 0 AND name IN ({marks})", names)]  # noqa: S608

    def has_clean(self, name: int) -> bool:
        """Whether any node of a name is not dirty."""
        return self._file.row("SELECT 1 FROM memo_nodes WHERE name = ? AND dirty = 0 LIMIT 1", (name,)) is not None

    def invalidate(self, ids: Sequence[int]) -> set[int]:
        """Mark nodes as due for execution, and everything above dirty."""
        self._file.executemany(
            "INSERT OR IGNORE INTO memo_suspects (dependent, position, dep) VALUES (?, -1, 0)", [(node,) for node in ids]
        )
        self._set_dirty([(node,) for node in ids])
        return {suspect.dependent for suspect in self.sweep(ids)}.union(ids)

    def sweep_name(self, name: int) -> set[int]:
        """Mark every node of a name as due for execution, and everything above dirty."""
        # No index leads from a name to its nodes: code changes seldom, and an index would cost every memo.
        return self.invalidate([row[0] for row in self._file.query("SELECT id FROM memo_nodes WHERE name = ?", (name,))])
