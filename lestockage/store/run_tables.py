"""Run tables: the SQL of what the last index runs did, and why; a part of schema version 2."""

from __future__ import annotations

from typing import Final

RUN_TABLES: Final[tuple[str, ...]] = (
    # `at` in milliseconds since 1970 (UTC); `counts` is a MessagePack map of outcome -> how many, `steps` the same compressed list of
    # [call, outcome, index of the cause or -1, path, name, ordinal]; `omitted` are the steps beyond what is kept.
    """CREATE TABLE index_runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        project_id INTEGER NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
        at INTEGER NOT NULL,
        counts BLOB NOT NULL,
        steps BLOB NOT NULL,
        omitted INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX index_runs_project ON index_runs (project_id)",
)
"""One statement each, in the order in which they are run."""
