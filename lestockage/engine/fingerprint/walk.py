"""Walk: the digest of everything that an object refers to, each object taken once, circles included.

The digest of an object is the hash of its content and its children's digests. Objects in a circle (functions that call each other, a
class and its methods) have no such order: there the digest is the hash of the whole circle, numbered breadth first from the object asked
for (Tarjan's algorithm finds the circles). Both are the same in every process, whatever was asked before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from blake3 import blake3

from lestockage.engine.fingerprint.describe import describe

if TYPE_CHECKING:
    from lestockage.engine.fingerprint.part import Part
    from lestockage.engine.fingerprint.view import View

__all__ = ["Walk"]


class _Seen(NamedTuple):
    """An object that was taken apart. The object is kept so that no other takes its identity."""

    thing: object
    part: Part
    children: tuple[int, ...]


class Walk:
    """What was found out about objects under one view."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._seen: dict[int, _Seen] = {}
        self._digests: dict[int, bytes] = {}
        self._circles: dict[int, frozenset[int]] = {}
        """For an object in a circle, everything in it."""

    def digest(self, root: object) -> bytes:
        """Return the digest of an object, taken apart even where the view would stop at it."""
        key = id(root)
        if key not in self._digests:
            if key not in self._circles:
                self._find_circles(root)
            self._digests[key] = self._circle_digest(key) if key in self._circles else self._digests[key]
        return self._digests[key]

    def names(self, root: object) -> list[str]:
        """Return the names of everything reached, nearest first."""
        order = [root]
        met = {id(root)}
        names: dict[str, None] = {}
        for thing in order:
            part = self._see(thing).part
            names.update(dict.fromkeys(part.names))
            for child in part.children:
                if id(child) not in met:
                    met.add(id(child))
                    order.append(child)
        return list(names)

    def _see(self, thing: object) -> _Seen:
        """Return what is known of an object, which is taken apart when it is first met."""
        seen = self._seen.get(id(thing))
        if seen is None:
            part = describe(thing, self.view)
            self._seen[id(thing)] = seen = _Seen(thing, part, tuple(map(id, part.children)))
        return seen

    def _find_circles(self, root: object) -> None:
        """Digest everything below `root`, and note the circles (Tarjan 1972, with a stack of its own instead of recursion)."""
        digests, circles = self._digests, self._circles
        first = id(root)
        index = {first: 0}
        low = {first: 0}
        unfinished = [first]
        path = [(first, iter(self._see(root).part.children))]
        while path:
            key, children = path[-1]
            for child in children:
                number = id(child)
                if number in digests or number in circles:
                    continue
                place = index.get(number)
                if place is not None:
                    low[key] = min(low[key], place)
                    continue
                index[number] = low[number] = len(index)
                unfinished.append(number)
                path.append((number, iter(self._see(child).part.children)))
                break
            else:
                path.pop()
                if path:
                    above = path[-1][0]
                    low[above] = min(low[above], low[key])
                if low[key] == index[key]:
                    at = unfinished.index(key)
                    self._close(unfinished[at:])
                    del unfinished[at:]

    def _close(self, keys: list[int]) -> None:
        """Digest an object whose children are digested, or note a circle."""
        _, part, children = self._seen[keys[0]]
        if len(keys) > 1 or keys[0] in children:
            self._circles.update(dict.fromkeys(keys, frozenset(keys)))
        else:
            self._digests[keys[0]] = _hash(part, [self._closed_digest(child) for child in children])

    def _closed_digest(self, key: int) -> bytes:
        """Return the digest of an object that was closed."""
        found = self._digests.get(key)
        if found is None:
            self._digests[key] = found = self._circle_digest(key)
        return found

    def _circle_digest(self, key: int) -> bytes:
        """Return the digest of a circle as seen from one of its objects."""
        circle = self._circles[key]
        order = [key]
        places = {key: 0}
        rows: list[bytes] = []
        for member in order:
            _, part, children = self._seen[member]
            below: list[bytes] = []
            for child in children:
                if child not in circle:
                    below.append(self._closed_digest(child))
                    continue
                place = places.setdefault(child, len(order))
                if place == len(order):
                    order.append(child)
                below.append(b"circle %d" % place)
            rows.append(_hash(part, below))
        return blake3(b"circle" + b"".join(rows)).digest()


def _hash(part: Part, below: list[bytes]) -> bytes:
    """Return the hash of a part and its children's digests; each digest is 32 bytes, or begins like no digest's length does."""
    if not part.is_ordered:
        below = sorted(below)
    lengths = b"%d %d " % (len(part.content), len(below))
    return blake3(b"".join((lengths, part.content, *(b"%d:%b" % (len(one), one) for one in below)))).digest()
