"""Reference rows: every place in a project that uses another project, and what is known of the symbol that it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.store.connection import StoreFile


class ReferenceRow(NamedTuple):
    """One place; `line` counts from 1 in the caller's file, `name` is what the code says, `qualified_name` what it stands for, or None."""

    caller_id: int
    caller: str
    file_path: str | None
    line: int | None
    site_column: int
    edge_type: str
    provider_id: int
    symbol_id: int | None
    name: str
    qualified_name: str | None
    state: str


def stream_references(store: StoreFile, project_id: int, *, size: int = 10_000) -> Iterator[list[ReferenceRow]]:
    """Give the places in a project that use others, in lists of plain tuples in the order of `ReferenceRow`'s fields, by provider."""
    return store.stream(
        """SELECT e.caller_id, c.qualified_name, c.file_path, c.start_line + e.site_line, e.site_column, e.edge_type,
            r.provider_id, r.symbol_id, n.qualified_name, r.qualified_name, r.state
        FROM external_refs AS r
        CROSS JOIN intel_nodes AS n ON n.id = r.external_id
        CROSS JOIN intel_edges AS e ON e.callee_id = r.external_id
        CROSS JOIN intel_nodes AS c ON c.id = e.caller_id
        WHERE r.project_id = ? ORDER BY r.provider_id""",
        (project_id,),
        size=size,
    )
