"""Cell text: what stands in a place of a table, and what it is sorted by."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lestockage.report.document import Cell, Column

NOTHING = "\N{EN DASH}"


def cell_text(cell: Cell, column: Column) -> str:
    """Return a cell as people read it: numbers with thousands separators, shares in percent, nothing as a dash."""
    if cell is None:
        return NOTHING
    if isinstance(cell, str):
        return cell
    if column.kind == "percent":
        return f"{cell:.0%}"
    return f"{cell:,}" if isinstance(cell, int) else f"{cell:,.3f}"


def sort_key(cell: Cell) -> str:
    """Return what a cell is sorted by: a number in full, else its text; nothing is the empty text."""
    return "" if cell is None else repr(cell) if isinstance(cell, float) else str(cell)
