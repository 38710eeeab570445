"""Part: one object taken apart one level: its own content, and the objects that it refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.engine.fingerprint.bytecode import constant
from lestockage.engine.fingerprint.origin import origin

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Label", "Part", "Settings", "made_of", "named"]


class Part(NamedTuple):
    """An object, taken apart one level."""

    name: str
    """What `explain` calls it; empty for what has no name of its own."""
    content: bytes
    children: tuple[object, ...] = ()
    is_ordered: bool = True
    """Whether the order of the children means something; a set's does not."""


class Label:
    """Something that counts by a text alone: a library's function, a name that is nowhere."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Settings(dict[str, object]):
    """Keyword settings, which count in the order of their names."""


def made_of(name: str, head: str, things: Iterable[object], code: bytes = b"") -> Part:
    """Return the part of something made of `things` in order, those that are constants written into its content."""
    children: list[object] = []
    texts: list[str] = []
    for thing in things:
        text = constant(thing)
        if text is None:
            children.append(thing)
            texts.append("*")
        else:
            texts.append(text)
    written = f"{head} {len(code)} {texts}".encode("utf-8", "surrogatepass")
    return Part(name, written + code, tuple(children))


def named(name: str, module: str, home: str, *children: object) -> Part:
    """Return the part of something that counts by its name and the version of the library it belongs to."""
    label = origin(module, home)
    shown = f"{name} ({label})" if label is not None else name
    return Part(shown, f"named {name} of {label}".encode("utf-8", "surrogatepass"), children)
