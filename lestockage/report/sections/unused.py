"""Unused: definitions that nothing in the project refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.graph.unused import SURENESS
from lestockage.report.document import Column, Section, Table
from lestockage.report.sections.place import counted, place

if TYPE_CHECKING:
    from lestockage.report.facts import Facts


def unused_section(facts: Facts, limit: int) -> Section:
    """Return the section; the table has `limit` rows, the surest first."""
    found = facts.unused
    numbers = [(level, sum(each.sureness == level for each in found)) for level in SURENESS]
    lead = (
        "Nothing that is not used was found."
        if not found
        else f"Nothing in the project refers to {counted(len(found), 'definition')}: "
        + ", ".join(f"{count:,} {level}" for level, count in numbers if count)
        + ".",
    )
    if not found:
        return Section("unused", "Unused code", lead)
    columns = (
        Column("symbol", "code"),
        Column("kind"),
        Column("sureness"),
        Column("why", "prose", is_minor=True),
        Column("where", "code", is_minor=True),
    )
    rows = tuple(
        (each.node.qualified_name, each.node.node_type, each.sureness, each.reason, place(each.node.file_path, each.node.start_line))
        for each in found[:limit]
    )
    note = "Sure: a private name. Likely: a public one, which code outside the project may use. Possible: a string has its name."
    return Section(
        "unused", "Unused code", lead, (), (Table("unused-table", "Unused definitions, the surest first", columns, rows, len(found)),), note
    )
