"""Foreign: a class that the caller of `codec_for` knows how to store: handles of the engine, for example."""

# ruff: noqa: D102  # methods are described by Node

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from lestockage.engine.codec.node import WIRE, Node

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.engine.codec.source import Source

__all__ = ["Foreign"]


class Foreign(Node):
    """A class whose instances two functions of the caller turn into trees of msgpack types and back; subclasses' instances too."""

    kinds = WIRE

    def __init__(self, spelled: str, cls: type, encode: Callable[[Any], Any], decode: Callable[[Any], Any], *, immutable: bool) -> None:
        super().__init__(spelled)
        self.base = cls
        self.encode = encode
        self.decode = decode
        self.immutable = immutable

    def inline(self, purpose: str, name: str, source: Source) -> str | None:
        if purpose == "wire":
            return f"({source.bind(self.encode)}({name}) if {self.chosen(name, source)} else refuse())"
        if purpose == "value":
            return f"{source.bind(self.decode)}({name})"
        return super().inline(purpose, name, source) or f"{source.bind(copy.deepcopy)}({name})"

    def accepts(self, value: Any) -> bool:
        return self.base is not None and isinstance(value, self.base)
