"""Trees: small programs written to disk, imported afresh, and asked for fingerprints."""

from __future__ import annotations

import importlib
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import pytest

from lestockage.engine.fingerprint import explain, fingerprint, forget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path


class Tree:
    """A folder of modules; every look at it starts with nothing imported."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, files: Mapping[str, str] | str) -> Tree:
        """Write modules by path; a text alone is `app.py`."""
        for name, text in ({"app.py": files} if isinstance(files, str) else files).items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text), encoding="utf-8")
        return self

    def load(self, name: str = "app") -> Any:
        """Import a module after dropping everything that came from here."""
        self.drop()
        return importlib.import_module(name)

    def drop(self) -> None:
        """Forget everything that came from here."""
        for loaded, module in list(sys.modules.items()):
            place = str(getattr(module, "__file__", "") or next(iter(getattr(module, "__path__", [])), ""))
            if place.startswith(str(self.root)):
                del sys.modules[loaded]
        importlib.invalidate_caches()
        forget()

    def function(self, name: str = "ask", module: str = "app") -> Any:
        """Return a function of a freshly imported module."""
        return getattr(self.load(module), name)

    def print_of(self, files: Mapping[str, str] | str, **options: Any) -> bytes:
        """Return the fingerprint of `ask` once these files are written."""
        return fingerprint(self.write(files).function(), **options)

    def names(self, files: Mapping[str, str] | str, **options: Any) -> list[str]:
        """Return what the fingerprint of `ask` covers."""
        return explain(self.write(files).function(), **options)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tree]:
    """A tree on the import path."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    planted = Tree(tmp_path)
    yield planted
    planted.drop()


@pytest.fixture
def trees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Tree]]:
    """Several trees, of which the one asked for last is first on the import path."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def at(name: str) -> Tree:
        Tree(tmp_path).drop()
        monkeypatch.syspath_prepend(str(tmp_path / name))
        return Tree(tmp_path / name)

    yield at
    Tree(tmp_path).drop()
