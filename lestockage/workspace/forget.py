"""Forget: takes a project out of a file, its rows and inputs, and lets what referred to it fall back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.projects.connect import concerned, connect
from lestockage.queries.inputs import Project, SourceFile
from lestockage.queries.linking import unlink
from lestockage.store.distributions import import_names
from lestockage.store.external_refs import externals_of_provider
from lestockage.store.finished_run import is_finished, record_finished
from lestockage.store.projects import delete_project, get_project
from lestockage.store.source_files import load_source_files
from lestockage.workspace.turn import Turn
from lestockage.workspace.unfinished import take_back

if TYPE_CHECKING:
    from lestockage.workspace.workspace import Workspace


class Forgotten(NamedTuple):
    """What went: the project's files, and how many names of other projects it stood behind, some of which another may provide now."""

    project: str
    files: int
    references: int


def forget(workspace: Workspace, name: str) -> Forgotten:
    """Take a project out of the file; references of other projects to it are unresolved again, or lead to who else provides the names.

    What queries found out in it stays until `gc`: a project that comes back is not computed again.

    Raises:
        UnknownProject: there is none of that name.
        StoreError: the file cannot be written; nothing is forgotten then.
    """
    store = workspace.file
    with Turn(store, workspace.leases) as turn:
        turn.take()
        project = get_project(store, name)
        db = workspace.db
        if not is_finished(store):
            take_back(db, store)
        paths = load_source_files(store, project.id)
        with db.write():
            for path in paths:
                file = SourceFile.get(db, project=name, path=path)
                if file is not None:
                    file.delete()
            root = Project.get(db, name=name)
            if root is not None:
                root.delete()
            unlink(db, name)
        with store.transaction():
            db.commit()
            referring = externals_of_provider(store, project.id)
            names = set(import_names(store, project.id))
            delete_project(store, name)
            concerning = {each[0]: each for each in (*referring, *concerned(store, names)) if each[1] != project.id}
            connect(store, concerning.values(), {})
            record_finished(store)
            turn.end()
    return Forgotten(name, len(paths), len(referring))
