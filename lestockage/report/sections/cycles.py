"""Cycles: modules that import, and functions that call, each other in circles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.report.document import Column, Section, Table
from lestockage.report.sections.place import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lestockage.graph.cycles import Cycle
    from lestockage.report.facts import Facts

_STEPS = 8
"""Members of a circle that are shown before the rest is counted."""


def circle_text(cycle: Cycle) -> str:
    """Return a shortest way round a cycle, cut when it is long."""
    names = [node.qualified_name for node in cycle.circle]
    if len(names) > _STEPS:
        names = [*names[:_STEPS], f"… {len(names) - _STEPS} more"]
    return " → ".join([*names, names[0]])


def cycles_section(facts: Facts, limit: int) -> Section:
    """Return the section; tables have `limit` rows."""
    mutual = [cycle for cycle in facts.call_cycles if len(cycle.members) > 1]
    alone = len(facts.call_cycles) - len(mutual)
    tables = [
        _table(key, caption, found, limit)
        for key, caption, found in (
            ("import-cycles-table", "Modules that import each other at their top level, when they run", facts.import_cycles),
            ("call-cycles-table", "Functions that call each other", mutual),
        )
        if found
    ]
    lead = (
        (
            f"{counted(len(facts.import_cycles), 'cycle')} of imports, {counted(len(mutual), 'cycle')} of calls between functions, "
            f"and {counted(alone, 'function')} that {'calls itself' if alone == 1 else 'call themselves'}."
        ),
    )
    return Section("cycles", "Cycles", lead, (), tuple(tables))


def _table(key: str, caption: str, found: Sequence[Cycle], limit: int) -> Table:
    columns = (Column("members", "number"), Column("a shortest way round", "code"))
    return Table(key, caption, columns, tuple((len(cycle.members), circle_text(cycle)) for cycle in found[:limit]), len(found))
