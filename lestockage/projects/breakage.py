"""Breakage: what code uses of another project that is not there: removed, renamed, or never there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.projects.handle import id_of, store_of
from lestockage.store.distributions import find_distribution
from lestockage.store.external_uses import missing_uses
from lestockage.store.global_symbols import symbols_with_body
from lestockage.store.projects import list_projects

if TYPE_CHECKING:
    from lestockage.projects.handle import Handle
    from lestockage.store.connection import StoreFile
    from lestockage.store.external_refs import ExternalRef
    from lestockage.store.node_rows import NodeRow

_MOST_CANDIDATES = 3
"""A body that more symbols have says nothing about where one of them went."""


class Breakage(NamedTuple):
    """One place that uses what is not there.

    `name` is what the code says, `lost_name` the definition that it had (None: none since the code was indexed), `lost_at` when that went
    (milliseconds since 1970), `renamed_to` what has the same body now in the provider, whose `version` is that of its metadata.
    """

    project: str
    user: NodeRow
    edge_type: str
    line: int | None
    column: int
    name: str
    provider: str
    version: str | None
    lost_name: str | None
    lost_at: int | None
    renamed_to: tuple[str, ...]


def breakage(handle: Handle, *, project: str | None = None) -> list[Breakage]:
    """Return the places at which a project, or any, uses what its provider does not have, by project, file and line.

    What is only one of several possibilities for a call is left out, and so is what may be there without the code saying so: names behind
    `__getattr__`, metaclasses, bases that are not indexed.

    Raises:
        UnknownProject: there is no project of that name.
    """
    store = store_of(handle)
    with store.snapshot():
        names = {each.id: each.name for each in list_projects(store)}
        chosen = id_of(store, project)
        versions: dict[int, str | None] = {}
        suggestions: dict[int, tuple[str, ...]] = {}
        found = []
        for project_id in names if chosen is None else [chosen]:
            for use in missing_uses(store, project_id):
                provider_id = use.ref.provider_id
                if provider_id not in versions:
                    row = find_distribution(store, provider_id)
                    versions[provider_id] = row and row.version
                if use.ref.external_id not in suggestions:
                    suggestions[use.ref.external_id] = _renamed(store, use.ref)
                found.append(
                    Breakage(
                        *(names[project_id], use.user, use.edge_type, use.line, use.column, use.name),
                        *(names[provider_id], versions[provider_id], use.ref.lost_name, use.ref.lost_at),
                        suggestions[use.ref.external_id],
                    )
                )
        return found


def _renamed(store: StoreFile, ref: ExternalRef) -> tuple[str, ...]:
    """Return the names that have the body now which went: the one of the same last name if there is one, else the few that there are."""
    if ref.lost_body is None or ref.lost_name is None:
        return ()
    found = list(dict.fromkeys([symbol.qualified_name for symbol in symbols_with_body(store, ref.provider_id, ref.lost_body)]))
    last = ref.lost_name.rpartition(".")[2]
    same = [name for name in found if name.rpartition(".")[2] == last]
    return tuple(same or found) if len(same or found) <= _MOST_CANDIDATES else ()
