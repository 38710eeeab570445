"""Analysis tables: the SQL of what was found out about a body of code, kept by its content hash; a part of schema version 2.

Keyed by content, not by node: equal code in another file or project is analysed once. Nothing refers to it by a foreign key, since a row
outlives the nodes that made it (the same code comes back with the next branch switch).
"""

from __future__ import annotations

from typing import Final

ANALYSIS_TABLES: Final[tuple[str, ...]] = (
    # `version` is that of the two encodings; `timestamp` in milliseconds since 1970 (UTC), for a collection by age.
    """CREATE TABLE analysis_cache (
        node_hash BLOB NOT NULL PRIMARY KEY,
        language TEXT NOT NULL,
        version INTEGER NOT NULL,
        cfg_data BLOB,
        complexity_metrics BLOB,
        timestamp INTEGER NOT NULL
    ) STRICT""",
    # Apart from the analyses: moving code, or a comment in it, changes lines and no content.
    """CREATE TABLE statement_lines (
        source_file_id INTEGER PRIMARY KEY REFERENCES source_files(id) ON DELETE CASCADE,
        lines BLOB NOT NULL
    ) STRICT""",
)
"""One statement each, in the order in which they are run."""
