"""Confidence tables: the SQL that holds the confidence of every edge to 0 … 1; all of schema version 3.

SQLite adds a CHECK to a table only where the table is made, so `intel_edges` is made again and its rows are copied.
"""

from __future__ import annotations

from typing import Final

from lestockage.store.global_tables import EXTERNAL_USES
from lestockage.store.intel_tables import EDGE_INDEXES, EDGE_TABLE

CONFIDENCE_TABLES: Final = (
    "DROP VIEW external_uses",  # or it would follow the table to its other name
    "ALTER TABLE intel_edges RENAME TO intel_edges_unchecked",
    EDGE_TABLE.replace("confidence REAL NOT NULL", "confidence REAL NOT NULL CHECK (confidence >= 0 AND confidence <= 1)"),
    # What somebody wrote past the models is brought to the nearest end rather than left behind: the file must open.
    """INSERT INTO intel_edges
        SELECT caller_id, callee_id, edge_type, site_line, site_column, max(0.0, min(1.0, confidence)), provenance
        FROM intel_edges_unchecked""",
    "DROP TABLE intel_edges_unchecked",
    *EDGE_INDEXES,
    EXTERNAL_USES,
)
"""Every statement, in the order in which they are run."""
