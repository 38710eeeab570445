"""Handle: the open database that a function about projects reads, and the symbol that a name stands for in it, across projects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

from lestockage.errors import UnknownSymbol
from lestockage.projects.catalogue import Catalogue
from lestockage.projects.resolver import LINKED, Resolver
from lestockage.store.connection import StoreFile
from lestockage.store.definitions import definitions
from lestockage.store.external_refs import defining
from lestockage.store.frontier_rows import nodes_by_id
from lestockage.store.projects import get_project

if TYPE_CHECKING:
    from lestockage.store.node_rows import NodeRow


class HoldsFile(Protocol):
    """Whatever has an open file: a `Workspace`, an `IntelStore`, a `Lookup`."""

    @property
    def file(self) -> StoreFile:
        """The open file."""
        ...


Handle: TypeAlias = "StoreFile | HoldsFile"
"""What the functions about projects read: a `StoreFile`, or an owner of one."""


def store_of(handle: Handle) -> StoreFile:
    """Return the file behind a handle."""
    return handle if isinstance(handle, StoreFile) else handle.file


def id_of(store: StoreFile, project: str | None) -> int | None:
    """Return the id of a project by name, None for no name.

    Raises:
        UnknownProject: there is no project of that name.
    """
    return None if project is None else get_project(store, project).id


def located(store: StoreFile, symbol: str, project: str | None = None) -> list[NodeRow]:
    """Return the definitions of the one symbol that a name stands for: a name as the commands take it, or one by which it is imported.

    Raises:
        UnknownSymbol, AmbiguousSymbol: the name stands for none, or for several.
        UnknownProject: there is no project of that name.
    """
    project_id = id_of(store, project)
    try:
        return defining(store, definitions(store, symbol, project_id=project_id))
    except UnknownSymbol:
        found = imported_as(store, symbol, project_id)
        if not found:
            raise
        return found


def imported_as(store: StoreFile, name: str, project_id: int | None) -> list[NodeRow]:
    """Return the symbol that a dotted name leads to in the code of a project, or of nobody (None); nothing where it leads to none."""
    meaning, _ = Resolver(Catalogue(store)).resolve(project_id, name)
    return [] if meaning.state != LINKED or meaning.symbol is None else nodes_by_id(store, [meaning.symbol.node_id])
