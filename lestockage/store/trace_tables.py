"""Trace tables: the SQL of what earlier states of a memo left, a part of schema version 2.

A memo's row says beside its dependencies what each of them came to (`reads`), under which code that was (`code`, an id of `memo_codes`),
and what the execution made beside its value (`effects`). Overwritten by another result, that content moves to `memo_traces`; a cold run
writes no row there. A trace refers to nodes by id and to values by digest: whoever collects either must keep what traces name.
"""

from __future__ import annotations

from typing import Final

TRACE_TABLES: Final[tuple[str, ...]] = (
    "ALTER TABLE memo_nodes ADD COLUMN code INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE memo_nodes ADD COLUMN reads BLOB",
    "ALTER TABLE memo_nodes ADD COLUMN effects BLOB",
    """CREATE TABLE memo_codes (
        id INTEGER PRIMARY KEY,
        name INTEGER NOT NULL,
        fingerprint BLOB NOT NULL,
        UNIQUE (name, fingerprint)
    ) STRICT""",
    """CREATE TABLE memo_traces (
        node INTEGER NOT NULL,
        at INTEGER NOT NULL,
        code INTEGER NOT NULL,
        deps BLOB,
        reads BLOB NOT NULL,
        digest BLOB,
        effects BLOB,
        revision INTEGER NOT NULL,
        PRIMARY KEY (node, at)
    ) STRICT, WITHOUT ROWID""",
)
"""One statement each, in the order in which they are run."""
