"""References: who uses a symbol, in its own project and in all others, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.projects.handle import located, store_of
from lestockage.store.external_refs import standing_for
from lestockage.store.frontier_rows import nodes_by_id
from lestockage.store.neighbours import Neighbour, callers

if TYPE_CHECKING:
    from lestockage.projects.handle import Handle
    from lestockage.store.node_rows import NodeRow

REFERENCES = ("call", "inheritance", "data_dependency", "import")


class Reference(NamedTuple):
    """One use of a symbol: `site` has the user, the kind of edge and the place; `name` is what the user's code calls the symbol."""

    symbol: NodeRow
    site: Neighbour
    name: str


def refs(handle: Handle, symbol: str, *, all_projects: bool = False, project: str | None = None) -> list[Reference]:
    """Return who uses a symbol, by project, user and place; with `all_projects` also other projects than the symbol's own.

    `project` is the one that the symbol is of. What is used through it without being known (an attribute of a variable) counts as a use.

    Raises:
        UnknownSymbol, AmbiguousSymbol: the name stands for none, or for several.
        UnknownProject: there is no project of that name.
    """
    store = store_of(handle)
    with store.snapshot():
        nodes = {node.id: node for node in located(store, symbol, project)}
        found = [Reference(node, site, node.qualified_name) for node in nodes.values() for site in callers(store, node.id, REFERENCES)]
        if all_projects:
            pairs = standing_for(store, nodes)
            externals = {node.id: node for node in nodes_by_id(store, [external for _, external in pairs])}
            found += [
                Reference(nodes[symbol_id], site, externals[external_id].qualified_name)
                for symbol_id, external_id in pairs
                for site in callers(store, external_id, REFERENCES)
            ]
        home = {node.project_id for node in nodes.values()}
        return sorted(found, key=lambda each: (each.site.node.project_id not in home, each.site.node.project_id))
