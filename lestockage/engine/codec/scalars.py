"""Scalars: values without parts: plain ones, literals, and those that a pair of functions turns into plain ones and back."""

# ruff: noqa: D102  # methods are described by Node

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.engine.codec.node import PLAIN, Malformed, Node, class_test

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lestockage.engine.codec.source import Source

__all__ = ["Converted", "Literal", "Scalar", "bytearray_node", "complex_node"]


class Scalar(Node):
    """One or several of None, bool, int, float, str and bytes: each is its own wire form."""

    native = identity = True

    def __init__(self, spelled: str, classes: Iterable[type]) -> None:
        super().__init__(spelled)
        self.exact = self.classes = self.kinds = frozenset(classes)

    def inline(self, purpose: str, name: str, source: Source) -> str | None:
        if purpose == "check":
            return f"({class_test(self.exact or (), name, source)})"
        return super().inline(purpose, name, source)


class Literal(Node):
    """Some values of plain types, each with exactly its type: `Literal[1]` does not take True."""

    native = identity = True

    def __init__(self, spelled: str, values: Iterable[Any]) -> None:
        super().__init__(spelled)
        self.pairs = frozenset((type(value), value) for value in values)
        self.classes = self.kinds = frozenset(cls for cls, _ in self.pairs)

    def layout(self) -> object:
        return sorted(repr(value) for _, value in self.pairs)

    def inline(self, purpose: str, name: str, source: Source) -> str | None:
        if purpose != "check":
            return super().inline(purpose, name, source)
        if self.classes is not None and len(self.classes) == 1:
            values = source.bind(frozenset(value for _, value in self.pairs))
            return f"({class_test(self.classes, name, source)} and {name} in {values})"
        return f"({class_test(self.kinds, name, source)} and (type({name}), {name}) in {source.bind(self.pairs)})"

    def accepts(self, value: Any) -> bool:
        return type(value) in PLAIN and (type(value), value) in self.pairs


class Converted(Node):
    """A type whose values two functions turn into trees of msgpack types and back.

    `encode` may raise Refusal, `decode` Malformed; neither is trusted with a value of another type.
    """

    def __init__(self, spelled: str, cls: type, kinds: Iterable[type], encode: Callable[[Any], Any], decode: Callable[[Any], Any]) -> None:
        super().__init__(spelled)
        self.classes = frozenset({cls})
        self.kinds = frozenset(kinds)
        self.encode = encode
        self.decode = decode
        self.duplicate: Callable[[Any], Any] | None = None
        self.details: object = ()

    def copied_by(self, duplicate: Callable[[Any], Any]) -> Converted:
        """Say that values can be changed, and how one is copied; return the node."""
        self.duplicate = duplicate
        self.immutable = False
        return self

    def layout(self) -> object:
        return self.details

    def inline(self, purpose: str, name: str, source: Source) -> str | None:
        if purpose == "wire":
            return f"({source.bind(self.encode)}({name}) if {class_test(self.classes or (), name, source)} else refuse())"
        if purpose == "value":
            test = class_test(self.kinds, name, source)
            return f"({source.bind(self.decode)}({name}) if {test} else malformed())"
        if self.duplicate is not None:
            return f"{source.bind(self.duplicate)}({name})"
        return super().inline(purpose, name, source)

    def accepts(self, value: Any) -> bool:
        if not super().accepts(value):
            return False
        self.encode(value)  # may refuse it, and its reason is worth more than the type's name
        return True


def _complex_from(tree: Any) -> complex:
    """Return the complex number of its two parts."""
    if len(tree) != 2 or type(tree[0]) is not float or type(tree[1]) is not float:
        raise Malformed("a complex number is two floats")
    return complex(*tree)


def complex_node() -> Node:
    """Return a node for complex numbers: the two parts, as floats."""
    return Converted("complex", complex, (tuple,), lambda value: (value.real, value.imag), _complex_from)


def bytearray_node() -> Node:
    """Return a node for byte arrays: their bytes."""
    return Converted("bytearray", bytearray, (bytes,), bytes, bytearray).copied_by(bytearray)
