"""Node text: a symbol as the commands present it, to people in one line and to programs under the names of its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lestockage.store.node_rows import NodeRow

_COLUMNS = (
    *("qualified_name", "symbol_name", "node_type", "language", "file_path", "start_line", "start_column", "end_line", "end_column"),
    *("signature", "visibility", "complexity"),
)


def node_object(node: NodeRow, projects: Mapping[int, str]) -> dict[str, object]:
    """Return a symbol for JSON: the columns of `intel_nodes`, its project by name, its hash in hexadecimal."""
    return {
        "project": projects[node.project_id],
        **{column: getattr(node, column) for column in _COLUMNS},
        "content_hash": node.content_hash.hex() if node.content_hash else None,
        "stale": bool(node.stale),
    }


def place(file_path: str | None, line: int | None) -> str:
    """Return where something is, as editors and terminals understand it (`file:line`); a dash for what is in no file."""
    if file_path is None:
        return "-"
    return file_path if line is None else f"{file_path}:{line}"


def node_cells(node: NodeRow) -> tuple[str, str, str]:
    """Return a symbol as the cells of a table: kind, qualified name, place; what is no longer current says so."""
    return (node.node_type, node.qualified_name, place(node.file_path, node.start_line) + (" (stale)" if node.stale else ""))
