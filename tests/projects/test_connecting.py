"""Connecting: references between projects are what the projects say, whichever was indexed first and whatever happened in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.projects.trees import index, links, plant, rows

if TYPE_CHECKING:
    from pathlib import Path

LINKS = {
    "lib": ("linked", "lib"),
    "lib.Other": ("linked", "lib.core.Other"),
    "lib.Thing": ("linked", "lib.core.Thing"),
    "lib.Thing.method": ("linked", "lib.core.Root.method"),
    "lib.aliased": ("linked", "lib.core.helper"),
    "lib.make": ("linked", "lib.core.make"),
    "lib.sub": ("linked", "lib.sub"),
    "lib.sub.old": ("linked", "lib.sub.old"),
    "lib.sub.starred": ("linked", "lib.sub.starred"),
}


def test_names_lead_to_definitions(db: Path, lib: Path, app: Path) -> None:
    """Re-exports, stars, aliases, attributes of modules and inherited methods lead to the library's own symbols."""
    index(db, lib)
    index(db, app)
    found = links(db)
    assert {name: found[name] for name in LINKS} == LINKS
    assert not any(name.startswith("absent") for name in found)


def test_the_order_of_indexing_does_not_matter(tmp_path: Path, lib: Path, app: Path) -> None:
    """Library first or application first: every row across projects is the same."""
    one, other = tmp_path / "one.db", tmp_path / "other.db"
    index(one, lib)
    index(one, app)
    index(other, app)
    assert links(other) == {}
    index(other, lib)
    assert rows(one) == rows(other)


def test_a_body_re_resolves_nothing(db: Path, lib: Path, app: Path) -> None:
    """An edited body in the library writes no reference of the application."""
    index(db, lib)
    index(db, app)
    before = rows(db)["references"]
    plant(lib, {"lib/sub.py": "def starred(n):\n    return n + 1\ndef old(a):\n    return a * 3\n"})
    report = index(db, lib)
    assert report.connected == 0
    assert rows(db)["references"] == before


def test_a_star_that_comes_connects_what_was_missing(db: Path, tmp_path: Path) -> None:
    """A name that a module lacked is there as soon as the module takes everything from another that has it."""
    library = plant(tmp_path / "lib", {"lib/__init__.py": "", "lib/core.py": "def make():\n    pass\n"})
    index(db, library)
    index(db, plant(tmp_path / "app", {"main.py": "import lib\ndef main():\n    lib.make()\n"}))
    assert links(db)["lib.make"][0] == "missing"
    plant(library, {"lib/__init__.py": "from lib.core import *\n"})
    index(db, library)
    assert links(db)["lib.make"] == ("linked", "lib.core.make")
