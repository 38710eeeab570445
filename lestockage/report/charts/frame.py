"""Frame: what all charts have in common: no background, the page's fonts and colours, sizes for a width."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lestockage.report.document import Specification

INK: Final = "var(--ink)"
SOFT: Final = "var(--soft)"
LINE: Final = "var(--line)"
ACCENT: Final = "var(--accent)"
HEAT: Final = ("var(--heat-1)", "var(--heat-2)", "var(--heat-3)", "var(--heat-4)")
"""From harmless to hot."""

NARROW: Final = 500
"""Below this width in pixels, a chart is for a phone: fewer ticks and no text on marks."""


def framed(values: Sequence[Mapping[str, object]], width: int, height: int, **rest: Any) -> Specification:  # noqa: ANN401  # JSON
    """Return a specification over rows of data, of a size that holds axes and titles too."""
    axis = {
        "aria": False,
        "labelColor": SOFT,
        "titleColor": SOFT,
        "gridColor": LINE,
        "domainColor": LINE,
        "tickColor": LINE,
        "labelFontSize": 11,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 150 if width < NARROW else 300,
    }
    legend = {"aria": False, "labelColor": SOFT, "titleColor": SOFT, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width,
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": 4,
        "background": None,
        "data": {"values": list(values)},
        "config": {"font": "Arial", "axis": axis, "legend": legend, "view": {"stroke": None}, "text": {"color": INK, "fontSize": 12}},
        **rest,
    }
