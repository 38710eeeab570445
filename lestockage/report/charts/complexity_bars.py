"""Complexity bars: which share of the functions, and of their lines, lies in each band of complexity."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.report.charts.frame import ACCENT, NARROW, framed
from lestockage.report.document import Chart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lestockage.report.document import Specification


class Band(NamedTuple):
    """One band: its name, how many functions lie in it, and how many lines they have."""

    name: str
    functions: int
    lines: int


def complexity_bars(bands: Sequence[Band]) -> Chart:
    """Return the chart; bands are shown in their order."""
    functions = sum(band.functions for band in bands) or 1
    lines = sum(band.lines for band in bands) or 1

    def specification(width: int) -> Specification:
        values = [
            {"band": band.name, "of": of, "share": share, "about": f"complexity {band.name}: {count:,} {of}, {share:.1%} of all"}
            for band in bands
            for of, count, share in (("functions", band.functions, band.functions / functions), ("lines", band.lines, band.lines / lines))
        ]
        order = [band.name for band in bands]
        place = {
            "x": {
                "field": "band",
                "type": "nominal",
                "sort": order,
                "axis": {"title": "cyclomatic complexity", "labelAngle": 0, "grid": False},
            },
            "xOffset": {"field": "of", "sort": ["functions", "lines"]},
            "y": {"field": "share", "type": "quantitative", "axis": {"title": "share", "format": "%", "tickCount": 5}},
        }
        color = {
            "field": "of",
            "type": "nominal",
            "sort": ["functions", "lines"],
            "scale": {"domain": ["functions", "lines"], "range": [ACCENT, "var(--second)"]},
            "legend": {"orient": "top", "title": None},
        }
        bars = {"mark": {"type": "bar", "cornerRadiusEnd": 2}, "encoding": {**place, "color": color, "description": {"field": "about"}}}
        text = {
            "transform": [{"filter": "datum.share > 0"}],
            "mark": {"type": "text", "dy": -7, "fontSize": 11, "aria": False},
            "encoding": {**place, "text": {"field": "share", "format": ".1%"}},
        }
        layer = [bars] if width < NARROW else [bars, text]
        return framed(values, width, 240 if width < NARROW else 300, layer=layer)

    description = "Share of the functions, and of their lines, by cyclomatic complexity."
    return Chart("complexity-bars", "How complexity is spread", description, specification)
