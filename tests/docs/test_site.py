"""Site: what the hooks of MkDocs make of the repository, without building it (`make docs` does)."""

from __future__ import annotations

import importlib
import re

import pytest
import yaml

import lestockage
from site_hooks.glossary_rows import words_of
from site_hooks.reference_names import public_paths
from site_hooks.remaining_pages import on_config
from site_hooks.source_pages import _outside
from site_hooks.term_pages import linked_glossary, term_page
from tests.docs.page import ROOT

DOCS = ROOT / "docs"
GLOSSARY = (DOCS / "glossary.md").read_text(encoding="utf-8")


def test_every_word_has_a_page_of_its_own() -> None:
    """Words lead to different pages, rows of several words give each of them, and every row is read."""
    words = words_of(GLOSSARY)
    assert len({word.page for word in words}) == len(words)
    rows = [line for line in GLOSSARY.splitlines() if line.startswith("| ") and not line.startswith(("| word ", "| ---"))]
    assert len(words) == sum(row.split(" | ")[0].count(", ") + 1 for row in rows)
    assert all(f"[{word.name}]({word.page})" in linked_glossary(GLOSSARY) for word in words)


def test_a_words_page_says_what_the_glossary_says() -> None:
    """Meaning, section, and the pages in which the word stands as a word."""
    (green,) = [word for word in words_of(GLOSSARY) if word.name == "green"]
    page = term_page(green, {"a.md": "# About\nit turns Green.", "b.md": "# Other\nevergreens"})
    assert page.splitlines()[:3] == ["# green", "", "Known to hold now."]
    assert "[The engine](../glossary.md)" in page
    assert re.findall(r"^- (.*)$", page, flags=re.MULTILINE) == ["[About](../a.md)"]


def test_links_out_of_the_documents_are_told_from_links_within() -> None:
    """Paths are those of the repository; what stays within, or leaves the repository, is none of them."""
    assert _outside("store.md", "../examples/own_graph.py") == "examples/own_graph.py"
    assert _outside("how-to/ci.md", "../../SECURITY.md") == "SECURITY.md"
    assert _outside("how-to/ci.md", "../store.md") is None
    assert _outside("store.md", "../../elsewhere") is None


@pytest.mark.parametrize("package", ["store", "graph", "analytics", "projects", "testing", "testing.benchmark"])
def test_the_reference_has_every_public_name(package: str) -> None:
    """What a package offers is described where it is defined, and its line stands on a page."""
    pages = "".join(path.read_text(encoding="utf-8") for path in (DOCS / "reference").glob("*.md"))
    assert f"\n::: lestockage.{package}.*\n" in pages
    offered = importlib.import_module(f"lestockage.{package}")
    for name, path in zip(offered.__all__, public_paths(f"lestockage.{package}"), strict=True):
        home, _, last = path.rpartition(".")
        assert last == name
        assert getattr(importlib.import_module(home), name) is getattr(offered, name)


def test_the_database_page_has_what_a_database_can_do() -> None:
    """Every name that the package offers has its entry, and the members that are listed exist."""
    page = (DOCS / "reference" / "lestockage.md").read_text(encoding="utf-8")
    assert set(lestockage.__all__) == {path.rpartition(".")[2] for path in re.findall(r"^::: ([\w.]+)$", page, flags=re.MULTILINE)}
    (members,) = re.findall(r"members: \[(.*)\]", page)
    with lestockage.Database() as db:
        assert [name for name in members.split(", ") if not hasattr(db, name)] == []


def test_every_page_has_a_place() -> None:
    """The navigation names every document once, with what the hook adds to it."""
    settings = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))

    class Config:
        nav = settings["nav"]
        docs_dir = str(DOCS)

    named = re.findall(r"[\w/-]+\.md", str(on_config(Config).nav))  # type: ignore[arg-type]  # what the hook reads of it
    assert sorted(named) == sorted(str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md"))
