"""Survey: one Python file read once, for its scan and for the facts of its units."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lestockage.languages.facts import Facts, Scan, Survey
from lestockage.languages.python import assignments, expressions, inner_scopes, patterns, statements, targets  # noqa: F401  # each enters its visitors
from lestockage.languages.python.analysis import analyse
from lestockage.languages.python.definitions import module
from lestockage.languages.python.depth import is_safe_here, with_room
from lestockage.languages.python.syntax import TOO_DEEP, read
from lestockage.languages.python.visit import complete

if TYPE_CHECKING:
    from lestockage.languages.python.unit import Unit

complete()


class Parsed:
    """A file that has been parsed and outlined, its tree kept so that one unit after another can be analysed when asked for."""

    __slots__ = ("_units", "scan")

    def __init__(self, scan: Scan, units: dict[bytes, Unit]) -> None:
        self.scan = scan
        self._units = units

    def facts(self, content_hash: bytes) -> Facts:
        """Return the facts of one unit, looking at no other. Raises KeyError for a hash that no unit of the file has."""
        return analyse(self._units[content_hash])

    def survey(self) -> Survey:
        """Return the scan with the facts of every distinct unit."""
        return Survey(self.scan, tuple([(content_hash, analyse(unit)) for content_hash, unit in self._units.items()]))


def survey(source: bytes) -> Survey:
    """Return everything about a file at once, as plain tuples: what a worker process runs. Never raises, whatever the bytes."""
    return parse(source).survey()


def parse(source: bytes) -> Parsed:
    """Return the file outlined, its tree kept for `Parsed.facts`. Never raises: why a file can't be read is in its scan.

    Runs about twice as fast with the cyclic garbage collector paused, which is left to the caller: it belongs to the process.
    """
    if is_safe_here():
        try:
            return _parse(source)
        except RecursionError:
            pass  # and leave the handler, so that the frames it holds are gone
    return with_room(_parse_deep, source)


def _parse_deep(source: bytes) -> Parsed:
    try:
        return _parse(source)
    except RecursionError:
        return _failed(TOO_DEEP)


def _parse(source: bytes) -> Parsed:
    tree = read(source)
    if not isinstance(tree, ast.Module):
        return _failed(tree)
    outline = module(tree)
    scan = Scan(None, tuple(outline.symbols), tuple(outline.spans), tuple(outline.sites), tuple(outline.rebound), tuple(outline.lines))
    return Parsed(scan, outline.units)


def _failed(reason: str) -> Parsed:
    return Parsed(Scan(reason, (), (), (), (), ()), {})
