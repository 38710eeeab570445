"""Version 3 tables: the SQL that holds the confidence of edges to 0 … 1 and says more of what projects offer; all of schema version 3.

SQLite adds a CHECK to a table only where the table is made, so `intel_edges` is made again and its rows are copied. That more
is not known of projects that were indexed before: with another digest their metadata counts as new, and the next run publishes all of them.
"""

from __future__ import annotations

from typing import Final

from lestockage.store.global_tables import EXTERNAL_USES
from lestockage.store.intel_tables import EDGE_INDEXES, EDGE_TABLE

VERSION_3_TABLES: Final = (
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
    # The dotted name, as in the module around, of the class of which calling a function, or reading a property, gives an object.
    "ALTER TABLE global_symbols ADD COLUMN call_gives TEXT",
    "ALTER TABLE global_symbols ADD COLUMN read_gives TEXT",
    # A module that puts names into its `globals()` has more than its statements say; so has a package with compiled modules (JSON).
    "ALTER TABLE module_names ADD COLUMN is_dynamic INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE project_distributions ADD COLUMN compiled TEXT NOT NULL DEFAULT '[]'",
    "UPDATE project_distributions SET digest = x''",
)
"""Every statement, in the order in which they are run."""
