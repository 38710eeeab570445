"""Outline: what a file defines, without places. Blank lines, comments and layout stop here."""

# ruff: noqa: TC001  # the engine evaluates annotations when a query is declared

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.database import Database
from lestockage.engine.query import query
from lestockage.languages.facts import Span
from lestockage.queries.inputs import SourceFile
from lestockage.queries.reading import scan_of

if TYPE_CHECKING:
    from lestockage.languages.facts import Scan, Symbol

_PROPERTIES = frozenset({"abstractproperty", "cached_property", "deleter", "getter", "property", "setter"})
"""Last names of decorators that make a method an attribute."""


class Positions(NamedTuple):
    """Where a file's symbols, and the sites and statements within them, are; each parallel to its symbols."""

    spans: tuple[Span, ...]
    sites: tuple[bytes, ...]
    lines: tuple[bytes, ...]


class Child(NamedTuple):
    """A symbol as its container knows it: `name` is dotted, `kind` is a symbol's or "property" or "overload"."""

    name: str
    ordinal: int
    kind: str


class Outline:
    """A file's symbols, found by name and ordinal, and by container."""

    __slots__ = ("_children", "_places", "failure", "rebound", "symbols")

    def __init__(self, scan: Scan) -> None:
        self.failure = scan.failure
        self.symbols = scan.symbols
        self.rebound = scan.rebound
        self._places = {(symbol.name, symbol.ordinal): place for place, symbol in enumerate(scan.symbols)}
        self._children: dict[int, list[Child]] = {}
        for symbol in scan.symbols:
            self._children.setdefault(symbol.container, []).append(Child(symbol.name, symbol.ordinal, _kind(symbol)))

    def place(self, name: str, ordinal: int) -> int | None:
        """Return the index of a symbol, None when there is none of that name and ordinal."""
        return self._places.get((name, ordinal))

    def children(self, place: int) -> tuple[Child, ...]:
        """Return what the symbol at `place` contains, in source order."""
        return tuple(self._children.get(place, ()))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Outline):
            return NotImplemented
        return self.symbols == other.symbols and self.failure == other.failure and self.rebound == other.rebound

    __hash__ = None  # type: ignore[assignment]  # compared, never a key


def _kind(symbol: Symbol) -> str:
    for decorator in symbol.decorators:
        last = decorator.rpartition(".")[2]
        if last == "overload":
            return "overload"
        if last in _PROPERTIES and symbol.kind == "method":
            return "property"
    return symbol.kind


@query(durable=False)
def outline(db: Database, file: SourceFile) -> Outline:
    """Return what the file defines. Shields from blank lines, comments and layout; a file that can't be read defines nothing."""
    return Outline(scan_of(db, file))


@query(durable=False)
def positions(db: Database, file: SourceFile) -> Positions:
    """Return where everything is. Shields from edits that move nothing."""
    scan = scan_of(db, file)
    return Positions(scan.spans, scan.sites, scan.lines)


@query
def file_failure(db: Database, file: SourceFile) -> str | None:
    """Return why the file can't be read, in one line; None when it can. Shields from every edit but the one that breaks or mends it."""
    return outline(db, file).failure
