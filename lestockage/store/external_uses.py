"""External uses: the places at which projects use what other projects have, counted, and those of what is not there."""

# ruff: noqa: S608  # SQL is put together from constants of this package; values are always parameters

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from lestockage.store.external_refs import COLUMNS, ExternalRef
from lestockage.store.node_rows import NODE_COLUMNS, NodeRow

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile

_WIDTH: Final = len(ExternalRef._fields)
_NODE_WIDTH: Final = len(NodeRow._fields)
_MISSING: Final = (
    f"SELECT {COLUMNS}, x.qualified_name, {NODE_COLUMNS}, e.edge_type, n.start_line + e.site_line, e.site_column"
    " FROM external_refs AS r CROSS JOIN intel_nodes AS x ON x.id = r.external_id"
    " CROSS JOIN intel_edges AS e ON e.callee_id = r.external_id CROSS JOIN intel_nodes AS n ON n.id = e.caller_id"
    " WHERE r.state = 'missing' AND {chosen} AND e.confidence >= 1"
    " ORDER BY n.project_id, n.file_path, n.start_line + e.site_line, e.site_column, x.qualified_name, n.qualified_name, e.edge_type"
)

_USED: Final = "external_refs AS r INDEXED BY external_refs_provider CROSS JOIN projects AS p ON p.id = r.project_id CROSS JOIN"
_IS_USED: Final = "WHERE r.provider_id = ?1 AND EXISTS (SELECT 1 FROM intel_edges AS e WHERE e.callee_id = r.external_id)"


class MissingUse(NamedTuple):
    """One place at which code uses a name that the provider lacks; the line is None where the user has no position."""

    ref: ExternalRef
    name: str
    user: NodeRow
    edge_type: str
    line: int | None
    column: int


class UsedElsewhere(NamedTuple):
    """A symbol of a project that another project uses, or goes through on the way to one, and the last part of the name in that code."""

    symbol_id: int
    project: str
    name: str
    state: str


def used_elsewhere(store: StoreFile, provider_id: int) -> list[UsedElsewhere]:
    """Return the symbols of a project that code of other projects uses, by project and symbol; `"step"`: that it goes through."""
    found = store.query(
        f"SELECT r.symbol_id, p.name, n.qualified_name, r.state FROM {_USED} intel_nodes AS n ON n.id = r.external_id"
        f" {_IS_USED} AND r.symbol_id IS NOT NULL"
        f" UNION SELECT s.node_id, p.name, s.qualified_name, 'step' FROM {_USED} external_steps AS t ON t.external_id = r.external_id"
        f" CROSS JOIN global_symbols AS s ON s.project_id = ?1 AND s.qualified_name = t.name {_IS_USED} ORDER BY 2, 1",
        (provider_id,),
    )
    return [UsedElsewhere(symbol_id, project, name.rpartition(".")[2], state) for symbol_id, project, name, state in found]


def missing_uses(store: StoreFile, project_id: int) -> list[MissingUse]:
    """Return the places at which a project uses what its provider lacks, by file and line; one of several possibilities is left out."""
    found = store.query(_MISSING.format(chosen="r.project_id = ?"), (project_id,))
    return [
        MissingUse(
            ExternalRef._make(row[:_WIDTH]),
            row[_WIDTH],
            NodeRow._make(row[_WIDTH + 1 : _WIDTH + 1 + _NODE_WIDTH]),
            *row[_WIDTH + 1 + _NODE_WIDTH :],
        )
        for row in found
    ]


def count_uses(store: StoreFile, project_id: int) -> dict[int, tuple[int, int, int, int]]:
    """Return by provider how many of its names a project uses, in how many places, and how many names are missing, and ambiguous."""
    names = store.query(
        "SELECT provider_id, count(*), sum(state = 'missing'), sum(is_ambiguous) FROM external_refs WHERE project_id = ?"
        " GROUP BY provider_id ORDER BY provider_id",
        (project_id,),
    )
    places = dict(
        store.query(
            "SELECT r.provider_id, count(*) FROM external_refs AS r CROSS JOIN intel_edges AS e ON e.callee_id = r.external_id"
            " WHERE r.project_id = ? GROUP BY r.provider_id",
            (project_id,),
        )
    )
    return {provider: (count, places.get(provider, 0), missing, ambiguous) for provider, count, missing, ambiguous in names}
