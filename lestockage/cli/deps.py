"""Dependencies: the command that tells what projects need of each other, as they say and as they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.message import say
from lestockage.cli.table import quantity, table
from lestockage.projects.dependencies import deps, dot
from lestockage.workspace.lookup import open_lookup

if TYPE_CHECKING:
    from lestockage.projects.dependencies import Dependency


def answer(*, project: str | None = None, graph: bool = False, db: str | None = None, as_json: bool = False) -> str:
    """Return one line for each dependency, declared or found in the code; with `graph`, a graph in DOT.

    What an extra needs and is not indexed is counted on standard error only, unless JSON is asked for: there may be dozens.
    """
    with open_lookup(database_path(db)) as lookup:
        found = deps(lookup, project=project)
    if as_json:
        return json_text({"dependencies": [each._asdict() for each in found]})
    shown = [each for each in found if each.provider is not None or not each.is_optional]
    if len(shown) < len(found):
        left_out = quantity(len(found) - len(shown), "requirement")
        say(f"{left_out} of extras, not indexed, left out; --json lists all.")
    if graph:
        return dot(shown)
    return table([(each.project, each.requirement or "(not declared)", each.provider or "(not indexed)", _uses(each)) for each in shown])


def _uses(found: Dependency) -> str:
    notes = [quantity(found.uses, "use") + f" of {quantity(found.names, 'name')}" if found.uses else "nothing used"]
    if found.missing:
        notes.append(f"{found.missing} missing")
    if found.ambiguous:
        notes.append(f"{found.ambiguous} ambiguous")
    return ", ".join(notes) if found.provider else "-"
