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
