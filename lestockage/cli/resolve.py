"""Resolve: the command that tells what a dotted name means, in the code of one project or anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.message import say
from lestockage.cli.node_text import node_object, place
from lestockage.cli.table import table
from lestockage.errors import UnknownSymbol
from lestockage.projects.resolve import resolve
from lestockage.workspace.lookup import open_lookup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lestockage.projects.resolve import Resolution


def answer(*, name: str, source: str | None = None, db: str | None = None, as_json: bool = False) -> str:
    """Return what a name means: one line for each project that provides it, or the one that the code of a project (`source`) gets.

    Raises:
        UnknownSymbol: no project provides the name.
    """
    with open_lookup(database_path(db)) as lookup:
        found = resolve(lookup, name, project=source)
        projects = lookup.project_names()
        if not found:
            raise UnknownSymbol(name, lookup.near(name))
    if as_json:
        return json_text({"name": name, "from": source, "meanings": [_object(each, projects) for each in found]})
    for each in found:
        if each.rivals:
            say(f"{name} is ambiguous: {each.project} was taken, and {', '.join(each.rivals)} may be meant as well.")
    return table([(each.project, each.state, *_cells(each)) for each in found])


def _cells(found: Resolution) -> tuple[str, str, str]:
    node = found.node
    if node is None:
        return "-", found.qualified_name, "-"
    return node.node_type, node.qualified_name, place(node.file_path, node.start_line)


def _object(found: Resolution, projects: Mapping[int, str]) -> dict[str, object]:
    return {
        "project": found.project,
        "state": found.state,
        "qualified_name": found.qualified_name,
        "symbol": None if found.node is None else node_object(found.node, projects),
        "rivals": found.rivals,
    }
