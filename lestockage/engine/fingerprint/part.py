"""Part: one object taken apart one level: its own content, and the objects that it refers to."""

from __future__ import annotations

from typing import NamedTuple

from lestockage.engine.fingerprint.origin import origin

__all__ = ["Label", "Part", "Settings", "named"]


class Part(NamedTuple):
    """An object, taken apart one level."""

    name: str
    """What `explain` calls it."""
    content: bytes
    children: tuple[object, ...]


class Label:
    """Something that counts by a text alone: a library's function, a name that is nowhere."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Settings(dict[str, object]):
    """Keyword settings, which count in the order of their names."""


def named(name: str, module: str, *children: object) -> Part:
    """Return the part of something that counts by its name and the version of the library it belongs to."""
    label = origin(module)
    shown = f"{name} ({label})" if label is not None else name
    return Part(shown, f"named {name} of {label}".encode("utf-8", "surrogatepass"), children)
