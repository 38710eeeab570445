"""Part: one object taken apart one level: its own content, and the objects that it refers to."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Label", "Part", "Settings"]


class Part(NamedTuple):
    """An object, taken apart one level."""

    names: tuple[str, ...]
    """What `explain` calls it, and what it refers to that has no part of its own."""
    content: bytes
    children: tuple[object, ...] = ()
    is_ordered: bool = True
    """Whether the order of the children means something; a set's does not."""


class Label:
    """Something that counts by a text alone: a module that is nowhere, an empty cell."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Settings(dict[str, object]):
    """Keyword settings, which count in the order of their names."""
