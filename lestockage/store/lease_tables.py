"""Lease tables: the SQL of the tables that `leases` keeps, a part of schema version 2.

A holder is one open database of one process; `machine` tells in which space of process numbers `pid` is one, `started` tells two processes
of the same number apart, and `until` (milliseconds since 1970) is how long its leases are good without a word from it. A lease says that a
holder is at work on `what`, a digest of the work.
"""

from __future__ import annotations

from typing import Final

LEASE_TABLES: Final[tuple[str, ...]] = (
    """CREATE TABLE lease_holders (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        machine TEXT NOT NULL,
        pid INTEGER NOT NULL,
        started INTEGER NOT NULL,
        until INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE leases (
        what BLOB PRIMARY KEY,
        holder INTEGER NOT NULL REFERENCES lease_holders (id) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX leases_holder ON leases (holder)",
)
"""One statement each, in the order in which they are run."""
