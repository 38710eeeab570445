"""Remaining pages: decisions, and documents that `mkdocs.yml` gives no place of their own, are listed all the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """List the decisions by number, and what is left under `Background`."""
    docs = Path(config.docs_dir)
    named = set(_paths(config.nav))
    for entry in config.nav or ():
        if isinstance(entry, dict) and "Decisions" in entry:
            entry["Decisions"] = [str(path.relative_to(docs)) for path in sorted((docs / "decisions").glob("*.md"))]
        if isinstance(entry, dict) and "Background" in entry:
            entry["Background"] = [*entry["Background"], *(path.name for path in sorted(docs.glob("*.md")) if path.name not in named)]
    return config


def _paths(nav: Any) -> list[str]:  # noqa: ANN401  # nested lists and dictionaries of YAML
    """Every page that the navigation names."""
    if isinstance(nav, str):
        return [nav]
    entries = nav.values() if isinstance(nav, dict) else nav or ()
    return [path for entry in entries for path in _paths(entry)]
