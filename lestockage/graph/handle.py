"""Handle: the open database that a graph function reads, whichever of its owners it is given, and the symbols named in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

from lestockage.errors import UnknownSymbol
from lestockage.store.connection import StoreFile
from lestockage.store.definitions import definitions
from lestockage.store.external_refs import defining
from lestockage.store.frontier_rows import nodes_by_id
from lestockage.store.projects import get_project, list_projects

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lestockage.store.node_rows import NodeRow


class HoldsFile(Protocol):
    """Whatever has an open file: a `Workspace`, an `IntelStore`, a `Lookup`."""

    @property
    def file(self) -> StoreFile:
        """The open file."""
        ...


Handle: TypeAlias = "StoreFile | HoldsFile"
"""What a graph function reads: a `StoreFile`, or an owner of one."""

Symbol: TypeAlias = "str | int | Sequence[NodeRow]"
"""What a symbol is named by: a name (`store.definitions`), the id of a node, or its definitions, such as `Lookup.definitions` returns."""


def store_of(handle: Handle) -> StoreFile:
    """Return the file behind a handle."""
    return handle if isinstance(handle, StoreFile) else handle.file


def project_ids(store: StoreFile, names: Sequence[str]) -> list[int]:
    """Return the ids of projects, or those of all when none is named.

    Raises:
        UnknownProject: there is none of that name.
    """
    if not names:
        return [project.id for project in list_projects(store)]
    return [get_project(store, name).id for name in dict.fromkeys(names)]


def nodes_of(store: StoreFile, symbol: Symbol, project: str | None = None) -> list[NodeRow]:
    """Return the definitions of one symbol; a name outside its project leads to what it stands for in another, where that is known.

    Raises:
        UnknownSymbol, AmbiguousSymbol: the name stands for none, or for several; the id is that of no node.
        UnknownProject: there is no project of that name.
    """
    if not isinstance(symbol, str | int):
        return list(symbol)
    if isinstance(symbol, str):
        return defining(store, definitions(store, symbol, project_id=None if project is None else get_project(store, project).id))
    found = nodes_by_id(store, [symbol])
    if not found:
        raise UnknownSymbol(str(symbol))
    return found
