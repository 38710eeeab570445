"""Callers: the command that lists who calls a symbol, and where."""

from __future__ import annotations

from lestockage.cli.database_path import database_path
from lestockage.cli.message import say
from lestockage.cli.sites import sites_object, sites_text
from lestockage.workspace.lookup import open_lookup


def answer(*, symbol: str, project: str | None = None, db: str | None = None, as_json: bool = False) -> str:
    """Return every call site of a symbol with the symbol it is written in; none is an empty answer, which standard error explains."""
    with open_lookup(database_path(db)) as lookup:
        definitions = lookup.definitions(symbol, project=project)
        sites = lookup.callers(definitions)
        projects = lookup.project_names()
    if not sites:
        say(f"No call of {definitions[0].qualified_name} is known.")
    return sites_object(definitions, "callers", sites, projects) if as_json else sites_text(sites)
