"""Fixtures of the graph's tests: an empty file, a small program, and the index of networkx's own source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage.store.connection import StoreFile
from tests.graph.planting import Symbol, plant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreFile]:
    """Open a new file."""
    with StoreFile.open(tmp_path / "index.db") as opened:
        yield opened


SYMBOLS = [
    *(Symbol(name, "module") for name in ("a", "b", "c")),
    Symbol("a.Base", "class"),
    Symbol("a.Base.run", "method"),
    Symbol("a.Base.__init__", "method"),
    Symbol("b.Sub", "class"),
    Symbol("b.Sub.run", "method"),
    Symbol("b.Sub.__init__", "method"),
    Symbol("b.leaf"),
    Symbol("c.main"),
    Symbol("c.drive"),
    Symbol("c.LIMIT", "variable"),
    Symbol("c.reader"),
    Symbol("os.path.join", "external"),
]
EDGES = [
    *(("a", name, "containment") for name in ("a.Base",)),
    *(("a.Base", f"a.Base.{name}", "containment") for name in ("run", "__init__")),
    ("b", "b.Sub", "containment"),
    ("b", "b.leaf", "containment"),
    *(("b.Sub", f"b.Sub.{name}", "containment") for name in ("run", "__init__")),
    *(("c", f"c.{name}", "containment") for name in ("main", "drive", "LIMIT", "reader")),
    ("b.Sub", "a.Base", "inheritance"),
    ("b", "a.Base", "import"),
    ("b", "a", "import"),
    ("c", "b.Sub", "import"),
    ("b.Sub.run", "b.leaf", "call"),
    ("b.Sub.run", "b.leaf", "call"),
    ("c.drive", "a.Base.run", "call"),
    ("c.drive", "a.Base.__init__", "call"),
    ("c.main", "c.drive", "call"),
    ("c.main", "os.path.join", "call"),
    ("c.drive", "c.LIMIT", "data_dependency:write"),
    ("c.reader", "c.LIMIT", "data_dependency:read"),
]


@pytest.fixture
def program(store: StoreFile) -> dict[str, int]:
    """Plant a program with a class, a subclass that overrides its methods, and callers; return ids by name."""
    return plant(store, "small", SYMBOLS, EDGES)
