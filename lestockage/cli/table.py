"""Table: rows as aligned columns of plain text, which reads the same on a terminal and in a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def table(rows: Iterable[Sequence[str | int]], indent: str = "") -> str:
    """Return rows as lines; a column of numbers is aligned to the right and gets thousands separators, the last column is not padded."""
    given = list(rows)
    if not given:
        return ""
    right = [isinstance(cell, int) for cell in given[0]]
    texts = [[f"{cell:,}" if isinstance(cell, int) else cell for cell in row] for row in given]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    lines = []
    for row in texts:
        cells = [cell.rjust(width) if to_right else cell.ljust(width) for cell, width, to_right in zip(row, widths, right, strict=True)]
        lines.append(indent + "  ".join(cells).rstrip())
    return "\n".join(lines) + "\n"


def quantity(number: int, noun: str) -> str:
    """Return a number with its noun in the right form: `1 file`, `1,234 files`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
