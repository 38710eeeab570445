"""HTML: one page that escapes whatever it tells of, is of bounded size, and needs nothing beside itself."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from lestockage.report.html import html
from tests.report.conftest import ATTACK, PROJECT

if TYPE_CHECKING:
    from lestockage.report.document import Document


class Elements(HTMLParser):
    """What a browser would make of a page: its elements with their attributes, and the text of each kind of element."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.found.append((tag, dict(attrs)))
        self._open = tag

    def handle_data(self, data: str) -> None:
        """Note text under the element that was opened last."""
        self.texts[self._open] = self.texts.get(self._open, "") + data


@pytest.fixture(scope="module")
def page(hostile_document: Document) -> str:
    """Return the hostile project's page."""
    return html(hostile_document)


@pytest.fixture(scope="module")
def elements(page: str) -> Elements:
    """Return what it is made of."""
    found = Elements()
    found.feed(page)
    return found


def test_names_from_source_make_no_elements(elements: Elements) -> None:
    """No path, project, label or subject becomes an element or an attribute that runs."""
    kinds = {tag for tag, _ in elements.found}
    assert kinds.isdisjoint({"img", "iframe", "object", "embed", "base", "form", "a:href"})
    assert [tag for tag, _ in elements.found].count("script") == 1
    assert not [name for _, attributes in elements.found for name in attributes if name.startswith("on")]


def test_hostile_names_are_shown_as_they_are(elements: Elements, hostile_document: Document) -> None:
    """The page's heading and title have the project's name, markup and all."""
    assert elements.texts["h1"].strip() == PROJECT == hostile_document.title
    assert ATTACK in "".join(elements.texts.values())


def test_pictures_tell_hostile_names_in_attributes(elements: Elements) -> None:
    """A mark's label holds the name of a module whose file is called by markup."""
    labels = [attributes["aria-label"] or "" for _, attributes in elements.found if "aria-label" in attributes]
    assert any(ATTACK in label for label in labels)


def test_nothing_is_fetched(page: str, elements: Elements) -> None:
    """No element names another file, and the policy lets the page's own script run only."""
    for tag, attributes in elements.found:
        assert "src" not in attributes, tag
        assert (attributes.get("href") or "#").startswith(("#", "data:")), (tag, attributes)
    policy = next(attributes["content"] or "" for tag, attributes in elements.found if attributes.get("http-equiv"))
    assert policy.startswith("default-src 'none'; ")
    assert not re.search(r"url\((?!#)|@import", page)


def test_every_id_is_there_once_and_links_lead_to_one(elements: Elements) -> None:
    """Two pictures do not share the ids of their clips, and the navigation finds its sections."""
    ids = [attributes["id"] for _, attributes in elements.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = {(attributes["href"] or "")[1:] for tag, attributes in elements.found if tag == "a"}
    assert links <= set(ids)


def test_tables_and_headings_are_told_to_readers(elements: Elements) -> None:
    """Every table has a caption, every heading of a column its scope, and no level of headings is left out."""
    tags = [tag for tag, _ in elements.found]
    assert tags.count("caption") == tags.count("table") > 5
    assert all("scope" in attributes for tag, attributes in elements.found if tag == "th")
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_tables_are_cut_and_say_so(hostile_document: Document) -> None:
    """A table with fewer rows than there are tells how many that is."""
    sections = tuple(
        section._replace(charts=(), tables=tuple(table._replace(rows=table.rows[:2], total=1234) for table in section.tables[:1]))
        for section in hostile_document.sections
    )
    assert "The first 2 of 1,234" in html(hostile_document._replace(sections=sections))
