"""Cover: what a function's fingerprint covers, and its digest."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from threading import RLock
from types import MethodType
from typing import TYPE_CHECKING, Any, TypeAlias
from weakref import WeakKeyDictionary

from blake3 import blake3

from lestockage.engine.fingerprint.origin import home_of
from lestockage.engine.fingerprint.static import forget_modules
from lestockage.engine.fingerprint.view import View
from lestockage.engine.fingerprint.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["explain", "fingerprint", "forget"]

StopAt: TypeAlias = "Callable[[object], bytes | None] | None"

_HEAD = f"lestockage code 1, {sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}".encode()
"""The rules of this package, and the Python that wrote the bytecode: another of either is another fingerprint."""

_walks: dict[tuple[str, StopAt], Walk] = {}
_KEPT = 8
"""How many walks are kept: one is enough for a program that passes the same `stop_at` each time; the oldest goes."""
_walks_of: WeakKeyDictionary[Any, dict[tuple[str, object], Walk]] = WeakKeyDictionary()
"""Walks whose `stop_at` is a method: they go with the object that it is bound to, which they do not hold."""
_lock = RLock()
"""One look at a time; `stop_at` may ask for the fingerprint of something else on the way."""


def fingerprint(function: object, *, version: object = None, stop_at: StopAt = None) -> bytes:
    """Return the 32-byte BLAKE3 of a function's code and everything of the program that it refers to.

    `version` (text, a number, anything whose `repr` is stable) stands for what cannot be seen. `stop_at` is asked about every object met
    but the function itself: bytes are its whole identity, and the walk goes no further; None lets it be taken apart. Pass the same
    `stop_at` each time: what was found is kept per function.
    """
    stands_for = b"" if version is None else repr(version).encode("utf-8", "surrogatepass")
    with _walking(function, stop_at) as walk:
        digest = walk.digest(function)
    return blake3(b"%b %d %b" % (_HEAD, len(stands_for), stands_for) + digest).digest()


def explain(function: object, *, stop_at: StopAt = None) -> list[str]:
    """Return the names of what a fingerprint covers, nearest first: functions, classes, modules, libraries with their versions."""
    with _walking(function, stop_at) as walk:
        return walk.names(function)


def forget() -> None:
    """Drop what is known of functions, classes and modules, after code was changed in place: a reload, a notebook's cell."""
    with _lock:
        _walks.clear()
        _walks_of.clear()
        forget_modules()


@contextmanager
def _walking(function: object, stop_at: StopAt) -> Iterator[Walk]:
    """Give the walk that a function belongs to, with its `stop_at` in place."""
    scope = getattr(function, "__globals__", None) or {}
    home = home_of(str(scope.get("__name__", getattr(function, "__module__", None) or "")))
    with _lock:
        walk = _walk(home, stop_at)
        before, walk.view.stop_at = walk.view.stop_at, stop_at
        try:
            yield walk
        finally:
            walk.view.stop_at = before


def _walk(home: str, stop_at: StopAt) -> Walk:
    """Return the walk of a home and a way to stop, a new one the first time."""
    walks: dict[Any, Walk] = _walks
    key: tuple[str, object] = (home, stop_at)
    if isinstance(stop_at, MethodType) and type(stop_at.__self__).__weakrefoffset__:
        walks = _walks_of.setdefault(stop_at.__self__, {})
        key = (home, stop_at.__func__)
    walk = walks.get(key)
    if walk is None:
        while len(walks) >= _KEPT:
            del walks[next(iter(walks))]
        walks[key] = walk = Walk(View(home))
    return walk
