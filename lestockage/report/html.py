"""HTML: a document as one page that needs nothing beside itself: no network, no other file.

Every text is escaped where it is put in (jinja2's autoescape, in text and in attributes); nothing from the source stands in a script or a
style. A policy in the page lets the browser run the page's own script only, whatever else might be in it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple

from lestockage.report.cell_text import cell_text, sort_key
from lestockage.report.drawing import NARROW, SMALL, WIDE, draw
from lestockage.report.packages import require

if TYPE_CHECKING:
    from lestockage.report.document import Chart, Document
    from lestockage.workspace.progress import Progress

_JOINT: Final = re.compile(r"(?<=\w)[./_](?=\w)")
"""Signs between the parts of a name."""


class _Drawn(NamedTuple):
    """A chart's pictures: of one width, or for a wide page and for a phone."""

    wide: str
    narrow: str | None


def html(document: Document, *, progress: Progress | None = None) -> str:
    """Return the page.

    Raises:
        MissingExtra: the packages of reports are not installed.
    """
    require("jinja2", "vl_convert")
    import jinja2  # noqa: PLC0415  # an extra
    from markupsafe import Markup, escape  # noqa: PLC0415  # part of jinja2

    charts = [chart for section in document.sections for chart in section.charts]
    drawn: dict[str, _Drawn] = {}
    for number, chart in enumerate(charts):
        if progress is not None:
            progress("drawing", number, len(charts))
        drawn[chart.key] = _draw(chart)
    folder = files("lestockage.report") / "templates"
    script, style = ((folder / name).read_text("utf-8") for name in ("page.js", "page.css"))
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: (folder / name).read_text("utf-8")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def breakable(text: str) -> Markup:
        """Escape a text, and say where a line may end within the names in it."""
        return Markup(_JOINT.sub(r"\g<0><wbr>", str(escape(text))))  # noqa: S704  # escaped before

    environment.filters.update(breakable=breakable, cell_text=cell_text, sort_key=sort_key)
    return environment.get_template("page.html").render(
        document=document,
        # Vega escapes the texts in a picture; the tests hold it to that with names that are markup.
        drawn={key: _Drawn(Markup(each.wide), each.narrow and Markup(each.narrow)) for key, each in drawn.items()},  # noqa: S704
        script=Markup(script),  # noqa: S704  # ours
        style=Markup(style),  # noqa: S704  # ours
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _draw(chart: Chart) -> _Drawn:
    if chart.is_small:
        return _Drawn(draw(chart, SMALL), None)
    return _Drawn(draw(chart, WIDE), draw(chart, NARROW))
