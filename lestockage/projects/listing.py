"""Listing: the projects of a file as others see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.projects.handle import store_of
from lestockage.store.distributions import find_distribution, import_names
from lestockage.store.projects import list_projects
from lestockage.store.totals import count_source_files

if TYPE_CHECKING:
    from lestockage.projects.handle import Handle


class ProjectInfo(NamedTuple):
    """One project: its distribution as its metadata has it, and the names by which it is imported (`declared`: metadata says so)."""

    name: str
    root: str
    distribution: str | None
    version: str | None
    is_library: bool
    files: int
    imports: tuple[str, ...]
    declared: tuple[str, ...]


def projects(handle: Handle) -> list[ProjectInfo]:
    """Return every project of a file, by name; nothing of their symbols is read."""
    store = store_of(handle)
    with store.snapshot():
        found = []
        for project in list_projects(store):
            row = find_distribution(store, project.id)
            names = import_names(store, project.id)
            found.append(
                ProjectInfo(
                    project.name,
                    project.root,
                    row and row.distribution,
                    row and row.version,
                    bool(row and row.is_library),
                    count_source_files(store, project.id),
                    tuple(names),
                    tuple([name for name, is_declared in names.items() if is_declared]),
                )
            )
        return found
