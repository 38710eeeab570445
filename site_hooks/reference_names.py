"""Reference names: `::: lestockage.graph.*` stands for every public name of that package, so that its page cannot lack one."""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

_PACKAGE = re.compile(r"^::: ([\w.]+)\.\*$", re.MULTILINE)


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001  # the event's parameters
    """Put the names of a package, where they are defined, in the place of its line."""
    return _PACKAGE.sub(lambda package: "\n\n".join(f"::: {path}" for path in public_paths(package[1])), markdown)


def public_paths(package: str) -> list[str]:
    """The full paths of what a package offers in `__all__`, in its order: the module that defines each, then its name."""
    offered = import_module(package)
    paths = []
    for name in offered.__all__:
        home = getattr(getattr(offered, name), "__module__", package)
        is_there = str(home).startswith("lestockage.") and hasattr(import_module(home), name)
        paths.append(f"{home if is_there else package}.{name}")
    return paths
