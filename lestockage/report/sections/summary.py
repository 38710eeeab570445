"""Summary: the numbers at the top, and what stands out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.report.design import HARD
from lestockage.report.document import Figure
from lestockage.report.sections.place import counted, share_text

if TYPE_CHECKING:
    from lestockage.report.facts import Facts

_MANY = 0.5


def figures(facts: Facts) -> tuple[Figure, ...]:
    """Return the numbers at the top."""
    functions = facts.functions
    modules = [each for each in facts.symbols if each.node.node_type == "module"]
    hard = sum(each.metrics.cyclomatic > HARD for each in functions)
    sure = sum(each.sureness == "sure" for each in facts.unused)
    mutual = sum(len(cycle.members) > 1 for cycle in facts.call_cycles)
    against = sum(facts.matrix.upward.values())
    total = sum(facts.matrix.references.values())
    return (
        Figure(
            "files",
            f"{facts.files:,}",
            counted(len(facts.failed), "not read", "not read") if facts.failed else "all read",
            _tone(len(facts.failed)),
        ),
        Figure("lines", f"{sum(each.metrics.lines for each in modules):,}"),
        Figure("functions", f"{len(functions):,}", counted(facts.nodes.get("class", 0), "class", "classes")),
        Figure("references", f"{sum(count for kind, count in facts.edges.items() if kind != 'containment'):,}", "between symbols"),
        Figure("hard functions", f"{hard:,}", f"complexity above {HARD}"),
        Figure("import cycles", f"{len(facts.import_cycles):,}", f"and {mutual:,} of calls", _tone(len(facts.import_cycles))),
        Figure("against the order", share_text(against / total if total else 0), "of references between parts", _tone(against)),
        Figure("unused", f"{len(facts.unused):,}", f"{sure:,} of them sure"),
    )


def findings(facts: Facts) -> tuple[str, ...]:
    """Return what stands out, a sentence each."""
    found = []
    if facts.hotspots:
        first = facts.hotspots[0]
        users = facts.metrics[first["id"]]["in_degree"]
        found.append(
            f"The hottest function is {first['qualified_name']}: complexity {first['complexity']:,}, used by {counted(users, 'symbol')}."
        )
    functions = sorted(facts.functions, key=lambda each: -each.metrics.cyclomatic)
    total = sum(each.metrics.cyclomatic - 1 for each in functions)
    if total:
        held, number = 0, 0
        while held < total * _MANY:
            held += functions[number].metrics.cyclomatic - 1
            number += 1
        found.append(f"Half of all decisions are in {counted(number, 'function')}, {number / len(functions):.1%} of them.")
    if facts.import_cycles:
        largest = len(facts.import_cycles[0].members)
        where = "a circle" if len(facts.import_cycles) == 1 else f"the largest of {len(facts.import_cycles):,} circles"
        found.append(f"{counted(largest, 'module')} import each other in {where}.")
    tangled = sum(row["circle_size"] > 1 for row in facts.modules)
    if tangled:
        found.append(
            f"{counted(tangled, 'file')} of {len(facts.modules):,} depend on each other in circles, "
            "imports inside functions and for types counted."
        )
    stable = [row for row in facts.modules if row["afferent"] and row["worst_complexity"]]
    if stable:
        most = max(stable, key=lambda row: (row["afferent"], row["qualified_name"] or ""))
        found.append(f"Most files ({most['afferent']:,}) depend on {most['qualified_name']}.")
    return tuple(found)


def _tone(bad: int) -> str:
    return "bad" if bad else "good"
