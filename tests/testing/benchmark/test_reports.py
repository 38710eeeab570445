"""Reports: the same rows as text, page and Markdown; ratios and break-even points worked out; nothing of a tree is markup."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest

from lestockage.testing.benchmark import break_even, speed_up
from lestockage.testing.benchmark.chart import svg_chart
from lestockage.testing.benchmark.html_report import html_report
from lestockage.testing.benchmark.markdown_report import markdown_report
from lestockage.testing.benchmark.ratios import edits_to_pay
from lestockage.testing.benchmark.results import Memory
from lestockage.testing.benchmark.sheet import remarks
from lestockage.testing.benchmark.text_report import bar, text_report
from lestockage.testing.benchmark.units import duration, factor, percentage, size
from tests.testing.benchmark.small_result import kind, result


class Page(HTMLParser):
    """The tags of a page and what it would load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag, and addresses in it."""
        self.tags.append(tag)
        self.loads += [value or "" for name, value in attrs if name in {"src", "href", "srcset"}]


def test_speed_ups_and_break_even() -> None:
    """Ratios of medians; the break-even point lies on the line between the shares on either side of it."""
    (table,) = result().tables
    samples = table.kinds[0].way("in-process")
    assert samples is not None
    assert samples.median == 0.01
    assert samples.spread == pytest.approx((0.009, 0.012))
    assert speed_up(table.kinds[0], samples) == pytest.approx(100)
    reopened = break_even(table, "reopened")  # ratios 0.1 at 1 %, 0.5 at 10 %, 2 at 100 %: 1 lies a third of the way from 10 to 100 %
    assert reopened is not None
    assert reopened.share == pytest.approx(0.1 + 0.9 / 3)
    always = break_even(table, "in-process")
    assert always is not None
    assert (always.share, always.largest) == (None, 1.0)
    assert break_even(table, "unknown") is None


def test_when_a_memory_has_paid() -> None:
    """A first build of 1 s against plain 0.5 s, then 0.1 s against 0.5 s each: paid after two edits; never where it is slower."""
    assert edits_to_pay(kind("k", None), "reopened") == 2
    assert edits_to_pay(kind("k", None, 10), "reopened") is None
    assert edits_to_pay(kind("k", None), "unknown") is None


def test_the_text_has_every_row_and_remark() -> None:
    """Provenance, a row for each way, bars by orders of magnitude, and what else was found."""
    text = text_report(result())
    assert "machine   Linux x, 2 cores, Python 3.11.7" in text
    assert "version   1, commit abc" in text
    lines = text.splitlines()
    rows = [line for line in lines if "in-process" in line and "ms to" in line]
    assert len(rows) == 3
    assert rows[0].split()[:2] == ["in-process", "10.0"]
    assert rows[0].count("█") == 2 * next(line for line in lines if "reopened" in line and "ms to" in line).count("█") == 16
    for said in (
        "- 1,234 files",
        "- break-even, in-process: none up to 100 % changed",
        "- break-even, reopened: a full rebuild is as fast when 40.0 % is changed",
        "- reopened has paid against a plain rebuild after 2 edits (one | symbol)",
        "- memory, full rebuild: 2.00 MB at most, 1.00 MB held, 1,000 bytes for each of 1,000 memos",
        "- on disk, reopened: 1.00 MB at first, 2.00 MB after all edits",
        "- all ways agreed with a full rebuild, 12 answers compared",
    ):
        assert said in lines
    assert not any(line.startswith("- on disk, memory") for line in lines)


def test_the_page_needs_nothing_and_escapes() -> None:
    """No script, no address, no tag from a tree's name; a table row and a bar for every way."""
    text = html_report(result())
    page = Page(text)
    assert "script" not in page.tags
    assert "b" not in page.tags
    assert page.loads == []
    assert "http" not in text
    assert page.tags.count("tr") == 1 + 15
    assert page.tags.count("rect") == 15
    assert "&lt;script&gt;" in text


def test_the_chart_is_well_formed() -> None:
    """The SVG parses, and longer times are longer bars, an equal length for an equal factor."""
    (table,) = result().tables
    root = ET.fromstring(svg_chart(table))  # noqa: S314  # our own
    widths = [float(rect.get("width", "0")) for rect in root.iter("rect")][:5]
    rebuild, in_process, reopened, unchanged, _ = widths
    assert rebuild - reopened == pytest.approx(reopened - in_process, abs=0.2) == pytest.approx(in_process - unchanged, abs=0.2)


def test_markdown_escapes() -> None:
    """Names cannot end a cell or start a tag; each row has as many cells as the head."""
    text = markdown_report(result())
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(rows) == 2 + 15
    assert {line.replace("\\|", "").count("|") for line in rows} == {9}
    assert "one \\| symbol" in text
    assert "<" not in text.replace("\\<", "")


def test_bars() -> None:
    """Nothing for what is not faster, or where nothing is."""
    assert bar(None, 10) == bar(0.5, 10) == bar(1, 10) == bar(2, 1) == ""
    assert len(bar(10, 10)) == 24
    assert bar(1.0001, 1e9) == "█"


def test_units() -> None:
    """Three digits, in the unit that fits."""
    assert [duration(s) for s in (123.4, 1.234, 0.0456, 7.89e-4, 0)] == ["123 s", "1.23 s", "45.6 ms", "789 µs", "0.00 µs"]
    assert [size(n) for n in (999, 1_500, 2_000_000, 3.5e9)] == ["999 B", "1.50 kB", "2.00 MB", "3.50 GB"]
    assert (factor(None), factor(1234.5), percentage(0.125)) == ("", "1,234 x", "12.5 %")


def test_it_is_said_where_a_rebuild_was_spared() -> None:
    """What was compared with what is no secret: with a rebuild of each edit, or of the last of each kind."""
    assert "- all ways agreed with a full rebuild, 12 answers compared" in text_report(result())
    (table,) = result().tables
    first = table.kinds[0]
    spared = first.ways[0].model_copy(update={"seconds": (1.0,), "wall": (1.0,), "executed": (1,), "visited": (0,), "loaded": (0,)})
    kinds = (first.model_copy(update={"ways": (spared, *first.ways[1:])}), *table.kinds[1:])
    text = text_report(result(tables=(table.model_copy(update={"kinds": kinds}),)))
    assert "- all ways agreed with one another after each edit, and with a full rebuild after the last of each kind, 12 answers" in text


def test_bytes_for_each_memo_are_told_of_many() -> None:
    """Divided by one memo, what a whole program holds is no memo's size."""
    (table,) = result().tables
    few = table.model_copy(update={"memory": (Memory(way="unchanged", peak=2_000, held=1_000, memos=1), table.memory[0])})
    said = [line for line in remarks(few) if line.startswith("memory")]
    assert said == ["memory, unchanged: 2.00 kB at most, 1.00 kB held", *[line for line in said if "for each of 1,000 memos" in line]]
    assert len(said) == 2
