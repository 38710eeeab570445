"""Memo traces: results that memos had in earlier states, beside their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lestockage.engine.memostore import Trace
from lestockage.store.trace_blobs import pack_deps, pack_effects, pack_reads, unpack_deps, unpack_effects, unpack_reads

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lestockage.store.connection import StoreFile
    from lestockage.store.memo_nodes import MemoNodes

_COLUMNS: Final = "code, deps, reads, digest, effects"
_KEPT: Final = 16
"""Traces of one memo, beside its row."""
_CHUNK: Final = 500


class MemoTraces:
    """The traces of one open file."""

    __slots__ = ("_file", "_nodes")

    def __init__(self, file: StoreFile, nodes: MemoNodes) -> None:
        self._file = file
        self._nodes = nodes

    def code(self, name: int, fingerprint: bytes) -> int | None:
        """The id of a name's code of that fingerprint."""
        row = self._file.row("SELECT id FROM memo_codes WHERE name = ? AND fingerprint = ?", (name, fingerprint))
        return None if row is None else int(row[0])

    def put_code(self, name: int, fingerprint: bytes) -> int:
        """The id of a name's code of that fingerprint, made when new."""
        found = self.code(name, fingerprint)
        if found is None:
            row = self._file.row("INSERT INTO memo_codes (name, fingerprint) VALUES (?, ?) RETURNING id", (name, fingerprint))
            found = int(row[0])  # type: ignore[index]  # RETURNING gives a row
        return found

    def of(self, node: int, code: int) -> list[Trace]:
        """What is known of a memo's results with that code: the present one first, then the latest."""
        rows = self._file.query(f"SELECT {_COLUMNS} FROM memo_nodes WHERE id = ? AND code = ? AND reads NOTNULL", (node, code))  # noqa: S608
        rows += self._file.query(f"SELECT {_COLUMNS} FROM memo_traces WHERE node = ? AND code = ? ORDER BY at DESC", (node, code))  # noqa: S608
        self._nodes.rows_read += len(rows)
        return [trace for row in rows if (trace := self._trace(row)) is not None]

    def present(self, node: int) -> Trace | None:
        """What a memo's row says of its result."""
        row = self._file.row(f"SELECT {_COLUMNS} FROM memo_nodes WHERE id = ? AND reads NOTNULL", (node,))  # noqa: S608  # our own
        return None if row is None else self._trace(row)

    def _trace(self, columns: tuple[Any, ...]) -> Trace | None:
        code, packed_deps, packed_reads, digest, packed_effects = columns
        deps = unpack_deps(packed_deps)
        reads = unpack_reads(packed_reads, code, digest)
        effects = unpack_effects(packed_effects)
        if deps is None or reads is None or len(deps) != len(reads) or (effects is None) != (packed_effects is None):
            self._nodes.damaged += 1
            return None
        return Trace(deps, reads, digest, effects)

    def put(self, traces: Iterable[tuple[int, int, Trace]]) -> None:
        """Keep results of earlier states, each with its node and code; the oldest beyond the bound go."""
        self.put_packed(
            [
                (node, code, pack_deps(kept.deps), pack_reads(kept.reads, code, kept.digest), kept.digest, pack_effects(kept.effects))
                for node, code, kept in traces
            ]
        )

    def put_packed(self, traces: Sequence[tuple[Any, ...]]) -> None:
        """As `put`, for rows (node, code, deps, reads, digest, effects)."""
        if not traces:
            return
        self.forget([trace[:4] for trace in traces])
        self._file.executemany(
            "INSERT INTO memo_traces (node, at, code, deps, reads, digest, effects, revision) "
            "VALUES (?1, (SELECT coalesce(max(at), 0) + 1 FROM memo_traces WHERE node = ?1), ?2, ?3, ?4, ?5, ?6,"
            " coalesce((SELECT value FROM memo_state WHERE name = 'revision'), 1))",
            traces,
        )
        self._file.executemany(
            "DELETE FROM memo_traces WHERE node = ?1 AND at <= "
            "(SELECT at FROM memo_traces WHERE node = ?1 ORDER BY at DESC LIMIT 1 OFFSET ?2)",
            [(node, _KEPT) for node in dict.fromkeys(trace[0] for trace in traces)],
        )

    def forget(self, contents: Sequence[tuple[Any, ...]]) -> None:
        """Drop traces of these (node, code, deps, reads), which are present again."""
        self._file.executemany("DELETE FROM memo_traces WHERE node = ? AND code = ? AND deps IS ? AND reads = ?", contents)

    def contents(self, ids: Sequence[int]) -> dict[int, tuple[Any, ...]]:
        """Code, dependencies, reads, digest and effects of nodes as they are stored, packed."""
        found: dict[int, tuple[Any, ...]] = {}
        for start in range(0, len(ids), _CHUNK):
            part = ids[start : start + _CHUNK]
            marks = ", ".join("?" * len(part))
            rows = self._file.query(f"SELECT id, {_COLUMNS} FROM memo_nodes WHERE id IN ({marks})", part)  # noqa: S608  # marks only
            found.update((row[0], row[1:]) for row in rows)
        return found
