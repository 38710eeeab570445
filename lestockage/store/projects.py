"""Projects: the source trees whose symbols a file holds, by name."""

# ruff: noqa: S608  # SQL is put together from constants of this package; values are always parameters

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.errors import DuplicateRow, UnknownProject
from lestockage.store.clock import now

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile

_COLUMNS = "id, name, root, created_at, updated_at, embedding_dimension"


class ProjectRow(NamedTuple):
    """One project; times in milliseconds since 1970."""

    id: int
    name: str
    root: str
    created_at: int
    updated_at: int
    embedding_dimension: int | None = None


def ensure_project(store: StoreFile, name: str, root: str) -> ProjectRow:
    """Return the project of that name, made when missing, with its root brought up to date when it moved; otherwise nothing is written."""
    found = find_project(store, name)
    if found is not None and found.root == root:
        return found
    with store.transaction():
        store.execute(
            "INSERT INTO projects (name, root, created_at, updated_at) VALUES (:name, :root, :now, :now)"
            " ON CONFLICT (name) DO UPDATE SET root = excluded.root, updated_at = excluded.updated_at WHERE root <> excluded.root",
            {"name": name, "root": root, "now": now()},
        )
        return get_project(store, name)


def find_project(store: StoreFile, name: str) -> ProjectRow | None:
    """Return the project of that name, or None."""
    row = store.row(f"SELECT {_COLUMNS} FROM projects WHERE name = ?", (name,))
    return None if row is None else ProjectRow._make(row)


def get_project(store: StoreFile, name: str) -> ProjectRow:
    """Return the project of that name.

    Raises:
        UnknownProject: there is none; the error lists those that are.
    """
    found = find_project(store, name)
    if found is None:
        raise UnknownProject(name, [project.name for project in list_projects(store)])
    return found


def project_of_id(store: StoreFile, project_id: int) -> ProjectRow:
    """Return the project of that id.

    Raises:
        UnknownProject: there is none; the error lists those that are.
    """
    row = store.row(f"SELECT {_COLUMNS} FROM projects WHERE id = ?", (project_id,))
    if row is None:
        raise UnknownProject(str(project_id), [project.name for project in list_projects(store)])
    return ProjectRow._make(row)


def insert_project(store: StoreFile, name: str, root: str) -> ProjectRow:
    """Make a project.

    Raises:
        DuplicateRow: there is one of that name.
    """
    with store.transaction():
        if find_project(store, name) is not None:
            raise DuplicateRow(store.path, (name,))
        return ensure_project(store, name, root)


def list_projects(store: StoreFile) -> list[ProjectRow]:
    """Return every project, by name."""
    return [ProjectRow._make(row) for row in store.query(f"SELECT {_COLUMNS} FROM projects ORDER BY name")]


def delete_project(store: StoreFile, name: str) -> None:
    """Delete a project with everything that belongs to it: its files, nodes and edges.

    Raises:
        UnknownProject: there is none of that name.
    """
    with store.transaction():
        store.execute("DELETE FROM projects WHERE id = ?", (get_project(store, name).id,))
