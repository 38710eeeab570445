"""Planting: nodes and edges for the store's tests, named briefly, and the whole content of a file by natural keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.store.edge_rows import EdgeFacts
from lestockage.store.node_rows import NodeFacts, NodeKey

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile


def node(
    name: str, line: int = 1, *, ordinal: int = 0, kind: str = "function", content: bytes = b"body", signature: str = "()"
) -> NodeFacts:
    """Return the facts of a symbol that starts at `line` and is two lines long."""
    return NodeFacts(name, ordinal, name.rpartition(".")[2], kind, "python", signature, "public", 1, content, line, 0, line + 1, 8)


def key(project: int, file: str | None, name: str, ordinal: int = 0) -> NodeKey:
    """Return the identity of a symbol."""
    return NodeKey(project, file, name, ordinal)


def edge(callee: NodeKey, line: int = 1, column: int = 4, *, kind: str = "call", confidence: float = 1.0, rule: str = "name") -> EdgeFacts:
    """Return an edge to `callee` at a site."""
    return EdgeFacts(callee, kind, line, column, confidence, rule)


def nodes_in(store: StoreFile) -> set[tuple[Any, ...]]:
    """Return every node without its id and times."""
    return set(
        store.query(
            "SELECT p.name, file_path, qualified_name, ordinal, symbol_name, node_type, language, signature, visibility, complexity,"
            " content_hash, start_line, start_column, end_line, end_column, stale FROM intel_nodes JOIN projects AS p ON p.id = project_id"
        )
    )


def edges_in(store: StoreFile) -> set[tuple[Any, ...]]:
    """Return every edge with the names of its ends in place of their ids."""
    return set(
        store.query(
            "SELECT a.file_path, a.qualified_name, a.ordinal, b.file_path, b.qualified_name, b.ordinal, edge_type, site_line, site_column,"
            " confidence, provenance FROM intel_edges JOIN intel_nodes AS a ON a.id = caller_id JOIN intel_nodes AS b ON b.id = callee_id"
        )
    )


def ids_in(store: StoreFile) -> dict[str, int]:
    """Return every node's id by its qualified name."""
    return dict(store.query("SELECT qualified_name, id FROM intel_nodes"))
