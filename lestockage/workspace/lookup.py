"""Look-up: what a database file answers about symbols, read from the intel tables alone; no tree is walked and no query is asked.

How a symbol is named is told in `store.definitions`.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from lestockage.errors import MissingIndex, PathNotFound, UnknownSymbol
from lestockage.store import neighbours, totals
from lestockage.store.connection import StoreFile
from lestockage.store.definitions import FILE_MARK, definitions
from lestockage.store.distributions import is_library
from lestockage.store.external_refs import defining, standing_for, symbols_behind
from lestockage.store.frontier_rows import nodes_by_id
from lestockage.store.projects import get_project, list_projects
from lestockage.store.schema import stored_version
from lestockage.store.source_files import failed_source_files
from lestockage.store.symbol_lookup import find_symbols, near_names

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence

    from lestockage.store.neighbours import Neighbour
    from lestockage.store.node_rows import NodeRow
    from lestockage.store.projects import ProjectRow
    from lestockage.store.totals import CalledNode

_CALLS = ("call",)


class ProjectTotals(NamedTuple):
    """How much of what one project has."""

    project: ProjectRow
    files: int
    nodes: dict[str, int]
    edges: dict[str, int]
    stale: dict[str, int]
    """How many symbols of each file are its last good state only."""
    failed: list[tuple[str, str]]
    most_called: list[CalledNode]


@contextmanager
def open_lookup(path: str | os.PathLike[str]) -> Iterator[Lookup]:
    """Open a database file for reading; all answers within the block are of one moment, whatever is written meanwhile.

    Raises:
        MissingIndex: there is no file.
        StoreError: it cannot be read, in one of the ways of `StoreFile.open`.
    """
    try:
        store = StoreFile.open(path, read_only=True)
    except PathNotFound:
        raise MissingIndex(path) from None
    with store, store.snapshot():
        yield Lookup(store)


class Lookup:
    """The answers of one open file; made by `open_lookup`."""

    __slots__ = ("_store",)

    def __init__(self, store: StoreFile) -> None:
        self._store = store

    @property
    def file(self) -> StoreFile:
        """The file behind the answers: a handle for `lestockage.graph`."""
        return self._store

    def project_names(self) -> dict[int, str]:
        """Return the name of every project by its id."""
        return {project.id: project.name for project in list_projects(self._store)}

    def projects(self, name: str | None = None) -> list[ProjectRow]:
        """Return the project of a name, or every one by name.

        Raises:
            UnknownProject: there is no project of that name.
        """
        return list_projects(self._store) if name is None else [get_project(self._store, name)]

    def own_projects(self, name: str | None = None) -> list[ProjectRow]:
        """Return the project of a name, or every one by name that is no library, which is other people's code.

        Raises:
            UnknownProject: there is no project of that name.
        """
        found = self.projects(name)
        return found if name is not None else [each for each in found if not is_library(self._store, each.id)]

    def symbols(self, pattern: str | None = None, *, kind: str | None = None, project: str | None = None) -> list[NodeRow]:
        """Return the symbols a name or pattern stands for (`find_symbols`), by qualified name.

        Raises:
            UnknownProject: there is no project of that name.
        """
        return find_symbols(self._store, pattern, kind=kind, project_id=self._project_id(project))

    def near(self, name: str, *, project: str | None = None) -> list[str]:
        """Return the qualified names most like one that is not there, nearest first."""
        return near_names(self._store, name.rpartition(FILE_MARK)[2], project_id=self._project_id(project))

    def definitions(self, symbol: str, *, project: str | None = None) -> list[NodeRow]:
        """Return the definitions of the one symbol that a name stands for, in the order of the file.

        A whole qualified name goes before the end of one, and a project's own symbol before an external one; an external one leads to what
        it stands for in another project, where that is known. A name that nothing is defined by may be one by which it is imported.

        Raises:
            UnknownSymbol: there is none; the error has the nearest names.
            AmbiguousSymbol: there are several; the error has what to call each.
            UnknownProject: there is no project of that name.
        """
        project_id = self._project_id(project)
        try:
            return defining(self._store, definitions(self._store, symbol, project_id=project_id))
        except UnknownSymbol:
            from lestockage.projects.handle import imported_as  # noqa: PLC0415  # names that nothing is defined by, or uses

            found = imported_as(self._store, symbol, project_id)
            if not found:
                raise
            return found

    def callers(self, definitions: Sequence[NodeRow]) -> list[Neighbour]:
        """Return who calls a symbol, in every project, one row for each site, by the caller's qualified name."""
        ids = [node.id for node in definitions]
        found = [neighbour for node_id in ids for neighbour in neighbours.callers(self._store, node_id, _CALLS)]
        elsewhere = [external for _, external in standing_for(self._store, ids, only_linked=True)]
        return found + [neighbour for external in elsewhere for neighbour in neighbours.callers(self._store, external, _CALLS)]

    def callees(self, definitions: Sequence[NodeRow]) -> list[Neighbour]:
        """Return what a symbol calls, in any project, one row for each site, in the order of the code."""
        found = [neighbour for node in definitions for neighbour in neighbours.callees(self._store, node.id, _CALLS)]
        behind = symbols_behind(self._store, {neighbour.node.id for neighbour in found if neighbour.node.node_type == "external"})
        meant = {node.id: node for node in nodes_by_id(self._store, behind.values())} if behind else {}
        return [each._replace(node=meant.get(behind.get(each.node.id, -1), each.node)) for each in found]

    def members(self, definitions: Sequence[NodeRow]) -> list[NodeRow]:
        """Return what a symbol contains, in the order of the code."""
        found = [neighbour.node for node in definitions for neighbour in neighbours.callees(self._store, node.id, ("containment",))]
        return sorted(found, key=lambda node: (node.start_line or 0, node.start_column or 0))

    def bases(self, definitions: Sequence[NodeRow]) -> list[NodeRow]:
        """Return what a class inherits from, in the order in which it says so."""
        return [neighbour.node for node in definitions for neighbour in neighbours.callees(self._store, node.id, ("inheritance",))]

    def derived(self, definitions: Sequence[NodeRow]) -> list[NodeRow]:
        """Return the classes that inherit from a class directly, by qualified name."""
        return [neighbour.node for node in definitions for neighbour in neighbours.callers(self._store, node.id, ("inheritance",))]

    def totals(self) -> list[ProjectTotals]:
        """Return how much of what each project has, by the project's name."""
        store = self._store
        return [
            ProjectTotals(
                project,
                totals.count_source_files(store, project.id),
                totals.count_nodes(store, project.id),
                totals.count_edges(store, project.id),
                totals.count_stale(store, project.id),
                failed_source_files(store, project.id),
                totals.most_called(store, project.id),
            )
            for project in list_projects(store)
        ]

    def schema_version(self) -> int:
        """Return the version of the file's tables."""
        return stored_version(self._store)

    def _project_id(self, name: str | None) -> int | None:
        return None if name is None else get_project(self._store, name).id
