"""Ages: the command that lists symbols by how often, or how long ago, they changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.message import say
from lestockage.cli.snapshots import NONE, day
from lestockage.cli.table import quantity, table
from lestockage.workspace.recorded_states import open_states

if TYPE_CHECKING:
    from lestockage.analytics.evolution import SymbolAge


def answer(*, sort: str = "changes", limit: int = 20, project: str | None = None, db: str | None = None, as_json: bool = False) -> str:
    """Return the symbols of the last snapshot: those that changed most often first, or the longest ago, or last."""
    from lestockage.analytics.evolution import Timeline, symbol_ages  # noqa: PLC0415  # brings pyarrow; a mistyped path needs none of it

    with open_states(database_path(db), project) as states:
        found = symbol_ages(Timeline(states.store, states.project.id))
    found.sort(key=lambda each: {"changes": -each.changes, "oldest": -each.age, "newest": each.age}[sort])
    shown = found[:limit]
    if as_json:
        return json_text([{**each._asdict(), "born": each.born._asdict(), "changed": each.changed._asdict()} for each in shown])
    if not shown:
        say(NONE)
    return table(_cells(each) for each in shown)


def _cells(each: SymbolAge) -> tuple[str, ...]:
    return (
        quantity(each.changes, "change"),
        f"{each.age:,.1f} days",
        f"{day(each.changed.at)} ({each.changed.name})",
        each.node_type,
        each.qualified_name,
    )
