"""Sheet: a table of results as cells of text, for every form in which it is shown."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from lestockage.testing.benchmark.peers import PLAIN
from lestockage.testing.benchmark.ratios import break_even, edits_to_pay, speed_up
from lestockage.testing.benchmark.units import duration, factor, percentage, size
from lestockage.testing.benchmark.way import IN_PROCESS, REBUILD, REOPENED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lestockage.testing.benchmark.results import Benchmark, KindResult, Samples, Table

HEADER = ("edit", "way", "median", "spread", "faster", "executed", "visited", "loaded")
"""What the columns hold: times are processor time, counts medians over the edits; `faster` is than the full rebuild of the same edit."""


_MANY = 100


class Row(NamedTuple):
    """One way of one kind of edit; `speed_up` is for a bar beside it."""

    cells: tuple[str, ...]
    speed_up: float | None


def rows(table: Table) -> list[Row]:
    """Return a row for every way of every kind of edit; a kind is named in its first row only."""
    return [
        Row((kind.kind if not number else "", *_cells(kind, samples)), speed_up(kind, samples))
        for kind in table.kinds
        for number, samples in enumerate(kind.ways)
    ]


def _cells(kind: KindResult, samples: Samples) -> tuple[str, ...]:
    least, most = samples.spread
    ratio = speed_up(kind, samples)
    counts = (f"{median(numbers):,.0f}" for numbers in (samples.executed, samples.visited, samples.loaded))
    return (samples.way, duration(samples.median), f"{duration(least)} to {duration(most)}", factor(ratio), *counts)


def remarks(table: Table) -> list[str]:
    """Return what is to be said of a table beside its rows: how much there is, break-even points, memory, bytes, agreement."""
    lines = [", ".join(f"{count:,} {what}" for what, count in table.facts.items())]
    lines += [line for way in (IN_PROCESS, REOPENED) if (line := _break_even(table, way))]
    lines += _paying(table)
    for memory in table.memory:
        has_many = memory.per_memo and memory.memos >= _MANY  # of a few, what the program itself holds would be told as theirs
        each = f", {memory.per_memo:,.0f} bytes for each of {memory.memos:,} memos" if has_many else ""
        lines.append(f"memory, {memory.way}: {size(memory.peak)} at most, {size(memory.held)} held{each}")
    lines += [f"on disk, {disk.way}: {size(disk.first)} at first, {size(disk.last)} after all edits" for disk in table.disk if disk.last]
    lines.append(f"all ways agreed {_with_whom(table)}, {table.compared:,} answers compared")
    return lines


def _with_whom(table: Table) -> str:
    rebuilds = [(kind, samples) for kind in table.kinds if (samples := kind.way(REBUILD)) is not None]
    if any(len(samples.seconds) < len(kind.edits) for kind, samples in rebuilds):
        return "with one another after each edit, and with a full rebuild after the last of each kind"
    return "with a full rebuild"


def _break_even(table: Table, way: str) -> str | None:
    found = break_even(table, way)
    if found is None:
        return None
    if found.share is None:
        return f"break-even, {way}: none up to {percentage(found.largest)} changed"
    return f"break-even, {way}: a full rebuild is as fast when {percentage(found.share)} is changed"


def _paying(table: Table) -> list[str]:
    """Where there is a plain rebuild: after how many edits a memory has paid for being filled."""
    lines = []
    for way in (IN_PROCESS, REOPENED):
        for kind in table.kinds[:1]:
            edits = edits_to_pay(kind, way)
            if edits is not None:
                lines.append(f"{way} has paid against a {PLAIN} after {edits:,} edit{'' if edits == 1 else 's'} ({kind.kind})")
            elif kind.way(PLAIN) is not None:
                lines.append(f"{way} never pays against a {PLAIN} ({kind.kind})")
    return lines


def provenance(found: Benchmark) -> list[tuple[str, str]]:
    """Return what a result has to say of where it comes from, as labels and texts."""
    machine = found.machine
    return [
        ("command", found.command),
        ("date", found.date),
        ("version", f"{found.version}, commit {found.commit}" if found.commit else found.version),
        ("machine", f"{machine.system} {machine.architecture}, {machine.cores} cores, Python {machine.python}"),
    ]


def legend() -> Sequence[str]:
    """Return what the columns mean."""
    return (
        f"Times are processor time: the median over the edits of a kind, from the fastest to the slowest. Faster: than the {REBUILD}.",
        "Executed: bodies run. Visited: nodes looked at for the sake of the change. Loaded: memos taken from the file. Medians, too.",
    )
