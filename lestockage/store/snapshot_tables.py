"""Snapshot tables: the SQL of what a project's tables held at several moments, kept as validity intervals; a part of schema version 2.

A row is true from the snapshot `since` until before the snapshot `until`; NULL: it still was in the last one. Both are ids of `snapshots`
of the same project, in the order in which they were recorded, which need not be that of the commits. So a snapshot costs one row of its
own, one for each file that differs from the snapshot before, and one for each node or edge that does. What was true in snapshot `s`:
`since <= s AND (until IS NULL OR until > s)`.
"""

from __future__ import annotations

from typing import Final

SNAPSHOT_TABLES: Final[tuple[str, ...]] = (
    # `files`, `nodes` and `edges` count what is true in it; times in milliseconds since 1970 (UTC).
    """CREATE TABLE snapshots (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        project_id INTEGER NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
        label TEXT NOT NULL,
        commit_id TEXT,
        committed_at INTEGER,
        author TEXT,
        subject TEXT,
        recorded_at INTEGER NOT NULL,
        files INTEGER NOT NULL,
        nodes INTEGER NOT NULL,
        edges INTEGER NOT NULL,
        UNIQUE (project_id, label)
    ) STRICT""",
    # `places` is a MessagePack list of [symbol id, start line, start column, end line, end column] in the order of the file: moving
    # a symbol changes the row of its file, and none of its own.
    """CREATE TABLE snapshot_files (
        project_id INTEGER NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
        path TEXT NOT NULL,
        since INTEGER NOT NULL,
        until INTEGER,
        digest BLOB,
        rows_digest BLOB,
        failure TEXT,
        places BLOB NOT NULL,
        PRIMARY KEY (project_id, path, since)
    ) STRICT""",
    # Identities, which have no interval: what the rows below are about. A symbol without a file is external.
    """CREATE TABLE snapshot_symbols (
        id INTEGER PRIMARY KEY,
        project_id INTEGER NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
        file_path TEXT,
        qualified_name TEXT NOT NULL,
        ordinal INTEGER NOT NULL
    ) STRICT""",
    "CREATE UNIQUE INDEX snapshot_symbols_identity ON snapshot_symbols (project_id, file_path, qualified_name, ordinal)",
    "CREATE UNIQUE INDEX snapshot_symbols_fileless ON snapshot_symbols (project_id, qualified_name, ordinal) WHERE file_path IS NULL",
    """CREATE TABLE snapshot_nodes (
        symbol_id INTEGER NOT NULL REFERENCES snapshot_symbols(id) ON DELETE CASCADE,
        since INTEGER NOT NULL,
        until INTEGER,
        node_type TEXT NOT NULL,
        signature TEXT,
        visibility TEXT,
        decorators TEXT NOT NULL,
        complexity INTEGER,
        lines INTEGER NOT NULL,
        content_hash BLOB NOT NULL,
        signature_hash BLOB NOT NULL,
        body_hash BLOB NOT NULL,
        docstring_hash BLOB NOT NULL,
        PRIMARY KEY (symbol_id, since)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE snapshot_edges (
        caller_id INTEGER NOT NULL REFERENCES snapshot_symbols(id) ON DELETE CASCADE,
        callee_id INTEGER NOT NULL REFERENCES snapshot_symbols(id) ON DELETE CASCADE,
        edge_type TEXT NOT NULL,
        site_line INTEGER NOT NULL,
        site_column INTEGER NOT NULL,
        since INTEGER NOT NULL,
        until INTEGER,
        confidence REAL NOT NULL,
        provenance TEXT NOT NULL,
        PRIMARY KEY (caller_id, callee_id, edge_type, site_line, site_column, since)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX snapshot_edges_callee ON snapshot_edges (callee_id, edge_type)",
)
"""One statement each, in the order in which they are run."""
