"""Symbols: the command that lists what a pattern stands for."""

from __future__ import annotations

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.message import say
from lestockage.cli.node_text import node_cells, node_object
from lestockage.cli.table import table
from lestockage.workspace.lookup import open_lookup


def answer(
    *, pattern: str | None = None, kind: str | None = None, project: str | None = None, db: str | None = None, as_json: bool = False
) -> str:
    """Return the symbols one a line, or as a JSON list; none found is an empty answer, with the nearest names on standard error."""
    with open_lookup(database_path(db)) as lookup:
        found = lookup.symbols(pattern, kind=kind, project=project)
        projects = lookup.project_names()
        near = lookup.near(pattern, project=project) if pattern and not found else []
    if not found:
        say("No symbol matches." + (f" Near to it: {', '.join(near)}." if near else ""))
    if as_json:
        return json_text([node_object(node, projects) for node in found])
    return table(node_cells(node) for node in found)
