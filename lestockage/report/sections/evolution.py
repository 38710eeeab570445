"""Evolution: how a project went from snapshot to snapshot, and what the last of them changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lestockage.report.charts.trend_line import DAY, Moment, trend_line
from lestockage.report.document import Column, Section, Table
from lestockage.report.sections.place import counted

if TYPE_CHECKING:
    from lestockage.analytics.evolution import ComparedSymbol, TrendPoint
    from lestockage.report.document import Cell
    from lestockage.report.facts import Facts
    from lestockage.store.snapshot_rows import SnapshotRow

_ID = 40
_SHORT = 10


def name_of(snapshot: SnapshotRow) -> str:
    """Return what a snapshot is called: its label, a commit's id shortened."""
    label = snapshot.label
    return label[:_SHORT] if len(label) == _ID and label == snapshot.commit_id else label


def trends(facts: Facts, limit: int) -> Section | None:
    """Return how the numbers went; None with fewer than two snapshots."""
    points = facts.trend
    if len(points) < 2:
        return None
    first, last = points[0], points[-1]
    days = (last.snapshot.at - first.snapshot.at) / DAY
    time = counted(round(days), "day") if days >= 2 else counted(round(days * 24), "hour")
    lead = (
        (
            f"{counted(len(points), 'snapshot')} over {time}: {_moved('lines', first.lines, last.lines)}, "
            f"{_moved('functions', first.functions, last.functions)}, {_moved('complexity', first.complexity, last.complexity)}, "
            f"{_moved('references between files', first.references, last.references)}."
        ),
    )
    charts = tuple(
        trend_line(f"trend-{key}", title, [Moment(point.snapshot.at, name_of(point.snapshot), getattr(point, key)) for point in points])
        for key, title in (
            ("lines", "Lines"),
            ("functions", "Functions"),
            ("complexity", "Complexity, sum over functions"),
            ("complex_functions", "Functions of complexity above 10"),
            ("references", "References between files"),
            ("coupled_files", "Pairs of files that are coupled"),
        )
    )
    columns = (
        Column("snapshot", "id"),
        Column("date"),
        Column("lines", "number"),
        Column("complexity", "number", "sum over functions", is_minor=True),
        Column("references", "number", "between files", is_minor=True),
        Column("added", "number", "symbols", is_minor=True),
        Column("removed", "number", "symbols", is_minor=True),
        Column("modified", "number", "symbols", is_minor=True),
        Column("subject", "prose", is_minor=True),
    )
    tables = [
        Table(
            "snapshots-table",
            "Snapshots, the newest first",
            columns,
            tuple(_row(point) for point in points[: -limit - 1 : -1]),
            len(points),
        )
    ]
    coupling = [step for step in facts.steps if len(step.coupled) > len(step.uncoupled)]
    if coupling:
        tables.append(
            Table(
                "coupling-table",
                "Snapshots that coupled most",
                (
                    Column("snapshot", "id"),
                    Column("pairs coupled", "number"),
                    Column("pairs apart", "number"),
                    Column("references", "number", "by how many they grew", is_minor=True),
                    Column("subject", "prose", is_minor=True),
                ),
                tuple(
                    (name_of(step.snapshot), len(step.coupled), len(step.uncoupled), step.references, step.snapshot.subject)
                    for step in coupling[:limit]
                ),
                len(coupling),
            )
        )
    return Section("trends", "Trends", lead, charts, tuple(tables))


def changes(facts: Facts, limit: int) -> Section | None:
    """Return the biggest changes, the latest first: since the last snapshot, and since the first; None where nothing came before."""
    if not facts.changes:
        return None
    lead, tables = [], []
    for number, changed in enumerate(facts.changes):
        symbols = [each for each in changed.symbols if not each.change.is_from_members]
        between = f"from {name_of(changed.old.snapshot)} to {name_of(changed.new.snapshot)}"
        if not symbols:
            lead.append(f"No symbol differs {between}.")
            continue
        numbers: dict[str, int] = {}
        for each in symbols:
            numbers[each.change.change] = numbers.get(each.change.change, 0) + 1
        told = ", ".join(f"{count:,} {word}" for word, count in sorted(numbers.items(), key=lambda item: (-item[1], item[0])))
        differ = "symbol differs" if len(symbols) == 1 else "symbols differ"
        lead.append(f"{len(symbols):,} {differ} in {counted(changed.files, 'file')} {between}: {told}.")
        tables.append(_changes_table(f"changes-table-{number}" if number else "changes-table", between, symbols, limit))
    return Section("changes", "Biggest changes", tuple(lead), (), tuple(tables))


def _changes_table(key: str, between: str, symbols: list[ComparedSymbol], limit: int) -> Table:
    columns = (
        Column("symbol", "code"),
        Column("change", "prose"),
        Column("complexity", "number", "before and after, as the difference"),
        Column("lines", "number", "the difference"),
        Column("used by", "number", "the difference", is_minor=True),
        Column("was", "code", is_minor=True),
    )
    rows = sorted(symbols, key=lambda each: (*(-abs(number or 0) for number in _differences(each)), _name(each)))
    caption = f"Symbols that differ {between}, those whose complexity differs most first"
    return Table(key, caption, columns, tuple(map(_changed, rows[:limit])), len(rows))


def _moved(what: str, before: int, after: int) -> str:
    share = f" ({(after - before) / before:+.0%})" if before else ""
    return f"{what} {before:,} → {after:,}{share}"


def _row(point: TrendPoint) -> tuple[Cell, ...]:
    snapshot = point.snapshot
    date = datetime.fromtimestamp(snapshot.at / 1000, UTC).strftime("%Y-%m-%d")
    measured = (point.lines, point.complexity, point.references, point.added, point.removed, point.modified)
    return (name_of(snapshot), date, *measured, snapshot.subject)


def _name(each: ComparedSymbol) -> str:
    found = each.change.new or each.change.old
    assert found is not None  # noqa: S101  # a change has one of them
    return found.qualified_name


def _differences(each: ComparedSymbol) -> tuple[int | None, int, int]:
    """Return by how much complexity, lines and references to it grew; what is not there has none of any."""
    before, after = each.before, each.after
    complexity = ((after and after.complexity) or 0) - ((before and before.complexity) or 0)
    has_complexity = any(state is not None and state.complexity is not None for state in (before, after))
    lines = (after.lines if after else 0) - (before.lines if before else 0)
    return complexity if has_complexity else None, lines, (after.incoming if after else 0) - (before.incoming if before else 0)


def _changed(each: ComparedSymbol) -> tuple[Cell, ...]:
    old, new, parts = each.change.old, each.change.new, each.change.parts
    was = old.qualified_name if old and new and old.qualified_name != new.qualified_name else None
    return (_name(each), each.change.change + (f" ({', '.join(parts)})" if parts else ""), *_differences(each), was)
