"""Walk: the graph of everything that a function's behaviour depends on, breadth first, and its digest."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from blake3 import blake3

from lestockage.engine.fingerprint.describe import describe

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["explain", "fingerprint"]

_HEAD = f"lestockage code 1, {sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}".encode()
"""The rules of this package and the Python that wrote the bytecode: another of either is another fingerprint."""


def fingerprint(function: object, *, version: object = None, stop_at: Callable[[object], bytes | None] | None = None) -> bytes:
    """Return the 32-byte BLAKE3 of a function's code and everything of the program that it refers to.

    `version` (text, a number, anything whose `repr` is stable) stands for what cannot be seen. `stop_at` is asked about every object met but the
    function itself: bytes are its whole identity, and the walk goes no further; None lets it be taken apart.
    """
    parts, links = _graph(function, stop_at)
    pieces = [_HEAD, b"" if version is None else repr(version).encode("utf-8", "surrogatepass")]
    for (_, content), children in zip(parts, links, strict=True):
        pieces.append(content)
        pieces.append(repr(children).encode())
    lengths = repr([len(piece) for piece in pieces]).encode()
    return blake3(b"".join((lengths, *pieces))).digest()


def explain(function: object, *, stop_at: Callable[[object], bytes | None] | None = None) -> list[str]:
    """Return the names of what a fingerprint covers, nearest first: functions, classes, modules, libraries with their versions."""
    parts, _ = _graph(function, stop_at)
    return list(dict.fromkeys(name for name, _ in parts if name))


def _graph(root: object, stop_at: Callable[[object], bytes | None] | None) -> tuple[list[tuple[str, bytes]], list[list[int]]]:
    """Return name and content of every object reached, in order, and the numbers of those that each refers to."""
    met = {id(root): 0}
    order = [root]  # holds every object while its id is a key
    parts: list[tuple[str, bytes]] = []
    links: list[list[int]] = []
    for thing in order:
        if stop_at is not None and parts:
            identity = stop_at(thing)
            if identity is not None:
                parts.append((f"{getattr(thing, '__qualname__', type(thing).__qualname__)} (by identity)", b"stop " + identity))
                links.append([])
                continue
        part = describe(thing)
        numbers: list[int] = []
        for child in part.children:
            number = met.setdefault(id(child), len(order))
            if number == len(order):
                order.append(child)
            numbers.append(number)
        parts.append(part[:2])
        links.append(numbers)
    return parts, links
