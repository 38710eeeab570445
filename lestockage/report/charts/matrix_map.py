"""Matrix map: a dependency structure matrix as squares: who uses whom; what lies below the diagonal goes against the order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.report.charts.frame import NARROW, framed
from lestockage.report.document import Chart

if TYPE_CHECKING:
    from lestockage.graph.dependency_matrix import DependencyMatrix
    from lestockage.report.document import Specification

_LEVELS = (10, 100, 1000)
"""References from which on the next shade is taken."""
_ALONG = ("var(--use-1)", "var(--use-2)", "var(--use-3)", "var(--use-4)")
_AGAINST = ("var(--back-1)", "var(--back-2)", "var(--back-3)", "var(--back-4)")
_SELF = "var(--line)"


def matrix_map(matrix: DependencyMatrix) -> Chart:
    """Return the chart: a row uses the columns that are marked in it."""

    def specification(width: int) -> Specification:
        titles = [f"{_cut(group.name, 19 if width < NARROW else 40)} {number}" for number, group in enumerate(matrix.groups, 1)]
        columns = [str(number) for number in range(1, len(titles) + 1)]
        values: list[dict[str, object]] = [
            {"row": titles[number], "column": columns[number], "fill": _SELF, "count": "", "about": group.name}
            for number, group in enumerate(matrix.groups)
        ]
        for (row, column), count in sorted(matrix.references.items()):
            shades = _ALONG if row < column else _AGAINST
            level = sum(count >= border for border in _LEVELS)
            values.append(
                {
                    "row": titles[row],
                    "column": columns[column],
                    "fill": shades[level],
                    "count": _short(count),
                    "ink": "var(--on-dark)" if level > 1 else "var(--on-light)",
                    "about": f"{matrix.groups[row].name} refers to {matrix.groups[column].name} {count:,} times"
                    + (", against the order" if column < row else ""),
                }
            )
        numbers: Specification = {"orient": "top", "title": None, "labelAngle": 0, "domain": False, "ticks": False}
        if width < NARROW:
            numbers["values"] = [number for number in columns if int(number) % 5 == 0]
        place = {
            "x": {"field": "column", "type": "ordinal", "sort": columns, "axis": numbers},
            "y": {"field": "row", "type": "ordinal", "sort": titles, "axis": {"title": None, "domain": False, "ticks": False}},
        }
        squares = {
            "mark": {"type": "rect", "cornerRadius": 2, "stroke": "var(--page)", "strokeWidth": 1},
            "encoding": {**place, "color": {"field": "fill", "type": "nominal", "scale": None}, "description": {"field": "about"}},
        }
        text = {
            "transform": [{"filter": "datum.count != ''"}],
            "mark": {"type": "text", "fontSize": 10, "aria": False},
            "encoding": {**place, "text": {"field": "count"}, "color": {"field": "ink", "type": "nominal", "scale": None}},
        }
        step = 16 if width < NARROW else 24
        return framed(values, width, step * len(titles) + 40, layer=[squares] if width < NARROW else [squares, text])

    description = (
        "A row refers to the columns marked in it, which have the rows' numbers. Red marks below the diagonal go against the order."
    )
    return Chart("matrix-map", "Who refers to whom", description, specification)


def _cut(name: str, length: int) -> str:
    """Return a name, or the end of one that is too long: the first parts are those that all have."""
    return name if len(name) <= length else f"…{name[1 - length :]}"


def _short(count: int) -> str:
    return f"{count / 1000:.0f}k" if count >= 10_000 else f"{count / 1000:.1f}k" if count >= 1_000 else str(count)
