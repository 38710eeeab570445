"""Forget: the command that takes a project out of a database."""

from __future__ import annotations

import os

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.table import quantity
from lestockage.errors import MissingIndex
from lestockage.workspace.forget import forget
from lestockage.workspace.workspace import Workspace


def answer(*, project: str, db: str | None = None, as_json: bool = False) -> str:
    """Forget a project and return what went.

    Raises:
        MissingIndex: there is no file.
        UnknownProject: there is no project of that name.
    """
    path = database_path(db)
    if not os.path.exists(path):
        raise MissingIndex(path)
    with Workspace.open(path) as workspace:
        gone = forget(workspace, project)
    if as_json:
        return json_text(gone._asdict())
    return f"{gone.project}: {quantity(gone.files, 'file')} forgotten; {quantity(gone.references, 'name')} of other projects led there\n"
