"""Names: what a name means where it is read, what assigning to it changes, and who else sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.python.value_flow.builder import JOIN, NOTHING
from lestockage.languages.python.value_flow.opcodes import INSIDE, OTHERS

if TYPE_CHECKING:
    from lestockage.languages.python.value_flow.builder import Builder


def read(name: str, b: Builder) -> int:
    """Return the value of a name: that of its own scope if it has one here, or what it means outside."""
    value = b.env.get(name)
    if value is None:
        if b.is_function and name in b.bound:
            return others(name, NOTHING, b) if b.shares else NOTHING
        found = b.frees.get((name, b.heading))
        return found if found is not None and not b.outer else b.free(name)
    if value >= JOIN:
        value = b.resolve(value)
    if b.tracks and name not in b.dirty and value not in b.settled:
        return others(name, value, b)
    return value


def others(name: str, value: int, b: Builder) -> int:
    """Return the value of a name that others may have assigned to since it was assigned here: a call has been made."""
    if name in b.outer:
        heading = INSIDE
    elif b.shares and name in b.bound:
        heading = OTHERS
    else:
        return value
    found = b.free(name, heading)
    if value not in (NOTHING, found):
        found = b.resolve(b.gather([value, found]))
    b.settled.add(found)
    if name in b.objects and b.objects[name] == b.env.get(name):
        b.objects[name] = found
    b.env[name] = found
    return found


def assign(name: str, value: int, b: Builder) -> None:
    """Give a name a new value."""
    b.env[name] = value
    if b.tracks:
        b.dirty[name] = None


def unbind(name: str, b: Builder) -> None:
    """Take a name's value away."""
    b.env.pop(name, None)
    b.dirty.pop(name, None)


def publish(b: Builder, besides: str | None = None) -> None:
    """Let others see the value of every name, as whoever is called now may, but for that of the name `besides`."""
    keeps = besides in b.dirty
    for name in b.dirty:
        if name != besides:
            record(name, b.env.get(name, NOTHING), b)
    b.dirty = {besides: None} if keeps and besides is not None else {}


def record(name: str, value: int, b: Builder) -> None:
    """Add a value to what others see of a name."""
    if value == NOTHING:
        return
    if name in b.outer:
        seen = b.outgoing.setdefault(name, [])
    elif b.cells is not None and name in b.bound:
        seen = b.cells.setdefault(name, [])
    else:
        return
    if value not in seen:
        seen.append(value)
        b.private.discard(b.resolve(value) if value >= JOIN else value)


def called(b: Builder, besides: str | None = None) -> None:
    """Note that code of others runs: it may see every name, and change whatever object it can reach."""
    if b.dirty:
        publish(b, besides)
    if b.paths:
        private = b.private
        b.paths = {path: value for path, value in b.paths.items() if path[0] in private}
