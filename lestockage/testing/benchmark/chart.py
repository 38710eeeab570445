"""Chart: the times of every way as bars in SVG, one group a kind of edit, along a logarithmic scale; text and shapes alone, no script."""

from __future__ import annotations

from html import escape
from math import ceil, floor, log10
from typing import TYPE_CHECKING

from lestockage.testing.benchmark.units import duration

if TYPE_CHECKING:
    from lestockage.testing.benchmark.results import Table

_LEFT, _RIGHT, _TOP, _WIDTH = 230, 90, 24, 900
_BAR, _GAP = 14, 10
_LEAST = 1e-6
COLOURS = ("#b4532a", "#2a6fb4", "#2a9d6a", "#8a8f98", "#7a4fb0", "#b08a2a", "#b02a6f", "#4fa3b0")
"""One for each way, in their order."""


def svg_chart(table: Table) -> str:
    """Return a table's medians as an SVG element, with the range from the fastest to the slowest as a line over each bar."""
    found = [(kind.kind, samples) for kind in table.kinds for samples in kind.ways]
    times = [max(value, _LEAST) for _, samples in found for value in (*samples.spread, samples.median)]
    low, high = floor(log10(min(times, default=_LEAST))), ceil(log10(max(times, default=1.0)))
    span = max(1, high - low)
    inner = _WIDTH - _LEFT - _RIGHT

    def across(seconds: float) -> float:
        return round(_LEFT + inner * (log10(max(seconds, _LEAST)) - low) / span, 1)

    height = _TOP + sum(_BAR * len(kind.ways) + _GAP for kind in table.kinds) + _GAP
    parts = [f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(table.name)}: time by edit and way">']
    for power in range(low, low + span + 1):
        x = across(10.0**power)
        parts += [
            f'<line class="grid" x1="{x}" y1="{_TOP - 6}" x2="{x}" y2="{height}"/>',
            f'<text class="axis" x="{x}" y="12">{escape(duration(10.0**power))}</text>',
        ]
    y = _TOP
    for kind in table.kinds:
        parts.append(f'<text class="kind" x="0" y="{y + 11}">{escape(kind.kind)}</text>')
        for number, samples in enumerate(kind.ways):
            end, (least, most) = across(samples.median), samples.spread
            title = escape(f"{kind.kind}, {samples.way}: {duration(samples.median)} ({duration(least)} to {duration(most)})")
            middle, length, colour = y + _BAR / 2 - 1, max(1.0, round(end - _LEFT, 1)), COLOURS[number % len(COLOURS)]
            parts += [
                f'<text class="way" x="{_LEFT - 6}" y="{y + 10}">{escape(samples.way)}</text>',
                f'<rect x="{_LEFT}" y="{y}" width="{length}" height="{_BAR - 2}" fill="{colour}"><title>{title}</title></rect>',
                f'<line class="spread" x1="{across(least)}" y1="{middle}" x2="{across(most)}" y2="{middle}"/>',
                f'<text class="value" x="{across(most) + 4}" y="{y + 10}">{escape(duration(samples.median))}</text>',
            ]
            y += _BAR
        y += _GAP
    return "\n".join([*parts, "</svg>"])
