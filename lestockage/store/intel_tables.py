"""Intel tables: the SQL of projects, source files, nodes and edges, a public interface: people query them with tools of their own.

Times are INTEGER milliseconds since 1970 (UTC). A CHECK compares with OR, not IN: SQLite builds the list of an IN again for every row,
which made a load of 120,000 edges half as slow again (0.87 s against 0.57 s).
"""

from __future__ import annotations

from typing import Final

from lestockage.store.type_names import EDGE_TYPES, NODE_TYPES


def _one_of(column: str, values: tuple[str, ...]) -> str:
    """Return a CHECK that a column has one of some values."""
    return "CHECK (" + " OR ".join(f"{column} = '{value}'" for value in values) + ")"


PROJECT_TABLES: Final = (
    """CREATE TABLE projects (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        root TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
    ) STRICT""",
    # What the last run saw of each file: enough to tell an unchanged tree without reading it, and to list what failed.
    # `rows_digest` is that of the nodes and edges that were written for it.
    """CREATE TABLE source_files (
        id INTEGER PRIMARY KEY,
        project_id INTEGER NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
        path TEXT NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        inode INTEGER NOT NULL,
        digest BLOB,
        failure TEXT,
        rows_digest BLOB,
        UNIQUE (project_id, path)
    ) STRICT""",
    "CREATE INDEX source_files_failed ON source_files (project_id, path) WHERE failure IS NOT NULL",
)

NODE_TABLE: Final = f"""CREATE TABLE intel_nodes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        project_id INTEGER NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
        file_path TEXT,
        symbol_name TEXT NOT NULL,
        qualified_name TEXT NOT NULL,
        ordinal INTEGER NOT NULL DEFAULT 0,
        node_type TEXT NOT NULL {_one_of("node_type", NODE_TYPES)},
        language TEXT,
        signature TEXT,
        visibility TEXT,
        start_line INTEGER,
        start_column INTEGER,
        end_line INTEGER,
        end_column INTEGER,
        complexity INTEGER,
        content_hash BLOB,
        stale INTEGER NOT NULL DEFAULT 0 {_one_of("stale", ("0", "1")).replace("'", "")},
        embedding BLOB,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
    ) STRICT"""

NODE_INDEXES: Final = (
    # The identity, and by its prefix the nodes of a project and of a file. NULLs are distinct in it, hence the second.
    "CREATE UNIQUE INDEX intel_nodes_identity ON intel_nodes (project_id, file_path, qualified_name, ordinal)",
    "CREATE UNIQUE INDEX intel_nodes_fileless ON intel_nodes (project_id, qualified_name, ordinal) WHERE file_path IS NULL",
    "CREATE INDEX intel_nodes_symbol_name ON intel_nodes (symbol_name)",
    "CREATE INDEX intel_nodes_qualified_name ON intel_nodes (qualified_name)",
    "CREATE INDEX intel_nodes_content_hash ON intel_nodes (content_hash) WHERE content_hash IS NOT NULL",
    "CREATE INDEX intel_nodes_stale ON intel_nodes (project_id, file_path) WHERE stale = 1",
)

EDGE_TABLE: Final = f"""CREATE TABLE intel_edges (
        caller_id INTEGER NOT NULL REFERENCES intel_nodes(id) ON DELETE CASCADE,
        callee_id INTEGER NOT NULL REFERENCES intel_nodes(id) ON DELETE CASCADE,
        edge_type TEXT NOT NULL {_one_of("edge_type", EDGE_TYPES)},
        site_line INTEGER NOT NULL,
        site_column INTEGER NOT NULL,
        confidence REAL NOT NULL,
        provenance TEXT NOT NULL,
        PRIMARY KEY (caller_id, callee_id, edge_type, site_line, site_column)
    ) STRICT, WITHOUT ROWID"""

EDGE_INDEXES: Final = (
    # Each holds the primary key too (WITHOUT ROWID), so it answers "who calls this, from where" by itself.
    "CREATE INDEX intel_edges_callee ON intel_edges (callee_id, edge_type)",
    "CREATE INDEX intel_edges_type ON intel_edges (edge_type)",
)

INTEL_TABLES: Final = (*PROJECT_TABLES, NODE_TABLE, *NODE_INDEXES, EDGE_TABLE, *EDGE_INDEXES)
"""Every statement, in the order in which they are run."""
