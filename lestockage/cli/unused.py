"""Unused: the command that lists definitions that nothing in their project refers to."""

from __future__ import annotations

from contextlib import nullcontext

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.message import say
from lestockage.cli.node_text import node_object, place
from lestockage.cli.progress_line import ProgressLine
from lestockage.cli.table import table
from lestockage.workspace.lookup import Lookup
from lestockage.workspace.said import keeping
from lestockage.workspace.unused import find_unused


def answer(*, project: str | None = None, db: str | None = None, as_json: bool = False) -> str:
    """Return unused definitions one a line, the surest first, each with why it is taken for one; none is said on standard error.

    Those of libraries are listed only for the one that is named.
    """
    with keeping(database_path(db)) as workspace, ProgressLine() if ProgressLine.is_wanted() else nullcontext() as progress:
        lookup = Lookup(workspace.file)
        projects = lookup.project_names()
        found = [each for chosen in lookup.own_projects(project) for each in find_unused(workspace, chosen, progress)]
    if not found:
        say("Nothing that is not used was found.")
    if as_json:
        return json_text([{**node_object(each.node, projects), "sureness": each.sureness, "reason": each.reason} for each in found])
    return table(
        (each.sureness, each.node.node_type, each.node.qualified_name, place(each.node.file_path, each.node.start_line), each.reason)
        for each in found
    )
