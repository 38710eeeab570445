"""Compare: the command that tells how two snapshots differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.cli.database_path import database_path
from lestockage.cli.diff import change_cells, change_object
from lestockage.cli.json_text import json_text
from lestockage.cli.message import say
from lestockage.cli.table import quantity, table
from lestockage.cli.trend import point_object
from lestockage.workspace.recorded_states import open_states

if TYPE_CHECKING:
    from lestockage.analytics.evolution import ComparedSymbol, Comparison, Measures


def answer(*, old: str, new: str, project: str | None = None, db: str | None = None, as_json: bool = False) -> str:
    """Return the totals of both snapshots, and the symbols that differ, one a line; files that could not be read are named on stderr.

    For people, classes and modules are left out whose body differs no more than the members listed with them may account for.
    """
    from lestockage.analytics.evolution import compare  # noqa: PLC0415  # brings pyarrow; a mistyped path needs none of it

    with open_states(database_path(db), project) as states:
        found = compare(states.store, states.find(old), states.find(new))
    for path in found.failed:
        say(f"{path} is left out: it could not be read in one of the two.")
    if as_json:
        return json_text(
            {
                "old": point_object(found.old),
                "new": point_object(found.new),
                "files": found.files,
                "symbols": [_object(each) for each in found.symbols],
                "failed": list(found.failed),
            }
        )
    shown = [each for each in found.symbols if not each.change.is_from_members]
    say(f"{quantity(len(shown), 'symbol')} in {quantity(found.files, 'file')} differ between {old} and {new}.")
    return table(_totals(found)) + "\n" + table(_cells(each) for each in shown)


def _totals(found: Comparison) -> list[tuple[str, str, str]]:
    """Return what was measured of the whole, with the difference."""
    before, after = _numbers(found.old), _numbers(found.new)
    return [(name.replace("_", " "), _both(before[name], after[name]), f"{after[name] - before[name]:+,}") for name in before]


def _numbers(point: Any) -> dict[str, int]:  # noqa: ANN401  # a TrendPoint, whose import costs what this module saves
    row = point.snapshot
    sizes = {"files": row.files, "symbols": row.nodes, "edges": row.edges}
    names = ("lines", "functions", "complexity", "complex_functions", "references", "coupled_files")
    return {**sizes, **{name: getattr(point, name) for name in names}}


def _both(before: int | None, after: int | None) -> str:
    texts = ["-" if each is None else f"{each:,}" for each in (before, after)]
    return texts[0] if texts[0] == texts[1] else " -> ".join(texts)


def _cells(each: ComparedSymbol) -> tuple[str, ...]:
    before, after = each.before, each.after
    measured = [
        f"{word} {_both(before and before[number], after and after[number])}"
        for number, word in enumerate(("complexity", "lines", "in", "out"))
        if any(state is not None and state[number] is not None for state in (before, after))
    ]
    return (*change_cells(each.change), ", ".join(measured))


def _object(each: ComparedSymbol) -> dict[str, object]:
    return {**change_object(each.change), "before": _measures(each.before), "after": _measures(each.after)}


def _measures(measures: Measures | None) -> dict[str, object] | None:
    return None if measures is None else measures._asdict()
