"""Memo tables: the SQL of the tables that `memos` keeps, a part of schema version 1.

Nodes are input cells and memos alike, told apart by their name. `memo_edges` answers "who read this?"; the other direction is the packed
`deps` of a node's row. `memo_suspects` says which dependencies made a dirty node dirty, so that nothing else is looked at.
"""

from __future__ import annotations

from typing import Final

MEMO_TABLES: Final[tuple[str, ...]] = (
    """CREATE TABLE memo_state (
        name TEXT PRIMARY KEY,
        value INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE memo_names (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        fingerprint BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE memo_name_edges (
        dependent INTEGER NOT NULL,
        dep INTEGER NOT NULL,
        PRIMARY KEY (dependent, dep)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE memo_nodes (
        id INTEGER PRIMARY KEY,
        name INTEGER NOT NULL,
        hash INTEGER NOT NULL,
        key BLOB NOT NULL,
        digest BLOB,
        changed_at INTEGER NOT NULL,
        verified_at INTEGER NOT NULL,
        dirty INTEGER NOT NULL,
        deps BLOB
    ) STRICT""",
    "CREATE INDEX memo_nodes_hash ON memo_nodes (hash)",
    """CREATE TABLE memo_values (
        hash BLOB PRIMARY KEY,
        bytes BLOB NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE memo_edges (
        dep INTEGER NOT NULL,
        dependent INTEGER NOT NULL,
        position INTEGER NOT NULL,
        PRIMARY KEY (dep, dependent)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE memo_suspects (
        dependent INTEGER NOT NULL,
        position INTEGER NOT NULL,
        dep INTEGER NOT NULL,
        PRIMARY KEY (dependent, position)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE memo_members (
        name INTEGER NOT NULL,
        key BLOB NOT NULL,
        cells BLOB NOT NULL,
        PRIMARY KEY (name, key)
    ) STRICT, WITHOUT ROWID""",
)
"""One statement each, in the order in which they are run."""
