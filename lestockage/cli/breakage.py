"""Breakage: the command that lists what code uses of other projects that is not there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.message import say
from lestockage.cli.node_text import node_object, place
from lestockage.projects.breakage import breakage
from lestockage.workspace.lookup import open_lookup

if TYPE_CHECKING:
    from lestockage.projects.breakage import Breakage

_DOES = {"call": "calls", "inheritance": "inherits from", "data_dependency": "reads", "import": "imports"}


def answer(*, project: str | None = None, db: str | None = None, as_json: bool = False) -> str:
    """Return one line for each place that uses what its provider lacks: what, since when, and what has its body now."""
    with open_lookup(database_path(db)) as lookup:
        found = breakage(lookup, project=project)
        projects = lookup.project_names()
    if as_json:
        return json_text(
            {
                "breakage": [
                    {
                        **{key: value for key, value in each._asdict().items() if key != "user"},
                        "user": node_object(each.user, projects),
                    }
                    for each in found
                ]
            }
        )
    if not found:
        say("Nothing that is used of other projects is known to be missing.")
    return "".join([f"{each.project}:{place(each.user.file_path, each.line)}: {_sentence(each)}\n" for each in found])


def _sentence(found: Breakage) -> str:
    provider = found.provider if found.version is None or found.version in found.provider else f"{found.provider} {found.version}"
    said = f"`{found.user.qualified_name}` {_DOES.get(found.edge_type, 'uses')} `{found.name}`"
    if found.lost_at is None:
        return f"{said}, which {provider} does not have"
    when = datetime.fromtimestamp(found.lost_at / 1000, UTC).strftime("%Y-%m-%d %H:%M")
    renamed = f"; the same code is `{'`, `'.join(found.renamed_to)}` now" if found.renamed_to else ""
    return f"{said}, gone since {when} ({provider}){renamed}"
