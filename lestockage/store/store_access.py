"""Store access: how an intelligence store is opened, closed and kept to one moment, and the projects in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from lestockage.errors import RefusedRow
from lestockage.store import projects
from lestockage.store.connection import PATIENCE, StoreFile
from lestockage.store.intel_writer import IntelWriter
from lestockage.store.models import Project

if TYPE_CHECKING:
    import os
    from types import TracebackType

    from lestockage.store.connection import Transaction


class StoreAccess:
    """Base of `IntelStore`: the file, its transactions, its projects."""

    __slots__ = ("_is_owner", "file")

    file: StoreFile

    def __init__(self, file: StoreFile) -> None:
        """Work over a file that is open, such as `Workspace.file`: closing the store leaves it open."""
        self.file = file
        self._is_owner = False

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, read_only: bool = False, timeout: float = PATIENCE) -> Self:
        """Open a file, made when missing unless `read_only`; `timeout` is how many seconds to wait for another process's write.

        Raises:
            StoreError: when the file cannot be used (see `StoreFile.open`); it is left untouched.
            PathNotFound: `read_only`, and there is no file.
        """
        store = cls(StoreFile.open(path, read_only=read_only, timeout=timeout))
        store._is_owner = True
        return store

    @property
    def path(self) -> str:
        """Where the file is."""
        return self.file.path

    @property
    def total_changes(self) -> int:
        """How many rows this connection has inserted, updated and deleted since it was opened, those of cascades not counted."""
        return self.file.total_changes

    def transaction(self) -> Transaction:
        """Return a block that commits as a whole or, on any exception, not at all; a block inside it joins it.

        Raises (on entering):
            StoreLocked: another process wrote for longer than the timeout.
            ReadOnlyStore: the file was opened for reading only.
        """
        return self.file.transaction()

    def snapshot(self) -> Transaction:
        """Return a block in which every read sees the file as it was at the block's first read, whatever others commit meanwhile."""
        return self.file.snapshot()

    def writer(self) -> IntelWriter:
        """Return the block that the indexer writes with: whole files and callers, of which only what differs is written."""
        return IntelWriter(self.file)

    def close(self) -> None:
        """End the use of the store, and close the file if the store opened it; closing again does nothing."""
        if self._is_owner:
            self.file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # -- projects ------------------------------------------------------------------------------------------------------------------

    def insert_project(self, name: str, root: str = "") -> Project:
        """Make a project; `root` says where its files are.

        Raises:
            DuplicateRow: there is one of that name.
            RefusedRow: the name is empty.
        """
        return _project(projects.insert_project(self.file, self._name(name), root))

    def upsert_project(self, name: str, root: str = "") -> Project:
        """Return the project of that name, made when missing, moved when its root is another; otherwise nothing is written.

        Raises:
            RefusedRow: the name is empty.
        """
        return _project(projects.ensure_project(self.file, self._name(name), root))

    def get_project(self, project: str | int) -> Project:
        """Return the project of that name or id.

        Raises:
            UnknownProject: there is none; the error lists those that are.
        """
        if isinstance(project, str):
            return _project(projects.get_project(self.file, project))
        return _project(projects.project_of_id(self.file, project))

    def get_projects(self) -> list[Project]:
        """Return every project, by name."""
        return Project.of_rows(projects.list_projects(self.file))

    def delete_project(self, project: str | int | Project) -> None:
        """Delete a project with its nodes and their edges, its files and what was recorded of them.

        Raises:
            UnknownProject: there is none of that name or id.
        """
        name = project if isinstance(project, str) else self.get_project(self._project_id(project)).name
        projects.delete_project(self.file, name)

    def _name(self, name: str) -> str:
        """Return the name of a project as it is; a number is none, for numbers are ids."""
        if not isinstance(name, str) or not name:
            raise RefusedRow(self.path, f"the name of a project is text that is not empty, not {name!r}")
        return name

    def _project_id(self, project: str | int | Project) -> int:
        """Return the id of a project that is named in any way.

        Raises:
            UnknownProject: there is none.
        """
        if isinstance(project, Project):
            project = project.id
        return self.get_project(project).id

    def _project_id_or_all(self, project: str | int | Project | None) -> int | None:
        """Return the id of a project, or None for all of them."""
        return None if project is None else self._project_id(project)


def _project(row: projects.ProjectRow) -> Project:
    """Return a row as a model."""
    return Project.of_rows([row])[0]
