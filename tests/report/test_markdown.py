"""Markdown: what a report says, with nothing in it taken for a sign."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from lestockage.report.markdown import code, markdown, text
from tests.report.conftest import ATTACK

if TYPE_CHECKING:
    from lestockage.report.document import Document


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("a|b", r"a\|b"),
        ("<b>", r"\<b\>"),
        ("__init__", r"\_\_init\_\_"),
        ("two\nlines", "two lines"),
        ("@someone", "@\u200bsomeone"),
        (r"\n", r"\\n"),
    ],
)
def test_text_is_escaped(given: str, expected: str) -> None:
    """Signs of Markdown and HTML stand for themselves, in one line, and nobody is mentioned."""
    assert text(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [("a.b", "`a.b`"), ("a`b", "``a`b``"), ("`a", "`` `a ``"), ("a|b", r"`a\|b`"), ("", ""), ("a\nb", "`a b`")],
)
def test_code_spans_hold_backticks(given: str, expected: str) -> None:
    """A span's fence is longer than any run of backticks in it."""
    assert code(given) == expected


def test_every_row_has_the_columns_of_its_table(hostile_document: Document) -> None:
    """Pipes in names end no cell: all lines of a table have as many cells as its rule."""
    width = 0
    for line in markdown(hostile_document, limit=50).splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        cells = len(re.findall(r"(?<!\\)\|", line))
        width = width or cells
        assert cells == width, line


def test_markup_from_source_stands_in_code_or_is_escaped(hostile_document: Document) -> None:
    """Outside code spans no tag is left but those of the folded tables."""
    written = markdown(hostile_document, limit=50)
    assert ATTACK in written
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", written)
    assert set(re.findall(r"(?<!\\)<[^>]*>", outside)) <= {"<details>", "<summary>", "</summary>", "</details>"}


def test_rows_are_cut_and_say_so(hostile_document: Document) -> None:
    """A table of more rows than the limit tells of how many it has the first."""
    assert re.search(r"\(3 of \d+\)", markdown(hostile_document, limit=3))
