"""Unfinished: takes back what a run that did not finish has told the engine, so that inputs are what the tables were made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.engine.lazy import unloaded
from lestockage.queries.inputs import Project, SourceFile
from lestockage.store.projects import list_projects
from lestockage.store.source_files import load_source_files

if TYPE_CHECKING:
    from lestockage.database import Database
    from lestockage.store.connection import StoreFile


def take_back(db: Database, file: StoreFile) -> None:
    """Make the source files of every project those of its last finished run; equal content is no change."""
    listed = {project.name: load_source_files(file, project.id) for project in list_projects(file)}
    digests = {(name, path): row.digest for name, rows in listed.items() for path, row in rows.items() if row.digest is not None}
    strangers = [source for source in SourceFile.all(db) if (source.project, source.path) not in digests]
    with db.write():
        for source in strangers:
            source.delete()
        for (project, path), digest in digests.items():
            SourceFile(db, project=project, path=path, content=unloaded(digest))
        for name, paths in listed.items():
            root = Project.get(db, name=name)
            if root is not None:
                root.files = tuple(sorted(paths))
