"""Natural rows: what the intel tables say, without ids and times: equal in two files that know the same state of the same trees.

What is stale is left out, and so is an edge that leaves it and an external node that no other edge leads to: those rows are the last good
state of files that cannot be read now, which a file that was made later has never seen. An edge that leads from a current node to a stale
one is kept, for there must be none.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile

_NODES = """SELECT p.name, n.file_path, n.qualified_name, n.ordinal, n.symbol_name, n.node_type, n.language, n.signature, n.visibility,
    n.start_line, n.start_column, n.end_line, n.end_column, n.complexity, n.content_hash, n.stale
    FROM intel_nodes n JOIN projects p ON p.id = n.project_id"""
_EDGES = """SELECT p.name, a.file_path, a.qualified_name, a.ordinal, q.name, b.file_path, b.qualified_name, b.ordinal,
    e.edge_type, e.site_line, e.site_column, e.confidence, e.provenance, a.stale, b.stale
    FROM intel_edges e JOIN intel_nodes a ON a.id = e.caller_id JOIN projects p ON p.id = a.project_id
    JOIN intel_nodes b ON b.id = e.callee_id JOIN projects q ON q.id = b.project_id"""
_FILES = "SELECT p.name, f.path, f.size, f.digest, f.failure FROM source_files f JOIN projects p ON p.id = f.project_id"


class NaturalRows(NamedTuple):
    """The rows of nodes, edges (with how often each is there: once) and source files, in no order."""

    nodes: frozenset[tuple[Any, ...]]
    edges: Counter[tuple[Any, ...]]
    files: frozenset[tuple[Any, ...]]


def natural_rows(store: StoreFile) -> NaturalRows:
    """Return everything that is current in the tables of nodes, edges and source files, of all projects."""
    edges = [row for row in store.query(_EDGES) if not row[-2]]
    reached = {row[4:8] for row in edges}
    nodes = frozenset(row for row in store.query(_NODES) if not row[-1] and (row[5] != "external" or row[:4] in reached))
    return NaturalRows(nodes, Counter(edges), frozenset(store.query(_FILES)))
