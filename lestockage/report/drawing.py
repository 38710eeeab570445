"""Drawing: a chart as SVG, made by Vega through vl-convert, to stand within a page beside others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lestockage.report.packages import require

if TYPE_CHECKING:
    from lestockage.report.document import Chart

WIDE: Final = 1040
NARROW: Final = 356
SMALL: Final = 336
"""Widths in pixels: of a page, of a phone, and of a third of a page."""

_SIZE: Final = re.compile(r'^<svg [^>]*?width="([\d.]+)" height="([\d.]+)"[^>]*>')
_GEOMETRY: Final = re.compile(
    r' (?:d|transform|x|y|x2|y2|width|height|stroke-width)="[-MLHVAZhvaclz\d.,() e]*(?:translate|rotate)?[-MLHVAZhvaclz\d.,() e]*"'
)
"""Attributes of shapes, whose numbers have more digits than a screen shows."""
_FRACTION: Final = re.compile(r"(\d\.\d)\d+")
_ROLE: Final = re.compile(r' role="[a-z-]+" aria-roledescription="[a-z -]+"')
_OWN_NAMES: Final = re.compile(r'(\bid="|url\(#)(?=(?:clip|gradient_|pattern_)\d)')


def draw(chart: Chart, width: int) -> str:
    """Return a chart as an `svg` element that scales with the page, and whose marks tell what they are by `aria-label`.

    Readers who do not see it have the table beside it; the picture as a whole is hidden from them.

    Raises:
        MissingExtra: vl-convert is not installed.
    """
    require("vl_convert")
    import vl_convert  # noqa: PLC0415  # an extra

    drawn: str = vl_convert.vegalite_to_svg(chart.specification(width), allowed_base_urls=[])
    size = _SIZE.match(drawn)
    assert size is not None  # noqa: S101  # Vega begins every picture so
    # Vega counts clips from 0 in each picture, and ids are the page's.
    body = _OWN_NAMES.sub(rf"\g<1>{chart.key}-{width}-", drawn[size.end() :])
    body = _ROLE.sub("", body)
    body = _GEOMETRY.sub(lambda found: _FRACTION.sub(r"\1", found[0]), body)
    return f'<svg viewBox="0 0 {size[1]} {size[2]}" xmlns="http://www.w3.org/2000/svg" aria-hidden="true" focusable="false">{body}'
