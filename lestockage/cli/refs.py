"""References: the command that lists who uses a symbol, and where, in its own project or in all."""

from __future__ import annotations

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.message import say
from lestockage.cli.node_text import node_object, place
from lestockage.cli.table import table
from lestockage.projects.references import refs
from lestockage.workspace.lookup import open_lookup


def answer(*, symbol: str, all_projects: bool = False, project: str | None = None, db: str | None = None, as_json: bool = False) -> str:
    """Return one line for each use of a symbol: the user's project and name, what it does, and where; none is an empty answer."""
    with open_lookup(database_path(db)) as lookup:
        found = refs(lookup, symbol, all_projects=all_projects, project=project)
        projects = lookup.project_names()
    if as_json:
        return json_text(
            {
                "symbol": symbol,
                "references": [
                    {
                        **node_object(each.site.node, projects),
                        "edge_type": each.site.edge_type,
                        "site": {"file_path": each.site.file_path, "line": each.site.line, "column": each.site.column},
                        "confidence": each.site.confidence,
                        "name": each.name,
                        "definition": each.symbol.qualified_name,
                        "definition_project": projects[each.symbol.project_id],
                    }
                    for each in found
                ],
            }
        )
    if not found:
        say(f"No use of {symbol} is known" + ("." if all_projects else " in its own project; --all-projects looks everywhere."))
    return table(
        [
            (
                projects[each.site.node.project_id],
                each.site.edge_type,
                each.site.node.qualified_name,
                place(each.site.file_path, each.site.line),
                each.name,
            )
            for each in found
        ]
    )
