"""Snapshot writer: records the state of a project as the difference from the one recorded before.

Files are told apart by their digests, so only rows of files that differ are read and compared; where nothing differs, the snapshot's own
record is all that is written.
"""

# ruff: noqa: S608  # SQL is put together from constants of this package; values are always parameters

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgpack  # type: ignore[import-untyped]  # has no stubs

from lestockage.errors import SnapshotExists
from lestockage.store.clock import now
from lestockage.store.edge_changes import best_edges
from lestockage.store.snapshot_rows import last_snapshot, snapshot_of_label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lestockage.store.connection import StoreFile
    from lestockage.store.edge_rows import EdgeFacts
    from lestockage.store.node_rows import NodeKey
    from lestockage.store.snapshot_rows import SnapshotRow


class SnapshotLabel(NamedTuple):
    """What a snapshot is known by: its label, and the commit that it is the state of, if any; `committed_at` in milliseconds since 1970."""

    label: str
    commit_id: str | None = None
    committed_at: int | None = None
    author: str | None = None
    subject: str | None = None


class FileState(NamedTuple):
    """A file in a snapshot: digests of its content and of its rows as in `SourceFileRow`, and why it could not be read."""

    path: str
    digest: bytes | None
    rows_digest: bytes | None
    failure: str | None


class NodeState(NamedTuple):
    """A symbol in a snapshot; `decorators` one a line, `lines` how many it is long, spans as in `NodeFacts`."""

    qualified_name: str
    ordinal: int
    node_type: str
    signature: str | None
    visibility: str | None
    decorators: str
    complexity: int | None
    lines: int
    content_hash: bytes
    signature_hash: bytes
    body_hash: bytes
    docstring_hash: bytes
    start_line: int
    start_column: int
    end_line: int
    end_column: int


class FileRows(NamedTuple):
    """What a file adds to a snapshot: its symbols in the order of the file, and the edges that leave each of them."""

    nodes: list[NodeState]
    edges: Mapping[NodeKey, list[EdgeFacts]]


class Recorded(NamedTuple):
    """A snapshot that was recorded, and how many rows beside its own that wrote; 0 where nothing differed."""

    snapshot: SnapshotRow
    rows: int


_FACTS: Final = slice(2, 12)
_SPAN: Final = slice(12, 16)
_NODE_FACTS: Final = ", ".join(NodeState._fields[_FACTS])
_NODES_OF_FILE: Final = f"""SELECT y.id, {_NODE_FACTS} FROM snapshot_symbols AS y JOIN snapshot_nodes AS n ON n.symbol_id = y.id
    WHERE y.project_id = ? AND y.file_path = ? AND n.until IS NULL"""
_EDGE: Final = "caller_id, callee_id, edge_type, site_line, site_column, confidence, provenance"
_EDGES_OF_FILE: Final = f"""SELECT {_EDGE} FROM snapshot_symbols AS y JOIN snapshot_edges AS e ON e.caller_id = y.id
    WHERE y.project_id = ? AND y.file_path = ? AND e.until IS NULL"""
_END_NODE: Final = "UPDATE snapshot_nodes SET until = ? WHERE symbol_id = ? AND until IS NULL"
_END_EDGE: Final = """UPDATE snapshot_edges SET until = ? WHERE caller_id = ? AND callee_id = ? AND edge_type = ? AND site_line = ?
    AND site_column = ? AND until IS NULL"""
_END_FILE: Final = "UPDATE snapshot_files SET until = ? WHERE project_id = ? AND path = ? AND until IS NULL"
_ADD_NODE: Final = f"INSERT INTO snapshot_nodes (since, symbol_id, {_NODE_FACTS}) VALUES ({', '.join('?' * 12)})"
_ADD_EDGE: Final = f"INSERT INTO snapshot_edges (since, {_EDGE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_ADD_FILE: Final = "INSERT INTO snapshot_files (since, project_id, path, digest, rows_digest, failure, places) VALUES (?, ?, ?, ?, ?, ?, ?)"
_FIND_SYMBOL: Final = """SELECT id FROM snapshot_symbols
    WHERE project_id = ? AND file_path IS ? AND qualified_name = ? AND ordinal = ?"""
_ADD_SYMBOL: Final = "INSERT INTO snapshot_symbols (project_id, file_path, qualified_name, ordinal) VALUES (?, ?, ?, ?) RETURNING id"
_COLUMNS: Final = "project_id, label, commit_id, committed_at, author, subject, recorded_at, files, nodes, edges"
_RECORD: Final = f"INSERT INTO snapshots ({_COLUMNS}) VALUES ({', '.join('?' * 10)}) RETURNING id"

_Open = dict[str, tuple[bytes | None, bytes | None, str | None]]  # path -> digest, rows_digest, failure


class SnapshotWriter:
    """Records snapshots of one project, one after the other; what it has learnt of the file is kept between them."""

    __slots__ = ("_commits", "_ids", "_last", "_open", "_project_id", "_store")

    def __init__(self, store: StoreFile, project_id: int) -> None:
        self._store = store
        self._project_id = project_id
        self._commits: int | None = None
        self._ids: dict[Any, int] = {}
        self._open: _Open = {}
        self._last: SnapshotRow | None = None

    def record(self, label: SnapshotLabel, files: Iterable[FileState], rows_of: Callable[[str], FileRows]) -> Recorded:
        """Record a state: all its files, and for a path that `rows_of` is asked for, what the file adds.

        `rows_of` is asked once for each file that is new or differs from the last snapshot. All or nothing, in one transaction or within
        the one that is open. A label that names this very state already is kept as it is.

        Raises:
            SnapshotExists: the label is that of another state.
        """
        with self._store.transaction():
            self._refresh()
            wanted = {file.path: file for file in files}
            changed = [file for path, file in wanted.items() if self._open.get(path) != file[1:]]
            gone = [path for path in self._open if path not in wanted]
            last = self._last
            if snapshot_of_label(self._store, self._project_id, label.label) is not None:
                if changed or gone or last is None or last.label != label.label:
                    raise SnapshotExists(label.label)
                return Recorded(last, 0)
            before = self._store.total_changes
            snapshot_id = self._insert(label, len(wanted))
            nodes, edges = (0, 0) if last is None else (last.nodes, last.edges)
            try:
                for path in gone:
                    self._store.execute(_END_FILE, (snapshot_id, self._project_id, path))
                    added = self._replace(snapshot_id, path, FileRows([], {}))
                    nodes, edges = nodes + added[0], edges + added[1]
                    del self._open[path]
                for file in changed:
                    nodes_added, edges_added = self._change(snapshot_id, file, rows_of(file.path))
                    nodes, edges = nodes + nodes_added, edges + edges_added
            except BaseException:
                self._commits = None  # what is in memory is of a transaction that is undone
                raise
            rows = self._store.total_changes - before - 1
            self._store.execute(
                "UPDATE snapshots SET nodes = ?, edges = ? WHERE id = ? AND (nodes, edges) <> (?, ?)",
                (nodes, edges, snapshot_id, nodes, edges),
            )
            self._last = snapshot_of_label(self._store, self._project_id, label.label)
            assert self._last is not None  # noqa: S101  # it was inserted
            return Recorded(self._last, rows)

    def _refresh(self) -> None:
        """Read what others may have changed since the last look."""
        commits = self._store.foreign_commits()
        if commits == self._commits:
            return
        store, project = self._store, (self._project_id,)
        self._last = last_snapshot(store, self._project_id)
        self._open = {
            path: (digest, rows_digest, failure)
            for path, digest, rows_digest, failure in store.query(
                "SELECT path, digest, rows_digest, failure FROM snapshot_files WHERE project_id = ? AND until IS NULL", project
            )
        }
        self._ids = {}
        self._commits = commits

    def _insert(self, label: SnapshotLabel, files: int) -> int:
        """Insert the snapshot's own record, with the counts of the one before."""
        last = self._last
        nodes, edges = (0, 0) if last is None else (last.nodes, last.edges)
        found = self._store.query(_RECORD, (self._project_id, *label, now(), files, nodes, edges))
        return int(found[0][0])

    def _change(self, snapshot_id: int, file: FileState, rows: FileRows) -> tuple[int, int]:
        """Write what differs of one file, and return by how many nodes and edges there are more."""
        path = file.path
        if path in self._open:
            self._store.execute(_END_FILE, (snapshot_id, self._project_id, path))
        added = self._replace(snapshot_id, path, rows)
        places = [[self._id((path, node.qualified_name, node.ordinal)), *tuple(node)[_SPAN]] for node in rows.nodes]
        self._store.execute(
            _ADD_FILE, (snapshot_id, self._project_id, path, file.digest, file.rows_digest, file.failure, msgpack.packb(places))
        )
        self._open[path] = (file.digest, file.rows_digest, file.failure)
        return added

    def _replace(self, snapshot_id: int, path: str, rows: FileRows) -> tuple[int, int]:
        """Bring the nodes and edges of one file to what is wanted, ending the intervals of the rest; return how many more there are."""
        store, file = self._store, (self._project_id, path)
        is_known = path in self._open
        stored_nodes = {row[0]: row[1:] for row in store.query(_NODES_OF_FILE, file)} if is_known else {}
        stored_edges = set(store.query(_EDGES_OF_FILE, file)) if is_known else set()
        nodes = {self._id((path, node.qualified_name, node.ordinal)): tuple(node)[_FACTS] for node in rows.nodes}
        listed = [
            (self._id(caller[1:]), self._id(edge[0][1:] if edge[0][0] == self._project_id else (None, *edge[0][2:])), *edge[1:])
            for caller, facts in rows.edges.items()
            for edge in best_edges(facts)
        ]
        edges = set({edge[:5]: edge for edge in listed}.values())
        ended = [(snapshot_id, each) for each, facts in stored_nodes.items() if nodes.get(each) != facts]
        begun = [(snapshot_id, each, *facts) for each, facts in nodes.items() if stored_nodes.get(each) != facts]
        store.executemany(_END_NODE, ended)
        store.executemany(_ADD_NODE, begun)
        store.executemany(_END_EDGE, [(snapshot_id, *edge[:5]) for edge in stored_edges - edges])
        store.executemany(_ADD_EDGE, [(snapshot_id, *edge) for edge in edges - stored_edges])
        return len(nodes) - len(stored_nodes), len(edges) - len(stored_edges)

    def _id(self, key: tuple[Any, ...]) -> int:
        """Return the id of a symbol's identity (path, qualified name, ordinal), which is made when it is new."""
        found = self._ids.get(key)
        if found is None:
            named = (self._project_id, *key)
            row = self._store.row(_FIND_SYMBOL, named)
            found = self._ids[key] = int((row or self._store.query(_ADD_SYMBOL, named)[0])[0])
        return found
