"""Unused: what a project's files and metadata say, for the search of symbols that nothing uses."""

from __future__ import annotations

import os
import tomllib
from typing import TYPE_CHECKING, Any

from lestockage.graph.unused import EntryPoint, Unused, entry_points, unused_symbols
from lestockage.workspace.said import said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lestockage.store.connection import StoreFile
    from lestockage.store.projects import ProjectRow
    from lestockage.workspace.progress import Progress
    from lestockage.workspace.workspace import Workspace


def find_unused(handle: Workspace | StoreFile, project: ProjectRow, progress: Progress | None = None) -> list[Unused]:
    """Return a project's unused definitions, by its files as they are now; a file that cannot be read is passed over.

    With a workspace, files are parsed once for each content (`said`).
    """
    return unused_symbols(handle, project.id, said(handle, project, progress), _scripts(project.root))


def find_entry_points(handle: Workspace | StoreFile, project: ProjectRow) -> list[EntryPoint]:
    """Return what of a project is used from outside its own code, by place; arguments as in `find_unused`."""
    return entry_points(handle, project.id, said(handle, project), _scripts(project.root))


def _scripts(root: str) -> frozenset[str]:
    """Return the qualified names that a pyproject.toml in the project's folder, or the one above, offers as commands and plugins."""
    found: set[str] = set()
    for folder in (root, os.path.dirname(os.path.abspath(root))):
        try:
            with open(os.path.join(folder, "pyproject.toml"), "rb") as file:
                data = tomllib.load(file)
        except (OSError, tomllib.TOMLDecodeError):
            continue
        found.update(_targets(data))
    return frozenset(found)


def _targets(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the targets of a pyproject's scripts and entry points (`package.module:object`) as qualified names."""
    project = data.get("project", {})
    tables = [project.get("scripts"), project.get("gui-scripts"), *dict(project.get("entry-points") or {}).values()]
    poetry = data.get("tool", {}).get("poetry", {})
    tables += [poetry.get("scripts"), *dict(poetry.get("plugins") or {}).values()]
    for table in tables:
        for target in dict(table or {}).values():
            if isinstance(target, str):
                yield target.partition("[")[0].strip().replace(":", ".")
