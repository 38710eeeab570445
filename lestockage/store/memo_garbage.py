"""Memo garbage: rows that the current state does not need, taken out a slice at a time, each slice a short transaction of the caller's.

Needed is what is clean, what the inputs consist of, and every value that a row names. Not needed, in the order in which it goes: values
that no row names; results of code that is gone; results of earlier states (traces); dirty memos; results of tasks, which nothing depends
on. A dropped result is computed again when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lestockage.store.epochs import Epoch
from lestockage.store.trace_blobs import places_of, unpack_deps

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from lestockage.store.connection import StoreFile

SLICE: Final = 500
"""Rows that one transaction takes out: some milliseconds."""
_NEVER: Final = 1 << 62
_OLD: Final = "n.id < ? AND n.verified_at < ?"


class MemoGarbage:
    """The rows of one open file that may go; every method but the sizes is called inside a transaction and takes one slice."""

    __slots__ = ("_file",)

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    # -- sizes

    def bytes_used(self) -> int:
        """How many bytes of the file hold something."""
        pages, free, size = (self._file.query(f"PRAGMA {name}")[0][0] for name in ("page_count", "freelist_count", "page_size"))
        return int((pages - free) * size)

    def bytes_in_all(self) -> int:
        """How large the file is, with the pages that wait to be used again."""
        return int(self._file.query("PRAGMA page_count")[0][0] * self._file.query("PRAGMA page_size")[0][0])

    # -- what may go

    def of_names(self, names: Collection[int], after: int) -> list[int]:
        """Nodes of names, in order of their ids from `after` on."""
        marks = ", ".join("?" * len(names))
        sql = f"SELECT id FROM memo_nodes WHERE id > ? AND name IN ({marks}) ORDER BY id LIMIT ?"  # noqa: S608  # marks only
        return [row[0] for row in self._file.query(sql, (after, *names, SLICE))]

    def dirty(self, after: int, before: Epoch | None = None) -> list[int]:
        """Memos that are dirty, all or those that were made and last held before an epoch; the cells of inputs are not among them."""
        return self._memos("n.dirty = 1 AND n.deps NOTNULL", after, before)

    def of_tasks(self, after: int, before: Epoch | None = None) -> list[int]:
        """Results of tasks, the oldest first."""
        old = None if before is None else Epoch(before.next_id, _NEVER)  # they do not depend on anything, so when they held says nothing
        return self._memos("n.name IN (SELECT id FROM memo_names WHERE name LIKE '%@%')", after, old)

    def _memos(self, which: str, after: int, before: Epoch | None) -> list[int]:
        limits = () if before is None else tuple(before)
        sql = f"SELECT n.id FROM memo_nodes n WHERE n.id > ? AND {which}{f' AND {_OLD}' if limits else ''} ORDER BY n.id LIMIT ?"  # noqa: S608
        return [row[0] for row in self._file.query(sql, (after, *limits, SLICE))]

    def cells_of_deleted(self, after: int, before: Epoch | None = None) -> list[int]:
        """Cells of deleted inputs that no memo reads any more."""
        which = "n.digest = x'' AND n.deps IS NULL AND NOT EXISTS (SELECT 1 FROM memo_edges e WHERE e.dep = n.id)"
        return self._memos(which, after, before)

    def traces(self, before: int | None = None) -> list[tuple[int, int]]:
        """Results of earlier states, the oldest first: all, or those that became one before a revision."""
        limit, limits = ("", ()) if before is None else (" WHERE revision < ?", (before,))
        return self._file.query(f"SELECT node, at FROM memo_traces{limit} ORDER BY revision, at, node LIMIT ?", (*limits, SLICE))  # noqa: S608

    def count_traces(self) -> int:
        """How many results of earlier states there are."""
        return int(self._file.query("SELECT count(*) FROM memo_traces")[0][0])

    # -- taking out

    def drop_traces(self, traces: Sequence[tuple[int, int]]) -> None:
        """Take results of earlier states out."""
        self._file.executemany("DELETE FROM memo_traces WHERE node = ? AND at = ?", traces)

    def drop(self, ids: Sequence[int]) -> None:
        """Take nodes out, with the edges to what they read. Whoever read them goes on listing them, and finds them changed."""
        marks = ", ".join("?" * len(ids))
        edges = []
        for node, packed in self._file.query(f"SELECT id, deps FROM memo_nodes WHERE id IN ({marks}) AND deps NOTNULL", ids):  # noqa: S608
            edges += [(dep, node) for dep in places_of(unpack_deps(packed) or ())]
        self._file.executemany("DELETE FROM memo_edges WHERE dep = ? AND dependent = ?", edges)
        for table, column in (("memo_suspects", "dependent"), ("memo_traces", "node")):
            self._file.executemany(f"DELETE FROM {table} WHERE {column} = ?", [(node,) for node in ids])  # noqa: S608  # named here
        self._file.executemany("DELETE FROM memo_nodes WHERE id = ?", [(node,) for node in ids])

    def referenced(self) -> set[int]:
        """The values that rows name, by the first eight bytes of their hashes: where two are alike there, both are kept."""
        rows = self._file.query(
            "SELECT substr(digest, 1, 8) FROM memo_nodes WHERE length(digest) = 32"
            " UNION SELECT substr(digest, 1, 8) FROM memo_traces WHERE length(digest) = 32"
        )
        return {int.from_bytes(row[0], "big") for row in rows}

    def values(self, after: bytes) -> list[bytes]:
        """The hashes of a slice of the values, in order."""
        return [row[0] for row in self._file.query("SELECT hash FROM memo_values WHERE hash > ? ORDER BY hash LIMIT ?", (after, SLICE))]

    def drop_values(self, hashes: Sequence[bytes]) -> None:
        """Take values out."""
        self._file.executemany("DELETE FROM memo_values WHERE hash = ?", [(found,) for found in hashes])

    # -- outside of a transaction

    def give_back(self) -> None:
        """Return free pages to the file system, some at a time, and copy the WAL into the file where nobody is in the way."""
        while self._file.query("PRAGMA freelist_count")[0][0]:
            before = self._file.query("PRAGMA freelist_count")[0][0]
            self._file.query(f"PRAGMA incremental_vacuum({SLICE})")
            if self._file.query("PRAGMA freelist_count")[0][0] >= before:
                break  # a file that was made without incremental vacuum keeps its pages for itself
        patience = self._file.query("PRAGMA busy_timeout")[0][0]
        self._file.query("PRAGMA busy_timeout = 0")  # a reader of an older state is not waited for: the WAL is emptied another time
        try:
            self._file.query("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            self._file.query(f"PRAGMA busy_timeout = {patience}")


def generation_of(file: StoreFile) -> int:
    """How many times memos or inputs were written to a file."""
    row = file.row("SELECT value FROM memo_state WHERE name = 'generation'")
    return 0 if row is None else int(row[0])
