"""External references: what the external nodes of projects stand for in other projects."""

# ruff: noqa: S608  # SQL is put together from constants of this package; values are always parameters

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from lestockage.store.frontier_rows import nodes_by_id
from lestockage.store.json_lists import id_list, sorted_list

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from lestockage.store.connection import StoreFile
    from lestockage.store.node_rows import NodeRow


class ExternalRef(NamedTuple):
    """What an external node stands for.

    `symbol_id` is a node of the provider, None unless `state` is "linked" or "partial" (the nearest symbol on the way to the name).
    `lost_name`, `lost_body` and `lost_at` (milliseconds since 1970) tell what it stood for, and until when, where the provider has it no
    more.
    """

    external_id: int
    project_id: int
    provider_id: int
    symbol_id: int | None
    qualified_name: str | None
    state: str
    is_ambiguous: int
    lost_name: str | None
    lost_body: bytes | None
    lost_at: int | None


External = tuple[int, int, str]
"""An external node: id, project, dotted name."""

_FIELDS: Final = ExternalRef._fields
COLUMNS: Final = ", ".join(f"r.{field}" for field in _FIELDS)
"""The columns of an `ExternalRef`, of a table called `r`."""
_UPSERT: Final = (
    f"INSERT INTO external_refs ({', '.join(_FIELDS)}) VALUES ({', '.join('?' * len(_FIELDS))})"
    f" ON CONFLICT (external_id) DO UPDATE SET {', '.join(f'{field} = excluded.{field}' for field in _FIELDS[1:])}"
)
_EXTERNAL: Final = "SELECT n.id, n.project_id, n.qualified_name FROM"


def externals_by_step(store: StoreFile, names: Iterable[str]) -> list[External]:
    """Return the external nodes for which one of some names was looked up."""
    return store.query(
        "SELECT DISTINCT n.id, n.project_id, n.qualified_name FROM json_each(?) CROSS JOIN external_steps AS s ON s.name = json_each.value"
        " CROSS JOIN intel_nodes AS n ON n.id = s.external_id ORDER BY n.id",
        (sorted_list(names),),
    )


def externals_below(store: StoreFile, name: str) -> list[External]:
    """Return the external nodes of every project that are a name or something in it."""
    found = f"{_EXTERNAL} intel_nodes AS n INDEXED BY intel_nodes_external WHERE n.node_type = 'external' AND"
    return store.query(
        # One look-up each: with OR between them, SQLite would read every external node.
        f"{found} n.qualified_name = ? UNION ALL {found} n.qualified_name >= ? AND n.qualified_name < ? ORDER BY 1",
        (name, f"{name}.", f"{name}/"),
    )


def externals_of_project(store: StoreFile, project_id: int) -> list[External]:
    """Return the external nodes of a project."""
    return store.query(
        f"{_EXTERNAL} intel_nodes AS n WHERE n.project_id = ? AND n.file_path IS NULL AND n.node_type = 'external' ORDER BY n.id",
        (project_id,),
    )


def missing_externals(store: StoreFile, project_id: int) -> list[External]:
    """Return the external nodes of a project that their provider does not have."""
    return store.query(
        f"{_EXTERNAL} external_refs AS r CROSS JOIN intel_nodes AS n ON n.id = r.external_id"
        " WHERE r.project_id = ? AND r.state = 'missing' ORDER BY n.id",
        (project_id,),
    )


def externals_of_provider(store: StoreFile, provider_id: int) -> list[External]:
    """Return the external nodes that stand for something in a project."""
    return store.query(
        f"{_EXTERNAL} external_refs AS r CROSS JOIN intel_nodes AS n ON n.id = r.external_id WHERE r.provider_id = ? ORDER BY n.id",
        (provider_id,),
    )


def refs_of(store: StoreFile, external_ids: Iterable[int]) -> dict[int, ExternalRef]:
    """Return what is stored of some external nodes, by id."""
    found = store.query(
        f"SELECT {COLUMNS} FROM json_each(?) CROSS JOIN external_refs AS r ON r.external_id = json_each.value", (id_list(external_ids),)
    )
    return {row[0]: ExternalRef._make(row) for row in found}


def steps_of(store: StoreFile, external_ids: Iterable[int]) -> dict[int, set[str]]:
    """Return the names that were looked up for some external nodes, by id."""
    found: dict[int, set[str]] = {}
    for external_id, name in store.query(
        "SELECT s.external_id, s.name FROM json_each(?) CROSS JOIN external_steps AS s ON s.external_id = json_each.value",
        (id_list(external_ids),),
    ):
        found.setdefault(external_id, set()).add(name)
    return found


def write_refs(store: StoreFile, rows: Iterable[ExternalRef]) -> int:
    """Write what external nodes stand for, and return how many there were."""
    return store.executemany(_UPSERT, rows)


def delete_refs(store: StoreFile, external_ids: Collection[int]) -> None:
    """Delete what is known of external nodes for which there is no provider any more, with their steps."""
    if external_ids:
        store.execute("DELETE FROM external_refs WHERE external_id IN (SELECT value FROM json_each(?))", (id_list(external_ids),))


def write_steps(store: StoreFile, added: Iterable[tuple[str, int]], removed: Iterable[tuple[str, int]]) -> None:
    """Write and delete (name, external node) of names that were looked up."""
    store.executemany("DELETE FROM external_steps WHERE name = ? AND external_id = ?", removed)
    store.executemany("INSERT INTO external_steps (name, external_id) VALUES (?, ?)", added)


def standing_for(store: StoreFile, node_ids: Iterable[int], *, only_linked: bool = False) -> list[tuple[int, int]]:
    """Return (symbol, external node) of the external nodes that stand for some symbols, or unless `only_linked` for a part of one."""
    chosen = " AND r.state = 'linked'" if only_linked else ""
    return store.query(
        "SELECT r.symbol_id, r.external_id FROM json_each(?) CROSS JOIN external_refs AS r ON r.symbol_id = json_each.value"
        f"{chosen} ORDER BY r.external_id",
        (id_list(node_ids),),
    )


def symbols_behind(store: StoreFile, external_ids: Iterable[int]) -> dict[int, int]:
    """Return by external node the symbol that it stands for, where that is known."""
    return dict(
        store.query(
            "SELECT r.external_id, r.symbol_id FROM json_each(?) CROSS JOIN external_refs AS r ON r.external_id = json_each.value"
            " WHERE r.symbol_id IS NOT NULL AND r.state = 'linked'",
            (id_list(external_ids),),
        )
    )


def defining(store: StoreFile, nodes: Sequence[NodeRow]) -> list[NodeRow]:
    """Return nodes with external ones replaced by what they stand for in another project, where that is known."""
    externals = [node.id for node in nodes if node.node_type == "external"]
    behind = symbols_behind(store, externals) if externals else {}
    if not behind:
        return list(nodes)
    found = {node.id: node for node in nodes_by_id(store, behind.values())}
    meant = [found.get(behind.get(node.id, node.id), node) for node in nodes]
    return list({node.id: node for node in meant}.values())
