"""Path: the command that shows how one symbol comes to refer to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.message import say
from lestockage.cli.node_text import node_object, place
from lestockage.cli.table import table
from lestockage.graph.paths import paths
from lestockage.workspace.lookup import open_lookup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lestockage.graph.paths import Step

_RELATIONS = {"call": "calls", "inheritance": "inherits from", "import": "imports", "data_dependency": "uses"}


def answer(  # noqa: PLR0913  # two ends, and what every command takes
    *, source: str, target: str, limit: int = 1, project: str | None = None, db: str | None = None, as_json: bool = False
) -> str:
    """Return the shortest ways from one symbol to another, a step a line; none is an empty answer, which standard error explains."""
    with open_lookup(database_path(db)) as lookup:
        ends = [lookup.definitions(symbol, project=project) for symbol in (source, target)]
        found = paths(lookup, *ends, limit=limit)
        projects = lookup.project_names()
    if not found:
        say(f"{source} does not refer to {target}, however far it is followed.")
    if as_json:
        return json_text([[_object(step, before, projects) for before, step in _pairs(path)] for path in found])
    return "\n".join(table([_cells(step, before) for before, step in _pairs(path)]) for path in found)


def _pairs(path: list[Step]) -> list[tuple[Step | None, Step]]:
    """Return each step with the one before it, in which the reference stands."""
    return list(zip([None, *path], path, strict=False))


def _line(step: Step, before: Step | None) -> int | None:
    """Return the line of the reference."""
    start = None if before is None else before.node.start_line
    return None if start is None or step.edge is None else start + step.edge[3]


def _object(step: Step, before: Step | None, projects: Mapping[int, str]) -> dict[str, object]:
    site = None if before is None else {"file_path": before.node.file_path, "line": _line(step, before)}
    return {**node_object(step.node, projects), "relation": step.edge and step.edge[2], "site": site}


def _cells(step: Step, before: Step | None) -> tuple[str, str, str]:
    if before is None or step.edge is None:
        return "", step.node.qualified_name, place(step.node.file_path, step.node.start_line)
    return _RELATIONS.get(step.edge[2], step.edge[2]), step.node.qualified_name, f"at {place(before.node.file_path, _line(step, before))}"
