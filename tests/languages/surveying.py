"""Surveying: short ways for the tests of languages to ask about a piece of source."""

from __future__ import annotations

import sysconfig
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import networkx

from lestockage.languages.python.survey import survey
from lestockage.languages.sites import decode_sites

if TYPE_CHECKING:
    from lestockage.languages.facts import Facts, Reference, Scan, Site, Symbol


def scan(text: str) -> Scan:
    """Return the scan of a dedented piece of source that can be read."""
    found = survey(dedent(text).encode()).scan
    assert found.failure is None
    return found


def symbol(text: str, name: str, ordinal: int = 0) -> Symbol:
    """Return one symbol of a piece of source."""
    return next(found for found in scan(text).symbols if (found.name, found.ordinal) == (name, ordinal))


def facts(text: str, name: str = "", ordinal: int = 0) -> Facts:
    """Return the facts of one unit of a piece of source, its module by default."""
    surveyed = survey(dedent(text).encode())
    found = symbol(text, name, ordinal)
    return dict(surveyed.facts)[found.content_hash]


def meant(text: str, name: str = "") -> str | None:
    """Return what a unit's variable `meant` is assigned, as `root:name.steps`."""
    return {value.name: written(value.reference) for value in facts(text, name).values}.get("meant")


def written(reference: Reference | None) -> str | None:
    """Return a reference as `root:name.steps`."""
    return None if reference is None else ".".join((f"{reference.root}:{reference.name}", *reference.path))


def sites(text: str, name: str = "") -> tuple[Site, ...]:
    """Return the sites of one unit."""
    found = scan(text)
    position = [known.name for known in found.symbols].index(name)
    return tuple(decode_sites(found.sites[position]))


@cache
def real_sources(every: int) -> tuple[tuple[str, bytes], ...]:
    """Return the path and bytes of every n-th file of networkx and of the standard library: code that nobody wrote for a test."""
    folders = [Path(networkx.__file__).parent, Path(sysconfig.get_paths()["stdlib"])]
    paths: list[Path] = []
    for folder in folders:
        paths += sorted(path for path in folder.rglob("*.py") if "site-packages" not in path.parts)[::every]
    return tuple([(str(path), path.read_bytes()) for path in paths])
