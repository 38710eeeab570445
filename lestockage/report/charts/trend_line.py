"""Trend line: one number over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from lestockage.report.charts.frame import ACCENT, framed
from lestockage.report.document import Chart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lestockage.report.document import Specification

DAY: Final = 86_400_000
"""Milliseconds."""
_FEW: Final = 6
"""Moments that time never heaps."""


class Moment(NamedTuple):
    """A value at a time (milliseconds since 1970), and what that state is called."""

    at: int
    label: str
    value: float


def trend_line(key: str, title: str, moments: Sequence[Moment]) -> Chart:
    """Return a small chart of a number, in the order of time."""
    times: Specification = {
        "field": "at",
        "type": "temporal",
        "scale": {"type": "utc"},
        "axis": {"title": None, "tickCount": 4, "grid": False, "labelOverlap": True, "format": _format(moments)},
    }
    order: Specification = {
        "field": "number",
        "type": "quantitative",
        "scale": {"nice": False, "domain": [1, len(moments)]},
        "axis": {"title": "snapshots, in their order", "grid": False, "values": [1, len(moments)], "format": "d"},
    }
    values = [each.value for each in moments]
    ticks = max(1, min(4, round(max(values) - min(values))))  # counts have no halves
    across = order if _is_clustered(moments) else times

    def specification(width: int) -> Specification:
        rows = [
            {"at": each.at, "number": number, "value": each.value, "about": f"{each.label}: {each.value:,.10g}"}
            for number, each in enumerate(moments, 1)
        ]
        place = {
            "x": across,
            "y": {
                "field": "value",
                "type": "quantitative",
                "scale": {"zero": False, "nice": True},
                "axis": {"title": None, "tickCount": ticks, "format": "~s"},
            },
        }
        line = {"mark": {"type": "line", "color": ACCENT, "strokeWidth": 2, "aria": False}, "encoding": place}
        points = {
            "mark": {"type": "point", "filled": True, "color": ACCENT, "size": 30},
            "encoding": {**place, "description": {"field": "about"}},
        }
        return framed(rows, width, 170, layer=[line, points])

    first, last = moments[0], moments[-1]
    return Chart(
        key, title, f"From {first.value:,.10g} at {first.label} to {last.value:,.10g} at {last.label}.", specification, is_small=True
    )


def _is_clustered(moments: Sequence[Moment]) -> bool:
    """Whether time would heap the moments on a few places: cut into as many parts as there are moments, most of it is empty."""
    first, last = moments[0].at, moments[-1].at
    if len(moments) < _FEW or last <= first:
        return False
    parts = {(each.at - first) * len(moments) // (last - first + 1) for each in moments}
    return len(parts) * 3 < len(moments)


def _format(moments: Sequence[Moment]) -> str:
    """Return how fine times are told: hours within two days, days within a year, else months."""
    days = (moments[-1].at - moments[0].at) / DAY
    return "%H:%M" if days < 2 else "%d %b" if days < 365 else "%Y-%m"
