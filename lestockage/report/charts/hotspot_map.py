"""Hotspot map: functions by size and complexity, drawn the larger the more depends on them, the hotter the higher they score."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from lestockage.report.charts.frame import HEAT, INK, NARROW, framed
from lestockage.report.document import Chart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lestockage.report.document import Specification

_LABELS = 10
_LEVELS = (0.5, 0.75, 0.9)
"""Where one shade ends and the next begins."""


class Spot(NamedTuple):
    """One function: lines, cyclomatic complexity, how many symbols refer to it, and its score from 0 to 1."""

    name: str
    lines: int
    complexity: int
    users: int
    score: float


def hotspot_map(spots: Sequence[Spot]) -> Chart:
    """Return the chart; the hottest comes first, and the first have their names beside them where there is room."""

    def specification(width: int) -> Specification:
        named = _named(spots, width)
        values = [
            {
                "x": spot.lines,
                "y": spot.complexity,
                "users": spot.users + 1,
                "score": spot.score,
                "label": spot.name.rpartition(".")[2] if number in named else "",
                "about": f"{spot.name}: {spot.lines:,} lines, complexity {spot.complexity:,}, used by {spot.users:,}, score {spot.score:.2f}",
            }
            for number, spot in enumerate(spots)
        ]
        axis = {"tickCount": 4 if width < NARROW else 8, "format": ","}
        place = {
            "x": {"field": "x", "type": "quantitative", "scale": {"type": "log", "nice": True}, "axis": {**axis, "title": "lines"}},
            "y": {"field": "y", "type": "quantitative", "scale": {"type": "log", "nice": True}, "axis": {**axis, "title": "complexity"}},
        }
        color = {
            "field": "score",
            "type": "quantitative",
            "scale": {"type": "threshold", "domain": list(_LEVELS), "range": list(HEAT)},
            "legend": {"orient": "top", "title": "score", "direction": "horizontal", "symbolType": "circle", "symbolStrokeWidth": 0},
        }
        size = {"field": "users", "type": "quantitative", "scale": {"type": "sqrt", "range": [24, 900]}, "legend": None}
        circles = {
            "mark": {"type": "circle", "opacity": 0.75, "stroke": "var(--page)", "strokeWidth": 0.7},
            "encoding": {**place, "color": color, "size": size, "description": {"field": "about"}, "order": {"field": "users", "sort": "descending"}},
        }
        labels = {
            "transform": [{"filter": "datum.label != ''"}],
            "mark": {"type": "text", "align": "left", "dx": 9, "fontSize": 12, "color": INK, "aria": False},
            "encoding": {**place, "text": {"field": "label"}},
        }
        return framed(values, width, 300 if width < NARROW else 440, layer=[circles, labels])

    description = "Functions by lines and complexity, both axes logarithmic. Large circles are used much, hot colours score high."
    return Chart("hotspot-map", "Size, complexity and use of the hottest functions", description, specification)


def _named(spots: Sequence[Spot], width: int) -> set[int]:
    """Return which of the first spots may bear their names without one covering another."""
    across = max((math.log(spot.lines + 1) for spot in spots), default=1.0)
    taken: list[tuple[float, float, float]] = []
    found: set[int] = set()
    for number, spot in enumerate(spots[: _LABELS if width >= NARROW else 4]):
        left = math.log(spot.lines) / across * width
        level = math.log(max(spot.complexity, 1)) * 60
        right = left + 9 + 7 * len(spot.name.rpartition(".")[2])
        if right < width and all(abs(level - other) > 13 or right < begin or end < left for begin, end, other in taken):
            taken.append((left, right, level))
            found.add(number)
    return found
