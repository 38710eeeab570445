"""Hotspots: the functions that much depends on and that are hard to follow, and, where git knows it, that keep changing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.report.charts.hotspot_map import Spot, hotspot_map
from lestockage.report.document import Column, Section, Table
from lestockage.report.sections.place import place

if TYPE_CHECKING:
    from lestockage.report.document import Cell
    from lestockage.report.facts import Facts

_CHANGES, _COMMITS = 5, 6
"""Where these columns stand."""
_HOTTEST = 60
_OTHERS = 240
"""How many functions the map shows: the hottest, and of the others a sample at even ranks, so that there is something to compare with."""


def hotspots(facts: Facts, limit: int) -> Section:
    """Return the section; tables have `limit` rows."""
    lines = {each.node.id: each.metrics.lines for each in facts.symbols}
    rows = facts.hotspots
    knows_churn = any(row["churn_percentile"] is not None for row in rows)
    knows_changes = knows_churn and any(row["changes"] is not None for row in rows)
    columns = [
        Column("function", "code"),
        Column("score", "number", "from 0 to 1"),
        Column("complexity", "number", "cyclomatic"),
        Column("lines", "number"),
        Column("used by", "number", "symbols that refer to it"),
        Column("changes", "number", "of its own content between snapshots", is_minor=True),
        Column("commits", "number", "that touched its file", is_minor=True),
        Column("where", "code", is_minor=True),
    ]
    shown: list[tuple[Cell, ...]] = [
        (
            row["qualified_name"],
            round(row["score"], 3),
            row["complexity"],
            lines.get(row["id"], 1),
            facts.metrics[row["id"]]["in_degree"],
            row["changes"],
            row["commits"],
            place(row["file_path"], row["start_line"]),
        )
        for row in rows[:limit]
    ]
    gone = [place for place, is_known in ((_CHANGES, knows_changes), (_COMMITS, knows_churn)) if not is_known]
    columns = [column for place, column in enumerate(columns) if place not in gone]
    shown = [tuple(cell for place, cell in enumerate(row) if place not in gone) for row in shown]
    spots = [
        Spot(
            row["qualified_name"],
            max(1, lines.get(row["id"], 1)),
            max(1, row["complexity"]),
            facts.metrics[row["id"]]["in_degree"],
            row["score"],
        )
        for row in [*rows[:_HOTTEST], *_evenly(rows[_HOTTEST:], _OTHERS)]
    ]
    churn = (
        "changes of the function between snapshots, then commits that touched its file"
        if knows_changes
        else "commits that touched the file"
    )
    what = f"centrality (PageRank), complexity and churn ({churn})" if knows_churn else "centrality (PageRank) and complexity"
    lead = (
        "Where a mistake is easy to make and travels far: hard to follow, and much depends on it."
        + (" Churn is counted, too." if knows_churn else " Churn is not counted: no history tells the functions apart."),
    )
    if not rows:
        return Section("hotspots", "Hotspots", ("There are no functions.",))
    shown_part = (
        "" if len(spots) == len(rows) else f" The map has the first {_HOTTEST} of {len(rows):,}, and {_OTHERS} of the others at even ranks."
    )
    return Section(
        "hotspots",
        "Hotspots",
        lead,
        (hotspot_map(spots),),
        (Table("hotspots-table", "Functions by hotspot score", tuple(columns), tuple(shown), len(rows)),),
        f"The score is the geometric mean of the percentiles of {what} among all functions." + shown_part,
    )


def _evenly(rows: list[dict[str, Any]], number: int) -> list[dict[str, Any]]:
    """Return so many of the rows, at even distances; all if there are no more."""
    if len(rows) <= number:
        return rows
    return [rows[place * len(rows) // number] for place in range(number)]
