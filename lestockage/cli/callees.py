"""Callees: the command that lists what a symbol calls, and where."""

from __future__ import annotations

from lestockage.cli.database_path import database_path
from lestockage.cli.message import say
from lestockage.cli.sites import sites_object, sites_text
from lestockage.workspace.lookup import open_lookup


def answer(*, symbol: str, project: str | None = None, db: str | None = None, as_json: bool = False) -> str:
    """Return every call that a symbol's own code makes, with what it calls; none is an empty answer, which standard error explains."""
    with open_lookup(database_path(db)) as lookup:
        definitions = lookup.definitions(symbol, project=project)
        sites = lookup.callees(definitions)
        projects = lookup.project_names()
    if not sites:
        say(f"{definitions[0].qualified_name} makes no call that is known.")
    return sites_object(definitions, "callees", sites, projects) if as_json else sites_text(sites)
