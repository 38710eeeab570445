"""Projects: the command that lists the projects of a database as others see them."""

from __future__ import annotations

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.table import quantity, table
from lestockage.projects.listing import projects
from lestockage.workspace.lookup import open_lookup


def answer(*, db: str | None = None, as_json: bool = False) -> str:
    """Return every project: name, distribution and version, files, the names by which it is imported, and where it lies."""
    with open_lookup(database_path(db)) as lookup:
        found = projects(lookup)
    if as_json:
        return json_text({"projects": [each._asdict() for each in found]})
    return table(
        [
            (
                each.name + (" (library)" if each.is_library else ""),
                " ".join(filter(None, (each.distribution, each.version))) or "-",
                quantity(each.files, "file"),
                ", ".join(each.declared or each.imports) or "-",
                each.root,
            )
            for each in found
        ]
    )
