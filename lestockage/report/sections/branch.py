"""Branch: what differs between two states of a project, a section for each side of the design."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.report.design import HARD
from lestockage.report.document import Column, Section, Table
from lestockage.report.sections.place import counted, place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lestockage.languages.symbol_changes import SymbolChange
    from lestockage.report.design import Design
    from lestockage.report.document import Cell
    from lestockage.workspace.symbol_diff import SymbolDiff


def complexity_changes(before: Design, after: Design, symbols: SymbolDiff, limit: int) -> Section:
    """Return which functions became harder or easier; one that was moved or renamed is the same function."""
    former = {_key(change, new=True): _key(change, new=False) for change in symbols.changes if change.old and change.new}
    moved = set(former.values())
    rows: list[tuple[str, int | None, int | None, int, str]] = []
    for key in {*before.functions, *after.functions}:
        new = after.functions.get(key)
        old = before.functions.get(former.get(key, key))
        if new is None and key in moved:
            continue
        was, now = old and old.cyclomatic, new and new.cyclomatic
        if was != now:
            rows.append((key[1], was, now, (now or 0) - (was or 0), key[0]))
    rows.sort(key=lambda row: (-row[3], row[0], row[4]))
    fresh = sum(now is not None and now > HARD and (was or 0) <= HARD for _, was, now, *_ in rows)
    mean = [sum(each.cyclomatic for each in state.functions.values()) / max(1, len(state.functions)) for state in (before, after)]
    lead = (
        (
            f"Complexity of all functions: {before.complexity:,} before, {after.complexity:,} now; {mean[0]:.2f} and {mean[1]:.2f} each. "
            f"{counted(fresh, 'function')} rose above {HARD} or came with more."
        ),
    )
    columns = (
        Column("function", "code"),
        Column("before", "number"),
        Column("now", "number"),
        Column("change", "number"),
        Column("file", "code", is_minor=True),
    )
    table = Table("branch-complexity", "Functions whose complexity differs", columns, tuple(rows[:limit]), len(rows))
    return Section("complexity", "Complexity", lead, (), (table,) if rows else ())


def new_cycles(before: Mapping[frozenset[str], tuple[str, ...]], after: Mapping[frozenset[str], tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return a shortest way round each cycle that is new, or has a member that was in no part of it before; the largest first."""
    fresh = [members for members in after if not any(members <= old for old in before)]
    return [after[members] for members in sorted(fresh, key=lambda members: (-len(members), sorted(members)))]


def cycle_changes(before: Design, after: Design, limit: int) -> Section:
    """Return which cycles are new or larger, and which are gone or smaller."""
    tables = []
    numbers = []
    for key, what, old, new in (("imports", "imports", before.imports, after.imports), ("calls", "calls", before.calls, after.calls)):
        fresh, gone = new_cycles(old, new), new_cycles(new, old)
        numbers.append(f"{len(old):,} of {what} before, {len(new):,} now")
        for suffix, caption, found in (
            ("new", f"New or larger cycles of {what}", fresh),
            ("gone", f"Cycles of {what} that are gone or smaller", gone),
        ):
            if found:
                rows = tuple((" → ".join([*circle, circle[0]]),) for circle in found[:limit])
                tables.append(Table(f"branch-{key}-{suffix}", caption, (Column("a shortest way round", "code"),), rows, len(found)))
    lead = (f"Cycles: {'; '.join(numbers)}.", *(() if tables else ("None came, grew or went.",)))
    return Section("cycles", "Cycles", lead, (), tuple(tables))


def coupling_changes(before: Design, after: Design, limit: int) -> Section:
    """Return which modules began to refer to each other, and which ceased to."""
    pairs = {*before.references, *after.references}
    rows = [(a, b, before.references.get((a, b)), after.references.get((a, b))) for a, b in pairs]
    fresh = sorted((row for row in rows if row[2] is None), key=lambda row: (-(row[3] or 0), row[:2]))
    gone = sorted((row for row in rows if row[3] is None), key=lambda row: (-(row[2] or 0), row[:2]))
    total = [sum(state.references.values()) for state in (before, after)]
    lead = (
        (
            f"References between modules: {total[0]:,} before, {total[1]:,} now, between {len(before.references):,} and "
            f"{len(after.references):,} pairs of modules; {len(fresh):,} of the pairs are new, {len(gone):,} are gone."
        ),
    )
    columns = (Column("from", "code"), Column("to", "code"), Column("references", "number"))
    tables = [
        Table(key, caption, columns, tuple((a, b, new if new is not None else old) for a, b, old, new in found[:limit]), len(found))
        for key, caption, found in (
            ("branch-coupled", "Modules that refer to each other now", fresh),
            ("branch-uncoupled", "Modules that no longer do", gone),
        )
        if found
    ]
    return Section("coupling", "Coupling", lead, (), tuple(tables))


def symbol_changes(symbols: SymbolDiff, limit: int) -> Section:
    """Return which symbols were added, removed, modified, moved or renamed."""
    shown = [change for change in symbols.changes if not change.is_from_members]
    numbers: dict[str, int] = {}
    for change in shown:
        numbers[change.change] = numbers.get(change.change, 0) + 1
    told = ", ".join(f"{count:,} {word}" for word, count in sorted(numbers.items(), key=lambda item: (-item[1], item[0])))
    lead = (f"{counted(len(shown), 'symbol')} in {counted(symbols.files, 'file')} differ" + (f": {told}." if told else "."),)
    columns = (
        Column("change"),
        Column("symbol", "code"),
        Column("what", "prose", is_minor=True),
        Column("was", "code", is_minor=True),
        Column("where", "code", is_minor=True),
    )
    table = Table("branch-symbols", "Symbols that differ", columns, tuple(map(_row, shown[:limit])), len(shown))
    return Section("symbols", "Symbols", lead, (), (table,) if shown else ())


def unused_changes(before: Design, after: Design, symbols: SymbolDiff, limit: int) -> Section:
    """Return which definitions nothing refers to any more, or yet."""
    former = {_key(change, new=True)[:2]: _key(change, new=False)[:2] for change in symbols.changes if change.old and change.new}
    fresh = sorted(key for key in after.unused if former.get(key, key) not in before.unused)
    lead = (f"{counted(len(fresh), 'definition')} that nothing refers to, and that were used before or are new.",)
    columns = (Column("symbol", "code"), Column("sureness"), Column("file", "code", is_minor=True))
    rows = tuple((name, after.unused[path, name], path) for path, name in fresh[:limit])
    return Section("unused", "Unused code", lead, (), (Table("branch-unused", "Newly unused", columns, rows, len(fresh)),) if fresh else ())


def _key(change: SymbolChange, *, new: bool) -> tuple[str, str, int]:
    found = change.new if new else change.old
    assert found is not None  # noqa: S101  # asked of changes that have both
    return found.path, found.qualified_name, found.ordinal


def _row(change: SymbolChange) -> tuple[Cell, ...]:
    found = change.new or change.old
    assert found is not None  # noqa: S101  # a change has one of them
    was = change.old.qualified_name if change.old and change.old.qualified_name != found.qualified_name else None
    return change.change, found.qualified_name, ", ".join(change.parts) or change.kind, was, place(found.path, found.line)
