"""Unused: what a project's files and metadata say, for the search of symbols that nothing uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.graph.unused import EntryPoint, Unused, entry_points, unused_symbols
from lestockage.workspace.entry_points import offered
from lestockage.workspace.said import said

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile
    from lestockage.store.projects import ProjectRow
    from lestockage.workspace.progress import Progress
    from lestockage.workspace.workspace import Workspace


def find_unused(handle: Workspace | StoreFile, project: ProjectRow, progress: Progress | None = None) -> list[Unused]:
    """Return a project's unused definitions, by its files as they are now; a file that cannot be read is passed over.

    With a workspace, files are parsed once for each content (`said`).
    """
    return unused_symbols(handle, project.id, said(handle, project, progress), offered(project.root))


def find_entry_points(handle: Workspace | StoreFile, project: ProjectRow) -> list[EntryPoint]:
    """Return what of a project is used from outside its own code, by place; arguments as in `find_unused`."""
    return entry_points(handle, project.id, said(handle, project), offered(project.root))
