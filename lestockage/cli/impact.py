"""Impact: the command that lists what a change of a symbol can reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.message import say
from lestockage.cli.node_text import node_object, place
from lestockage.cli.table import quantity, table
from lestockage.graph.impact import impact
from lestockage.workspace.lookup import open_lookup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lestockage.graph.reach import Reach, Reached


def answer(*, symbol: str, depth: int | None = None, project: str | None = None, db: str | None = None, as_json: bool = False) -> str:
    """Return everything that a change of a symbol can reach, one a line with its distance and what it has to do with the one before it.

    What belongs to the symbol itself is left out of the lines, and is in the JSON at distance 0.
    """
    with open_lookup(database_path(db)) as lookup:
        definitions = lookup.definitions(symbol, project=project)
        found = impact(lookup, definitions, depth)
        projects = lookup.project_names()
    reached = [each for each in found if each.distance]
    if not reached:
        say(f"Nothing is known that a change of {definitions[0].qualified_name} reaches.")
    if as_json:
        return json_text(
            {
                "symbol": node_object(definitions[0], projects),
                "reached": [_object(found, each, projects) for each in found],
                "rows_read": found.rows_read,
            }
        )
    if not reached:
        return ""
    rows = [(each.distance, each.node.node_type, each.node.qualified_name, _place(each, projects), _why(found, each)) for each in reached]
    files = len({(each.node.project_id, each.node.file_path) for each in reached})
    return table(rows) + f"{quantity(len(reached), 'symbol')} in {quantity(files, 'file')}\n"


def _object(found: Reach, each: Reached, projects: Mapping[int, str]) -> dict[str, object]:
    path = [{"qualified_name": step.node.qualified_name, "relation": step.relation} for step in found.path(each.node.id)]
    return {**node_object(each.node, projects), "distance": each.distance, "relation": each.relation, "path": path}


def _place(each: Reached, projects: Mapping[int, str]) -> str:
    where = place(each.node.file_path, each.node.start_line)
    return where if len(projects) == 1 else f"{projects[each.node.project_id]}:{where}"


def _why(found: Reach, each: Reached) -> str:
    """Return what a symbol has to do with the one a step nearer, which is named as shortly as it may be."""
    return "" if each.cause is None else f"{each.relation} {found[each.cause].node.symbol_name}"
