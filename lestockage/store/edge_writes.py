"""Edge writes: the statements that insert, change and delete edges, the same for the indexer and for those who bring their own graph."""

# ruff: noqa: S608  # SQL is put together from constants of this package; values are always parameters

from __future__ import annotations

from typing import Final

INSERT_EDGE: Final = (
    "INSERT INTO intel_edges (caller_id, callee_id, edge_type, site_line, site_column, confidence, provenance) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
"""Takes an `EdgeRow`."""

UPSERT_EDGE: Final = (
    f"{INSERT_EDGE} ON CONFLICT DO UPDATE SET confidence = excluded.confidence, provenance = excluded.provenance"
    " WHERE confidence <> excluded.confidence OR provenance <> excluded.provenance"
)
"""Takes an `EdgeRow`; what is stored already is not written."""

_IDENTITY: Final = "caller_id = ? AND callee_id = ? AND edge_type = ? AND site_line = ? AND site_column = ?"

DELETE_EDGE: Final = f"DELETE FROM intel_edges WHERE {_IDENTITY}"
"""Takes an edge's identity."""

UPDATE_EDGE: Final = f"UPDATE intel_edges SET confidence = ?, provenance = ? WHERE {_IDENTITY}"
"""Takes confidence and provenance, then the identity."""
