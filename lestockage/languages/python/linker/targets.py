"""Targets: what calls may run, as plain tuples that outlive the linker."""

from __future__ import annotations

from typing import NamedTuple


class Target(NamedTuple):
    """Something that a call may run: a unit by path, name and ordinal, or what a dotted name means outside (path None)."""

    path: str | None
    name: str
    ordinal: int
    site: int
    confidence: float
    rule: str


class UnitCalls(NamedTuple):
    """What one unit calls, and how many of its calls have no known target."""

    name: str
    ordinal: int
    targets: tuple[Target, ...]
    unresolved: int
