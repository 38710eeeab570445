"""Browser: the page as Chromium shows it: no errors, nothing fetched, no script of the source's, tables that search and sort."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from lestockage.report.html import html

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from lestockage.report.document import Document

CHROMIUM = os.environ.get("LESTOCKAGE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium: apt-get install chromium, or name one in LESTOCKAGE_CHROMIUM"),
    pytest.mark.xdist_group("chromium"),
]
_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def address(hostile_document: Document, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return where the hostile project's page is."""
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(html(hostile_document), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a running Chromium."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # only where there is a Chromium

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        yield running
        running.close()


class Seen:
    """What a page did that it should not."""

    def __init__(self, page: Page) -> None:
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: (self.said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: self.asked.append(request.url))


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Return the page, shown in a window of a desk; that it said nothing and fetched nothing is checked at the end."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    shown = context.new_page()
    seen = Seen(shown)
    shown.goto(address)
    yield shown
    context.close()
    assert seen.said == []
    assert [each for each in seen.asked if not each.startswith("data:")] == [address]


def test_a_search_leaves_the_rows_that_have_every_word(page: Page) -> None:
    """Words may stand in any column, and how many rows are left is said."""
    table = page.locator("#complexity-table")
    rows = table.locator("tbody tr")
    before = rows.count()
    table.get_by_role("searchbox").fill("SECOND hard")
    assert before > 5
    assert rows.locator("visible=true").count() == 1
    assert "hard" in rows.locator("visible=true").inner_text()
    assert table.get_by_role("status").inner_text() == f"1 of {before} rows shown"
    table.get_by_role("searchbox").fill("")
    assert rows.locator("visible=true").count() == before


def test_a_heading_sorts_by_number_and_back(page: Page) -> None:
    """Numbers are sorted as numbers, the largest first, then the other way round; readers are told which way."""
    table = page.locator("#complexity-table")
    button = table.get_by_role("button", name="lines")
    column = [heading.inner_text() for heading in table.locator("thead th").all()].index("lines")

    def numbers() -> list[int]:
        return [int(row.locator("th, td").nth(column).inner_text()) for row in table.locator("tbody tr").all()]

    button.focus()
    page.keyboard.press("Enter")
    assert numbers() == sorted(numbers(), reverse=True)
    assert table.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"
    page.keyboard.press("Enter")
    assert numbers() == sorted(numbers())
    assert len(set(numbers())) > 1
    assert table.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"


def test_a_mark_tells_what_it_is(page: Page) -> None:
    """Under the pointer, a mark's label is shown as text."""
    mark = page.locator("#hotspot-map .wide [aria-label]").first
    page.locator("#hotspot-map").scroll_into_view_if_needed()
    mark.hover(force=True)
    assert page.locator("#tip").inner_text() in {
        each.get_attribute("aria-label") for each in page.locator("#hotspot-map .wide [aria-label]").all()
    }


def test_the_theme_follows_the_system_until_it_is_chosen(page: Page) -> None:
    """The button turns the light page dark, though the system says light."""
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.get_by_role("button", name="Dark theme").click()
    assert page.evaluate(background) != light
    page.get_by_role("button", name="Light theme").click()
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(background) == light


def test_texts_stand_out_from_what_is_behind_them(page: Page) -> None:
    """Ink, soft ink, links and warnings have a contrast of at least 4.5 in both themes (WCAG 2.1, 1.4.3)."""
    for theme in ("light", "dark"):
        ratios = page.evaluate(
            """(theme) => {
              document.documentElement.dataset.theme = theme;
              const style = getComputedStyle(document.documentElement);
              const light = (name) => {
                const text = style.getPropertyValue(name).trim().slice(1);
                const full = text.length === 3 ? [...text].map((each) => each + each).join("") : text;
                const [r, g, b] = [0, 2, 4].map((at) => parseInt(full.slice(at, at + 2), 16) / 255)
                  .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
              return ["--ink", "--soft", "--accent"]
                .flatMap((text) => ["--page", "--card"].map((behind) => [text, behind, ratio(text, behind)]))
                .concat([["--use-1", "--on-light"], ["--use-2", "--on-light"], ["--use-3", "--on-dark"], ["--use-4", "--on-dark"]]
                  .map(([a, b]) => [a, b, ratio(a, b)]));
            }""",
            theme,
        )
        assert [(theme, *each) for each in ratios if each[2] < (4.5 if each[0] != "--use-3" else 3)] == []


def test_on_paper_the_page_is_light_and_whole(page: Page) -> None:
    """In print, tables end where their rows do, and what only a screen can use is gone."""
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("[...document.querySelectorAll('.scroll')].every((each) => each.scrollHeight <= each.clientHeight + 1)")
    assert not page.locator("#theme").is_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (390, "light")])
def test_a_picture_of_the_page_can_be_taken(browser: Browser, address: str, tmp_path: Path, width: int, scheme: str) -> None:
    """On a desk and on a phone the page is no wider than its window, charts of one size are shown, and it is no empty page."""
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme="dark" if scheme == "dark" else "light")
    shown = context.new_page()
    shown.goto(address)
    shown.screenshot(path=tmp_path / "page.png", full_page=True)
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert shown.locator(".wide:visible, .narrow:visible").count() == shown.locator(".narrow").count() > 1
    assert (tmp_path / "page.png").stat().st_size > 30_000
    context.close()
