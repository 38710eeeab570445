"""Cover: what a function's fingerprint covers, and its digest."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeAlias

from blake3 import blake3

from lestockage.engine.fingerprint.origin import home_of
from lestockage.engine.fingerprint.static import forget_modules
from lestockage.engine.fingerprint.view import View
from lestockage.engine.fingerprint.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["explain", "fingerprint", "forget"]

StopAt: TypeAlias = "Callable[[object], bytes | None] | None"

_HEAD = f"lestockage code 1, {sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}".encode()
"""The rules of this package, and the Python that wrote the bytecode: another of either is another fingerprint."""

_walks: dict[tuple[str, StopAt], Walk] = {}
_KEPT = 8
"""How many walks are kept: one is enough for a program that passes the same `stop_at` each time; the oldest goes."""


def fingerprint(function: object, *, version: object = None, stop_at: StopAt = None) -> bytes:
    """Return the 32-byte BLAKE3 of a function's code and everything of the program that it refers to.

    `version` (text, a number, anything whose `repr` is stable) stands for what cannot be seen. `stop_at` is asked about every object met
    but the function itself: bytes are its whole identity, and the walk goes no further; None lets it be taken apart. Pass the same
    `stop_at` each time: what was found is kept per function.
    """
    stands_for = b"" if version is None else repr(version).encode("utf-8", "surrogatepass")
    return blake3(b"%b %d %b" % (_HEAD, len(stands_for), stands_for) + _walk(function, stop_at).digest(function)).digest()


def explain(function: object, *, stop_at: StopAt = None) -> list[str]:
    """Return the names of what a fingerprint covers, nearest first: functions, classes, modules, libraries with their versions."""
    return _walk(function, stop_at).names(function)


def forget() -> None:
    """Drop what is known of functions, classes and modules, after code was changed in place: a reload, a notebook's cell."""
    _walks.clear()
    forget_modules()


def _walk(function: object, stop_at: StopAt) -> Walk:
    """Return the walk that a function belongs to."""
    scope = getattr(function, "__globals__", None) or {}
    home = home_of(str(scope.get("__name__", getattr(function, "__module__", None) or "")))
    walk = _walks.get((home, stop_at))
    if walk is None:
        while len(_walks) >= _KEPT:
            del _walks[next(iter(_walks))]
        _walks[home, stop_at] = walk = Walk(View(home, stop_at))
    return walk
