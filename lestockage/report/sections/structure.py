"""Structure: which parts of a project refer to which, and how the modules are coupled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.report.charts.matrix_map import matrix_map
from lestockage.report.document import Column, Section, Table
from lestockage.report.sections.place import counted, share_text

if TYPE_CHECKING:
    from lestockage.report.facts import Facts


def structure(facts: Facts, limit: int) -> Section:
    """Return the section; tables have `limit` rows."""
    matrix = facts.matrix
    against = matrix.upward
    total = sum(matrix.references.values())
    if against:
        number = sum(against.values())
        share = share_text(number / total)
        lead = f"{counted(number, 'reference')} ({share}) between parts go against the order below: they close circles."
    else:
        lead = "The parts refer to each other in one direction only: nothing below the diagonal, no circle between them."
    worst = sorted(against.items(), key=lambda item: (item[1], item[0]))
    names = [group.name for group in matrix.groups]
    tables = []
    if worst:
        rows = tuple((names[a], names[b], count, matrix.references.get((b, a), 0)) for (a, b), count in worst[:limit])
        columns = (Column("from", "code"), Column("to", "code"), Column("references", "number"), Column("the other way", "number"))
        tables.append(Table("against-table", "References against the order, the cheapest to cut first", columns, rows, len(worst)))
    modules = sorted(facts.modules, key=lambda row: (-(row["afferent"] + row["efferent"]), row["qualified_name"] or ""))
    tables.append(
        Table(
            "modules-table",
            "Modules by coupling",
            (
                Column("module", "code"),
                Column("used by", "number", "files that refer to it (afferent)"),
                Column("uses", "number", "files that it refers to (efferent)"),
                Column("instability", "percent", "uses / (uses + used by): 100 % is free to change"),
                Column("own share", "percent", "share of its references that stay inside", is_minor=True),
                Column("complexity", "number", "sum over its functions", is_minor=True),
                Column("layer", "number", "0 refers to nothing outside its circle", is_minor=True),
                Column("in a circle of", "number", "files that depend on each other", is_minor=True),
            ),
            tuple(
                (
                    row["qualified_name"] or row["file_path"],
                    row["afferent"],
                    row["efferent"],
                    row["instability"],
                    row["own_share"],
                    row["complexity"],
                    row["layer"],
                    row["circle_size"] if row["circle_size"] > 1 else None,
                )
                for row in modules[:limit]
            ),
            len(modules),
        )
    )
    charts = (matrix_map(matrix),) if len(matrix.groups) > 1 else ()
    note = (
        "Parts are the project's packages and modules, users first. A mark says how often its row refers to its column "
        "(calls, imports, inheritance, data); blue marks follow the order, red ones go against it."
    )
    return Section("structure", "Structure", (lead,), charts, tuple(tables), note)
