"""Complexity: how it is spread over functions, and the hardest of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.report.charts.complexity_bars import Band, complexity_bars
from lestockage.report.design import HARD
from lestockage.report.document import Column, Section, Table
from lestockage.report.sections.place import counted, place

if TYPE_CHECKING:
    from lestockage.graph.complexity import MeasuredSymbol
    from lestockage.report.facts import Facts

_BORDERS = (1, 2, 5, 10, 20, 50)


def complexity_section(facts: Facts, limit: int) -> Section:
    """Return the section; tables have `limit` rows."""
    functions = facts.functions
    if not functions:
        return Section("complexity", "Complexity", ("There are no functions.",))
    hard = [each for each in functions if each.metrics.cyclomatic > HARD]
    lines = sum(each.metrics.lines for each in functions)
    ordered = sorted(each.metrics.cyclomatic for each in functions)
    quantiles = ", ".join(
        f"{share:.0%} have at most {ordered[min(len(ordered) - 1, int(share * len(ordered)))]}" for share in (0.5, 0.9, 0.99)
    )
    lead = (
        (
            f"{counted(len(hard), 'function')} of {len(functions):,} ({len(hard) / len(functions):.1%}) are above {HARD}, with "
            f"{sum(each.metrics.lines for each in hard) / lines:.1%} of all lines of functions."
        ),
        f"Of the functions, {quantiles}; the hardest has {ordered[-1]}.",
    )
    worst = sorted(functions, key=lambda each: (-each.metrics.cognitive, -each.metrics.cyclomatic, each.node.qualified_name))
    columns = (
        Column("function", "code"),
        Column("cognitive", "number", "how hard it is to read (Campbell)"),
        Column("cyclomatic", "number", "ways through it, plus one (McCabe)"),
        Column("lines", "number"),
        Column("nesting", "number", "deepest level of blocks", is_minor=True),
        Column("maintainability", "number", "0 to 100, 100 the best", is_minor=True),
        Column("where", "code", is_minor=True),
    )
    rows = tuple(_row(each) for each in worst[:limit])
    table = Table("complexity-table", "Functions by cognitive complexity", columns, rows, len(worst))
    return Section("complexity", "Complexity", lead, (complexity_bars(_bands(functions)),), (table,))


def _row(each: MeasuredSymbol) -> tuple[str | int | float, ...]:
    node, metrics = each
    where = place(node.file_path, node.start_line)
    return (
        node.qualified_name,
        metrics.cognitive,
        metrics.cyclomatic,
        metrics.lines,
        metrics.nesting,
        round(metrics.maintainability),
        where,
    )


def _bands(functions: list[MeasuredSymbol]) -> list[Band]:
    found = []
    lower = 0
    for upper in (*_BORDERS, None):
        within = [each for each in functions if each.metrics.cyclomatic > lower and (upper is None or each.metrics.cyclomatic <= upper)]
        name = f"{lower + 1}+" if upper is None else str(upper) if upper == lower + 1 else f"{lower + 1}\N{EN DASH}{upper}"
        found.append(Band(name, len(within), sum(each.metrics.lines for each in within)))
        lower = upper or lower
    return found
