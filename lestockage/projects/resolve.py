"""Resolve: what a dotted name means, in the code of one project or anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.projects.catalogue import Catalogue
from lestockage.projects.handle import id_of, store_of
from lestockage.projects.resolver import ABSENT, LINKED, PARTIAL, Resolver
from lestockage.store.frontier_rows import nodes_by_id
from lestockage.store.projects import list_projects

if TYPE_CHECKING:
    from lestockage.projects.handle import Handle
    from lestockage.projects.resolver import Meaning
    from lestockage.store.connection import StoreFile
    from lestockage.store.node_rows import NodeRow


class Resolution(NamedTuple):
    """One meaning of a name.

    `state` is "linked": `node` is what is meant; "partial": `node` is the nearest symbol on the way, what it has is not known; "missing":
    the project provides the module or class and not the name; "unknown": it cannot be told. `rivals` are projects that provide the name as
    well as this one does: nothing but the projects' names decided.
    """

    name: str
    project: str
    state: str
    qualified_name: str
    node: NodeRow | None
    rivals: tuple[str, ...]


def resolve(handle: Handle, name: str, *, project: str | None = None, catalogue: Catalogue | None = None) -> list[Resolution]:
    """Return what a dotted name means in the code of a project: none or one; without a project, its meaning in each that provides it.

    The order in which projects are asked: the project itself, those it declares that it needs, all others (`projects.preference`). A
    `catalogue` keeps what was read for the next question.

    Raises:
        UnknownProject: there is no project of that name.
    """
    store = store_of(handle)
    with store.snapshot():
        catalogue = catalogue or Catalogue(store)
        catalogue.refresh()
        names = {each.id: each.name for each in list_projects(store)}
        resolver = Resolver(catalogue)
        if project is not None:
            meanings = [resolver.resolve(id_of(store, project), name)[0]]
        else:
            choices = catalogue.choices(None, name.partition(".")[0])
            meanings = [resolver.resolve(choice.provider.project_id, name)[0] for choice in choices]
        found = {(each.project_id, each.name): each for each in meanings if each.state != ABSENT and each.project_id is not None}
        return [_resolution(store, name, each, names) for each in found.values()]


def _resolution(store: StoreFile, name: str, meaning: Meaning, names: dict[int, str]) -> Resolution:
    symbol = meaning.symbol if meaning.state in (LINKED, PARTIAL) else None
    nodes = [] if symbol is None else nodes_by_id(store, [symbol.node_id])
    rivals = tuple(names[project_id] for project_id in meaning.rivals)
    return Resolution(name, names[meaning.project_id or 0], meaning.state, meaning.name, nodes[0] if nodes else None, rivals)
