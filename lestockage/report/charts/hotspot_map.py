"""Hotspot map: functions by size and complexity, drawn the larger the more depends on them, the hotter the higher they score."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from lestockage.report.charts.frame import HEAT, INK, NARROW, framed
from lestockage.report.document import Chart

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
        named = set() if width < NARROW else _named(spots, width)
        values = [
            {
                "x": spot.lines,
                "y": spot.complexity,
                "users": spot.users + 1,
                "score": spot.score,
                "label": spot.name.rpartition(".")[2] if number in named else "",
                "about": f"{spot.name}: {spot.lines:,} lines, complexity {spot.complexity:,}, {spot.users:,} users, score {spot.score:.2f}",
            }
            for number, spot in enumerate(spots)
        ]
        across, up = _border(spot.lines for spot in spots), _border(spot.complexity for spot in spots)
        place = {"x": _logarithmic("x", "lines", across), "y": _logarithmic("y", "complexity", up)}
        color = {
            "field": "score",
            "type": "quantitative",
            "scale": {"type": "threshold", "domain": list(_LEVELS), "range": list(HEAT)},
            "legend": {"orient": "top", "title": "score", "direction": "horizontal", "symbolType": "circle", "symbolStrokeWidth": 0},
        }
        size = {
            "field": "users",
            "type": "quantitative",
            "scale": {"type": "sqrt", "range": [10, 300] if width < NARROW else [24, 900]},
            "legend": None,
        }
        circles = {
            "mark": {"type": "circle", "opacity": 0.75, "stroke": "var(--page)", "strokeWidth": 0.7},
            "encoding": {
                **place,
                "color": color,
                "size": size,
                "description": {"field": "about"},
                "order": {"field": "score", "sort": "ascending"},
            },
        }
        texts: Specification = {"transform": [{"filter": "datum.label != ''"}], "encoding": {**place, "text": {"field": "label"}}}
        mark: Specification = {"type": "text", "align": "left", "dx": 9, "fontSize": 12, "aria": False}
        halo = {**texts, "mark": {**mark, "stroke": "var(--card)", "strokeWidth": 3.5, "color": "var(--card)", "strokeJoin": "round"}}
        labels = {**texts, "mark": {**mark, "color": INK}}
        return framed(values, width, _height(width), layer=[circles, halo, labels])

    description = "Functions by lines and complexity, both axes logarithmic. Large circles are used much, hot colours score high."
    return Chart("hotspot-map", "Size, complexity and use of the hottest functions", description, specification)


def _height(width: int) -> int:
    return 300 if width < NARROW else 440


def _border(values: Iterable[int]) -> float:
    """Return where an axis ends."""
    return max(10, *values, 0) * 1.15


def _logarithmic(field: str, title: str, border: float) -> Specification:
    """Return an axis from 1 to its border, with lines at 1, 2, 5, 10, 20, 50 …."""
    ticks = [digit * 10**power for power in range(7) for digit in (1, 2, 5) if digit * 10**power <= border]
    scale = {"type": "log", "domain": [0.9, border], "nice": False}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": {"title": title, "values": ticks, "format": ","}}


def _named(spots: Sequence[Spot], width: int) -> set[int]:
    """Return which of the first spots may bear their names without one covering another or leaving the picture."""
    across, up = (math.log(_border(values) / 0.9) for values in ([spot.lines for spot in spots], [spot.complexity for spot in spots]))
    inner, height = width - 60, _height(width) - 90
    taken: list[tuple[float, float, float]] = []
    found: set[int] = set()
    for number, spot in enumerate(spots[: 4 * _LABELS]):
        left = math.log(spot.lines / 0.9) / across * inner + 9
        level = math.log(spot.complexity / 0.9) / up * height
        right = left + 7 * len(spot.name.rpartition(".")[2])
        if right < inner and all(abs(level - other) > 15 or right < begin or end < left for begin, end, other in taken):
            taken.append((left, right, level))
            found.add(number)
        if len(found) == _LABELS:
            break
    return found
