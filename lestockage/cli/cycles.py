"""Cycles: the command that lists modules and functions that refer to each other in circles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.message import say
from lestockage.cli.table import quantity
from lestockage.graph.cycles import cycles, import_cycles
from lestockage.workspace.lookup import open_lookup

if TYPE_CHECKING:
    from lestockage.graph.cycles import Cycle


def answer(*, project: str | None = None, db: str | None = None, as_json: bool = False) -> str:
    """Return the cycles of imports at module level, then those of calls, largest first; functions that only call themselves are counted."""
    chosen = () if project is None else (project,)
    with open_lookup(database_path(db)) as lookup:
        importing = import_cycles(lookup, *chosen)
        calling = cycles(lookup, *chosen)
    mutual = [cycle for cycle in calling if len(cycle.members) > 1]
    if as_json:
        return json_text({"imports": [_object(cycle) for cycle in importing], "calls": [_object(cycle) for cycle in calling]})
    if not importing and not calling:
        say("There is no cycle.")
    parts = []
    for title, found in (("imports", importing), ("calls", mutual)):
        if found:
            parts.append(f"{title}: {quantity(len(found), 'cycle')}\n" + "".join(map(_text, found)))
    if len(mutual) < len(calling):
        parts.append(f"and {quantity(len(calling) - len(mutual), 'function')} that call themselves\n")
    return "".join(parts)


def _object(cycle: Cycle) -> dict[str, object]:
    names = {"members": cycle.members, "circle": cycle.circle}
    return {name: [node.qualified_name for node in nodes] for name, nodes in names.items()}


def _text(cycle: Cycle) -> str:
    names = [node.qualified_name for node in (*cycle.circle, cycle.circle[0])]
    rest = len(cycle.members) - len(cycle.circle)
    return f"  {' -> '.join(names)}{f', and {rest} more around it' if rest else ''}\n"
