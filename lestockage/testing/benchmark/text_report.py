"""Text report: a result for a terminal: rows in columns, with a bar that says how much faster each way is, by orders of magnitude."""

from __future__ import annotations

from math import log10
from typing import TYPE_CHECKING

from lestockage.testing.benchmark.sheet import HEADER, legend, provenance, remarks, rows

if TYPE_CHECKING:
    from lestockage.testing.benchmark.results import Benchmark, Table

_WIDTH = 24
_LEFT = 2
"""Columns that are words; the others are numbers, and end together."""


def text_report(found: Benchmark) -> str:
    """Return the whole result as text."""
    parts = ["".join(f"{label:<8}  {text}\n" for label, text in provenance(found))]
    parts += [text_table(table) for table in found.tables]
    parts.append("".join(f"{line}\n" for line in legend()))
    return "\n".join(parts)


def text_table(table: Table) -> str:
    """Return one table, with its remarks."""
    found = rows(table)
    lines = [HEADER, *(row.cells for row in found)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    largest = max((row.speed_up or 1 for row in found), default=1)
    bars = ["", *(bar(row.speed_up, largest) for row in found)]
    shown = [f"{table.name}\n"]
    for cells, beside in zip(lines, bars, strict=True):
        padded = [cell.ljust(width) if n < _LEFT else cell.rjust(width) for n, (cell, width) in enumerate(zip(cells, widths, strict=True))]
        shown.append(f"{'  '.join(padded)}  {beside}".rstrip() + "\n")
    return "".join(shown) + "".join(f"- {line}\n" for line in remarks(table))


def bar(ratio: float | None, largest: float) -> str:
    """Return a bar as long as the logarithm of a ratio; the largest ratio has the whole width, 1 and less have nothing."""
    if ratio is None or ratio <= 1 or largest <= 1:
        return ""
    return "█" * max(1, round(_WIDTH * log10(ratio) / log10(largest)))
