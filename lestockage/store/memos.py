"""Memos: the engine's memo store in the tables of the SQLite file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from blake3 import blake3

from lestockage.engine.memostore import HASH_LENGTH, Member, Suspect
from lestockage.errors import CorruptStore, StoreChanged
from lestockage.store.epochs import begin_epoch
from lestockage.store.memo_dirt import MemoDirt
from lestockage.store.memo_garbage import generation_of
from lestockage.store.memo_nodes import MemoNodes, key_hash
from lestockage.store.memo_traces import MemoTraces
from lestockage.store.row_seal import SEALED_CLEAN, member_seal, node_seal, pack_ids, unpack_ids
from lestockage.store.trace_blobs import pack_deps, pack_effects, pack_reads, places_of, unpack_deps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from lestockage.engine.memostore import Dep, Row, Trace
    from lestockage.store.connection import StoreFile
    from lestockage.store.leases import Leases


class SqliteMemos:
    """The memo tables of one open file; satisfies `lestockage.engine.memostore.MemoStore`."""

    __slots__ = (
        *("_commits", "_file", "_nodes", "_traces", "at_hand", "clean", "cone", "dirty", "find", "has_clean", "invalidate", "leases"),
        *("forget_at_hand", "look", "put_suspects", "suspects", "sweep", "sweep_name"),
    )

    at_hand: Callable[[int, bytes], Row | None]
    """The node of a name and key where it was read together with others, and nothing was written since."""
    find: Callable[[int, bytes], Row | None]
    """The node of a name and key."""
    look: Callable[[int, bytes], Row | None]
    """The node of a name and key; others that may be asked for next are at hand then."""
    forget_at_hand: Callable[[], None]
    """Have nothing at hand any more."""

    suspects: Callable[[int], list[Suspect]]
    """The dependencies that made a node dirty, and those of the dirty nodes below it, up to a bound."""
    cone: Callable[[Sequence[int]], list[Suspect]]
    """What a sweep of these nodes would note."""
    put_suspects: Callable[[Sequence[Suspect]], None]
    """Mark nodes dirty because of these dependencies."""
    sweep: Callable[[Sequence[int]], list[Suspect]]
    """Mark everything above these nodes dirty, noting why."""
    dirty: Callable[[Sequence[int]], list[int]]
    """Those of these nodes that are dirty."""
    clean: Callable[[Sequence[int]], list[int]]
    """The nodes of these names that are not dirty."""
    has_clean: Callable[[int], bool]
    """Whether any node of a name is not dirty."""
    invalidate: Callable[[Sequence[int]], set[int]]
    """Mark nodes as due for execution, and everything above dirty."""
    sweep_name: Callable[[int], set[int]]
    """Mark every node of a name as due for execution, and everything above dirty."""

    def __init__(self, file: StoreFile, leases: Leases) -> None:
        self._file = file
        self.leases = leases
        self._nodes = MemoNodes(file)
        self.at_hand = self._nodes.at_hand
        self.find, self.look = self._nodes.find, self._nodes.look
        self.forget_at_hand = self._nodes.forget_ahead
        dirt = MemoDirt(file, self._nodes)
        self.suspects, self.sweep = dirt.suspects, dirt.sweep
        self.cone, self.put_suspects = dirt.cone, dirt.put_suspects
        self.dirty, self.clean, self.has_clean = dirt.dirty, dirt.clean, dirt.has_clean
        self.invalidate, self.sweep_name = dirt.invalidate, dirt.sweep_name
        self._traces = MemoTraces(file, self._nodes)
        self._commits = 0

    @property
    def rows_read(self) -> int:
        """How many rows were read so far: what reopening costs, counted."""
        return self._nodes.rows_read

    @property
    def damaged(self) -> int:
        """How many damaged rows and values were met so far."""
        return self._nodes.damaged

    def revision(self) -> int:
        """The revision of the stored inputs, 1 in an empty store."""
        row = self._file.row("SELECT value FROM memo_state WHERE name = 'revision'")
        return 1 if row is None else int(row[0])

    def set_revision(self, revision: int) -> None:
        """Record the revision of the inputs."""
        self._file.execute(
            "INSERT INTO memo_state VALUES ('revision', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (revision,)
        )

    def generation(self) -> int:
        """How many times memos or inputs were written to the file, by any process."""
        return generation_of(self._file)

    def set_generation(self, generation: int) -> None:
        """Record that memos or inputs are written."""
        self._file.execute(
            "INSERT INTO memo_state VALUES ('generation', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (generation,)
        )
        begin_epoch(self._file)

    def foreign_commits(self) -> int:
        """A number that changes when another connection has committed to the file."""
        commits = self._file.foreign_commits()
        if commits != self._commits:
            self._commits = commits
            self._nodes.forget_ahead()
        return commits

    def changed_meanwhile(self) -> StoreChanged:
        """The error for a file that another process has written."""
        return StoreChanged(self._file.path)

    def names(self) -> dict[str, tuple[int, bytes]]:
        """Every stored name with its id and fingerprint."""
        return {
            name: (number, fingerprint) for number, name, fingerprint in self._file.query("SELECT id, name, fingerprint FROM memo_names")
        }

    def put_name(self, name: str, fingerprint: bytes) -> int:
        """The id of a name; records its fingerprint."""
        row = self._file.row(
            "INSERT INTO memo_names (name, fingerprint) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET fingerprint = excluded.fingerprint RETURNING id",
            (name, fingerprint),
        )
        return int(row[0])  # type: ignore[index]  # RETURNING gives a row

    def name(self, name: str) -> tuple[int, bytes] | None:
        """One stored name's id and fingerprint."""
        found: tuple[int, bytes] | None = self._file.row("SELECT id, fingerprint FROM memo_names WHERE name = ?", (name,))
        return found

    def all_name_deps(self) -> Sequence[tuple[int, int]]:
        """Every recorded (dependent, dependency) pair of names."""
        return self._file.query("SELECT dependent, dep FROM memo_name_edges")

    def name_deps(self, name: int) -> Sequence[int]:
        """The names whose nodes nodes of that name have read."""
        return [row[0] for row in self._file.query("SELECT dep FROM memo_name_edges WHERE dependent = ?", (name,))]

    def put_name_deps(self, edges: Iterable[tuple[int, int]]) -> None:
        """Record (dependent, dependency) pairs of names."""
        self._file.executemany("INSERT OR IGNORE INTO memo_name_edges (dependent, dep) VALUES (?, ?)", edges)

    def read_ahead(self, ids: Sequence[int]) -> None:
        """Have the memos among these nodes at hand."""
        self._nodes.read_ahead(ids)

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """The nodes of these ids."""
        return self._nodes.rows(ids)

    def code(self, name: int, fingerprint: bytes) -> int | None:
        """The id of a name's code of that fingerprint."""
        return self._traces.code(name, fingerprint)

    def put_code(self, name: int, fingerprint: bytes) -> int:
        """The id of a name's code of that fingerprint, made when new."""
        return self._traces.put_code(name, fingerprint)

    def traces(self, node: int, code: int) -> list[Trace]:
        """What is known of a memo's results with that code."""
        return self._traces.of(node, code)

    def present(self, node: int) -> Trace | None:
        """What a memo's row says of its result."""
        return self._traces.present(node)

    def put_traces(self, traces: Iterable[tuple[int, int, Trace]]) -> None:
        """Keep results of earlier states."""
        self._traces.put(traces)

    def value(self, digest: bytes) -> bytes | None:
        """The encoded value of a digest, if it is there and its bytes match."""
        if len(digest) != HASH_LENGTH:
            return digest
        row = self._file.row("SELECT bytes FROM memo_values WHERE hash = ?", (digest,))
        self._nodes.rows_read += row is not None
        if row is None or blake3(row[0]).digest() != digest:
            # Whatever a sound row refers to is kept, so bytes that are missing were lost.
            self._nodes.damaged += 1
            return None
        data: bytes = row[0]
        return data

    def put_values(self, values: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep encoded values under their hashes; bytes that were damaged are healed."""
        self._file.executemany(
            "INSERT INTO memo_values VALUES (?, ?) ON CONFLICT (hash) DO UPDATE SET bytes = excluded.bytes WHERE bytes != excluded.bytes",
            sorted(values),  # in the order of the table's key: pages are filled, and found at hand
        )

    def members(self, name: int) -> list[Member]:
        """Every stored input of a class."""
        rows = self._file.query("SELECT key, cells, seal FROM memo_members WHERE name = ?", (name,))
        self._nodes.rows_read += len(rows)
        return [self._member(name, *row) for row in rows]

    def member(self, name: int, key: bytes) -> Member | None:
        """One stored input."""
        row = self._file.row("SELECT key, cells, seal FROM memo_members WHERE name = ? AND key = ?", (name, key))
        self._nodes.rows_read += row is not None
        return None if row is None else self._member(name, *row)

    def _member(self, name: int, key: bytes, cells: bytes, seal: int) -> Member:
        found = unpack_ids(cells)
        if found is None or seal != member_seal(name, key, cells):
            # Which inputs there are cannot be computed again, so nothing may be answered without it.
            self._nodes.damaged += 1
            raise CorruptStore(self._file.path, "the list of its inputs has changed bytes")
        return Member(key, found)

    def put_members(self, members: Iterable[tuple[int, Member]]) -> None:
        """Record inputs, each with the name of its class."""
        packed = [(name, member.key, pack_ids(member.cells)) for name, member in members]
        self._file.executemany(
            "INSERT OR REPLACE INTO memo_members (name, key, cells, seal) VALUES (?, ?, ?, ?)",
            [(*row, member_seal(*row)) for row in packed],
        )

    def delete_member(self, name: int, key: bytes) -> None:
        """Forget an input."""
        self._file.execute("DELETE FROM memo_members WHERE name = ? AND key = ?", (name, key))

    def transaction(self) -> AbstractContextManager[None]:
        """A block whose writes become durable together or not at all."""
        return self._file.transaction()

    def snapshot(self) -> AbstractContextManager[None]:
        """A block whose reads are all of one state; inside a transaction, of that one."""
        return self._file.snapshot()

    @property
    def is_pinned(self) -> bool:
        """Whether reads see an earlier state, because of `pin`."""
        return self._file.is_pinned

    def pin(self) -> bool:
        """Let all reads see the file as it is now."""
        return self._file.pin()

    def unpin(self) -> None:
        """Let reads see the latest state again."""
        self._file.unpin()

    def new_ids(self, count: int) -> range:
        """Fresh ids; to be called inside a transaction, which keeps other processes from taking the same."""
        row = self._file.row("SELECT value FROM memo_state WHERE name = 'next id'")
        first = 1 if row is None else int(row[0])
        self._file.execute(
            "INSERT INTO memo_state VALUES ('next id', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (first + count,)
        )
        return range(first, first + count)

    def insert(self, rows: Iterable[Row]) -> None:
        """Write nodes whose ids were given just now, with their edges."""
        edges: list[tuple[int, int, int]] = []

        def taken() -> Iterator[tuple[Any, ...]]:
            for row in rows:
                edges.extend(_edges(row))
                yield (row[0], row[1], key_hash(row[1], row[2]), row[2], *_state(row))

        self._file.executemany(
            "INSERT INTO memo_nodes (id, name, hash, key, digest, changed_at, verified_at, dirty, seal, effects, code, deps, reads)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            taken(),
        )
        self._insert_edges(edges)
        self._nodes.forget_ahead()

    def update(self, rows: Sequence[Row]) -> None:
        """Write nodes that are there as they are now, with their edges, and clear their suspects; damaged ones are sound then.

        Results that are replaced stay as traces.
        """
        if not rows:
            return
        before = self._traces.contents([row.id for row in rows])
        states = [(_state(row), row) for row in rows]
        self._file.executemany(
            "UPDATE memo_nodes SET digest = ?, changed_at = ?, verified_at = ?, dirty = ?, seal = ?, effects = ?, code = ?, deps = ?,"
            " reads = ? WHERE id = ?",
            [(*state, row.id) for state, row in states],
        )
        self._keep_replaced(states, before)
        unsound = [row for row in rows if row.id in self._nodes.unsound] if self._nodes.unsound else []
        if unsound:
            # What tells where they begin, and what they are found by, may be what was damaged.
            self._file.executemany(
                "UPDATE memo_nodes SET name = ?, hash = ?, key = ? WHERE id = ?",
                [(row.name, key_hash(row.name, row.key), row.key, row.id) for row in unsound],
            )
            self._file.executemany("DELETE FROM memo_edges WHERE dependent = ?", [(row.id,) for row in unsound])
            self._nodes.unsound.difference_update(row.id for row in unsound)
        moved = [row for state, row in states if before.get(row.id, (0, None))[1] != state[-2] or (unsound and row in unsound)]
        gone = [(dep, row.id) for row in moved for dep in places_of(unpack_deps(before.get(row.id, (0, None))[1]) or ())]
        self._file.executemany("DELETE FROM memo_edges WHERE dep = ? AND dependent = ?", gone)
        self._insert_edges([edge for row in moved for edge in _edges(row)])
        self._file.executemany("DELETE FROM memo_suspects WHERE dependent = ?", [(row.id,) for row in rows])
        self._nodes.forget_ahead()

    def _keep_replaced(self, states: list[tuple[tuple[Any, ...], Row]], before: dict[int, tuple[Any, ...]]) -> None:
        """Keep the results that rows held before, where they are others now, as traces."""
        replaced: list[tuple[Any, ...]] = []
        renewed: list[tuple[Any, ...]] = []
        for state, row in states:
            was = before.get(row.id)
            if was is None or was[:3] == state[-3:]:
                continue
            if was[2] is not None and row.id not in self._nodes.unsound:
                replaced.append((row.id, *was))
            if row.reads is not None:
                renewed.append((row.id, *state[-3:]))
        self._traces.put_packed(replaced)
        self._traces.forget(renewed)

    def _insert_edges(self, edges: list[tuple[int, int, int]]) -> None:
        edges.sort()  # in the order of the table's key, so that a large load appends instead of seeking
        self._file.executemany("INSERT INTO memo_edges (dep, dependent, position) VALUES (?, ?, ?)", edges)

    def put_verified(self, ids: Sequence[int], revision: int) -> None:
        """Record that nodes hold in a revision with the value and dependencies that they have."""
        self._file.executemany(
            f"UPDATE memo_nodes SET dirty = 0, verified_at = ?1, seal = {SEALED_CLEAN} + ?1 - verified_at WHERE id = ?2",  # noqa: S608
            [(revision, node) for node in ids],
        )
        self._file.executemany("DELETE FROM memo_suspects WHERE dependent = ?", [(node,) for node in ids])
        self._nodes.forget_ahead()

    def deps(self, ids: Sequence[int]) -> dict[int, tuple[Dep, ...]]:
        """The present dependencies of those nodes that are stored; a node whose are damaged depends on 0, which no node is."""
        return self._nodes.deps(ids)

    def close(self) -> None:
        """Give leases back, and close the file."""
        self.leases.close()
        self._file.close()


def _edges(row: Row) -> list[tuple[int, int, int]]:
    """Return the rows of what a node has read, each of which once."""
    return [(dep, row.id, position) for dep, position in places_of(row.deps).items()] if row.deps else []


def _state(row: Row) -> tuple[Any, ...]:
    """Return what a row says beside what it is found by, in the order of the columns."""
    number, name, key, digest, changed_at, verified_at, is_dirty, deps, effects, code, reads, _, _ = row
    return (
        digest,
        changed_at,
        verified_at,
        int(is_dirty),
        node_seal(number, name, key, digest, changed_at, verified_at, is_dirty),
        None if effects is None else pack_effects(effects),
        code,
        pack_deps(deps) if deps else None,
        pack_reads(reads, code, digest),
    )
