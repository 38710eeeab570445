"""Edge rows: what is stored of a reference from one symbol to another, and what a caller gives to store it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from lestockage.store.node_rows import NodeKey


class EdgeFacts(NamedTuple):
    """One outgoing edge at one site; a plain tuple of the same order serves as well, and is quicker to make.

    `site_line` counts from the caller's first line, so that moving the caller changes no edge; both are 0 for containment. `confidence` is
    within 0 and 1, and `provenance` names the rule that found the edge.
    """

    callee: NodeKey
    edge_type: str
    site_line: int
    site_column: int
    confidence: float
    provenance: str


EdgeRow = tuple[int, int, str, int, int, float, str]
"""One edge as it is stored: caller, callee, type, site line, site column, confidence, provenance. Plain, for there are very many."""


EDGE_COLUMNS: Final = "e.caller_id, e.callee_id, e.edge_type, e.site_line, e.site_column, e.confidence, e.provenance"
"""The columns of an `EdgeRow`, of a table called `e`."""
