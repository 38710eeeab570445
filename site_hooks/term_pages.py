"""Term pages: one for each word of the glossary, made when the site is built, so that what a word means is said in one place."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

sys.path.insert(0, str(Path(__file__).parent.parent))

from site_hooks.glossary_rows import Word, words_of

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """List the words below the glossary."""
    for entry in config.nav or ():
        if isinstance(entry, dict) and "Words" in entry:
            entry["Words"] = [*entry["Words"], *({word.title: word.page} for word in _words(config))]
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add a page for each word: what it means, and which pages say it."""
    pages = {
        file.src_uri: file.content_string for file in files.documentation_pages() if not file.src_uri.startswith(("words/", "glossary"))
    }
    for word in _words(config):
        files.append(File.generated(config, word.page, content=term_page(word, pages)))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001  # the event's parameters
    """Let each word of the glossary lead to its page."""
    return linked_glossary(markdown) if page.file.src_uri == "glossary.md" else markdown


def linked_glossary(glossary: str) -> str:
    """The glossary with each word as a link; words within meanings stay as they are."""
    pages = {word.name: word.page for word in words_of(glossary)}

    def linked(row: re.Match[str]) -> str:
        return f"| {', '.join(f'[{name}]({pages[name]})' if name in pages else name for name in row[1].split(', '))} |"

    return re.sub(r"(?m)^\| ([^|]+) \|", linked, glossary)


def term_page(word: Word, pages: dict[str, str]) -> str:
    """The page of one word, in Markdown: its meaning, and links to the pages (by path, with their text) in which it occurs."""
    lines = [f"# {word.name}", "", f"{word.meaning[0].upper()}{word.meaning[1:]}.", "", f"*[{word.section}](../glossary.md)*"]
    if word.others:
        lines += ["", f"The same row holds {', '.join(word.others)}."]
    said = re.compile(rf"\b{re.escape(word.title)}s?\b", re.IGNORECASE)
    found = [(_title(text), path) for path, text in pages.items() if said.search(text)]
    if found:
        lines += ["", "## Said in", "", *(f"- [{title}](../{path})" for title, path in sorted(found))]
    return "\n".join(lines) + "\n"


def _title(text: str) -> str:
    heading = re.search(r"(?m)^# (.+)$", text)
    return heading[1] if heading else "the first page"


def _words(config: MkDocsConfig) -> list[Word]:
    """The words of the site's glossary."""
    return words_of((Path(config.docs_dir) / "glossary.md").read_text(encoding="utf-8"))
