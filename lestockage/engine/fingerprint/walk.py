"""Walk: the digest of everything that an object refers to, each object taken once, circles included.

The digest of an object is the hash of its content and its children's digests. Objects in a circle (functions that call each other, a
class and its methods) have no such order: there the digest is the hash of the whole circle, numbered breadth first from the object asked
for (Tarjan's algorithm finds the circles). Both are the same in every process, whatever was asked before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from blake3 import blake3

from lestockage.engine.fingerprint.describe import describe
from lestockage.engine.fingerprint.part import Part

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Walk"]


class _Seen(NamedTuple):
    """An object and its part; the object is kept so that no other takes its identity."""

    thing: object
    part: Part


class Walk:
    """What was found out about objects, for one home and one way to stop."""

    def __init__(self, home: str, stop_at: Callable[[object], bytes | None] | None) -> None:
        self.home = home
        self.stop_at = stop_at
        self.seen: dict[int, _Seen] = {}
        self.digests: dict[int, bytes] = {}
        self.circles: dict[int, frozenset[int]] = {}
        """For an object in a circle, everything in it."""

    def digest(self, root: object) -> bytes:
        """Return the digest of an object that the walk starts at: not asked whether to stop there."""
        key = self._see(root, is_root=True)
        if key not in self.digests and key not in self.circles:
            self._find_circles(key)
        return self._digest(key)

    def names(self, root: object) -> list[str]:
        """Return the names of everything reached, nearest first."""
        order = [self._see(root, is_root=True)]
        met = set(order)
        for key in order:
            for child in self.seen[key].part.children:
                number = self._see(child)
                if number not in met:
                    met.add(number)
                    order.append(number)
        return list(dict.fromkeys(name for key in order if (name := self.seen[key].part.name)))

    def _see(self, thing: object, *, is_root: bool = False) -> int:
        """Take an object apart, once, and return its key."""
        key = id(thing)
        if is_root and self.stop_at is not None:
            key = -key - 1  # as a root it is walked, as a child it may be a stop: two entries
        if key not in self.seen:
            identity = None if is_root or self.stop_at is None else self.stop_at(thing)
            if identity is None:
                part = describe(thing, self.home)
            else:
                part = Part(f"{getattr(thing, '__qualname__', type(thing).__qualname__)} (by identity)", b"stop " + identity)
            self.seen[key] = _Seen(thing, part)
        return key

    def _find_circles(self, root: int) -> None:
        """Digest everything below `root`, and note the circles (Tarjan 1972, with a stack of its own instead of recursion)."""
        index: dict[int, int] = {root: 0}
        low: dict[int, int] = {root: 0}
        open_keys = [root]
        path = [(root, iter(self.seen[root].part.children))]
        while path:
            key, children = path[-1]
            for child in children:
                number = self._see(child)
                if number in self.digests or number in self.circles:
                    continue
                if number not in index:
                    index[number] = low[number] = len(index)
                    open_keys.append(number)
                    path.append((number, iter(self.seen[number].part.children)))
                    break
                low[key] = min(low[key], index[number])
            else:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[key])
                if low[key] == index[key]:
                    start = open_keys.index(key)
                    self._close(open_keys[start:])
                    del open_keys[start:]

    def _close(self, keys: list[int]) -> None:
        """Digest an object whose children are digested, or note a circle."""
        if len(keys) > 1 or any(self._see(child) == keys[0] for child in self.seen[keys[0]].part.children):
            self.circles.update(dict.fromkeys(keys, frozenset(keys)))
            return
        part = self.seen[keys[0]].part
        below = [self._digest(self._see(child)) for child in part.children]
        self.digests[keys[0]] = _hash(part, below)

    def _digest(self, key: int) -> bytes:
        """Return the digest of an object that was closed."""
        found = self.digests.get(key)
        if found is None:
            self.digests[key] = found = self._circle_digest(key)
        return found

    def _circle_digest(self, key: int) -> bytes:
        """Return the digest of a circle as seen from one of its objects."""
        circle = self.circles[key]
        order = [key]
        place = {key: 0}
        rows: list[bytes] = []
        for member in order:
            part = self.seen[member].part
            below: list[bytes] = []
            for child in part.children:
                number = self._see(child)
                if number not in circle:
                    below.append(self._digest(number))
                    continue
                if number not in place:
                    place[number] = len(order)
                    order.append(number)
                below.append(b"circle %d" % place[number])
            rows.append(_hash(part, below))
        return blake3(b"circle" + b"".join(rows)).digest()


def _hash(part: Part, below: list[bytes]) -> bytes:
    """Return the hash of a part and its children's digests."""
    if not part.is_ordered:
        below = sorted(below)
    return blake3(
        b"%d %d " % (len(part.content), len(below)) + part.content + b"".join(b"%d:%b" % (len(one), one) for one in below)
    ).digest()
