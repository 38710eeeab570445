"""Source pages: what documents link to outside docs/ becomes a page that shows the file or lists the folder: no link leaves the site."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File, InclusionLevel

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

_LINK = re.compile(r"\]\(((?:\.\./)+[\w./-]+)\)")
_LANGUAGES = {".py": "python", ".toml": "toml", ".yml": "yaml", "": "text"}


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add a page for every file outside the documents that one of them links to."""
    root = Path(config.docs_dir).parent
    links = [(file.src_uri, link) for file in files.documentation_pages() for link in _LINK.findall(file.content_string)]
    for path in sorted({outside for page, link in links if (outside := _outside(page, link)) and (root / outside).exists()}):
        content = page_of(root / path, path)
        files.append(File.generated(config, f"files/{path}.md", content=content, inclusion=InclusionLevel.NOT_IN_NAV))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001  # the event's parameters
    """Lead links to files outside the documents to their pages; a link to nothing stays, and fails the build."""
    here = page.file.src_uri

    def led(link: re.Match[str]) -> str:
        outside = _outside(here, link[1])
        target = f"files/{outside}.md"
        return f"]({posixpath.relpath(target, posixpath.dirname(here) or '.')})" if outside and target in files.src_uris else link[0]

    return _LINK.sub(led, markdown)


def page_of(source: Path, path: str) -> str:
    """The page of a file or folder, in Markdown, under the path from the root of the repository."""
    if source.is_dir():
        return f"# {path}\n\n" + "".join(f"- `{each.name}`\n" for each in sorted(source.iterdir()) if each.name != "__pycache__")
    text = source.read_text(encoding="utf-8")
    if path.endswith(".md"):
        return text
    return f"# {path}\n\n`````{_LANGUAGES.get(source.suffix, 'text')}\n{text}`````\n"


def _outside(page: str, link: str) -> str | None:
    """The path from the root of the repository that a link of a page means; None when it stays within the documents."""
    target = posixpath.normpath(posixpath.join("docs", posixpath.dirname(page), link))
    return None if target.startswith(("docs/", "..")) else target
