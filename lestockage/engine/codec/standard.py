"""Standard: value types of the standard library: moments, decimals, fractions, UUIDs and paths; their modules are not imported for it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from lestockage.engine.codec.node import malformed
from lestockage.engine.codec.scalars import Converted, bytearray_node, complex_node

if TYPE_CHECKING:
    from lestockage.engine.codec.node import Node

__all__ = ["standard_node"]

_PATHS = frozenset({"PurePath", "PurePosixPath", "PureWindowsPath", "Path", "PosixPath", "WindowsPath"})


def _decimal_node(spelled: str, cls: Any) -> Node:
    """Return a node for decimals: their text, which keeps trailing zeros, signs and payloads."""

    def decode(tree: str) -> Any:
        value = cls(tree)
        return value if str(value) == tree else malformed("no canonical decimal")

    return Converted(spelled, cls, (str,), str, decode)


def _fraction_node(spelled: str, cls: Any) -> Node:
    """Return a node for fractions: numerator and denominator."""

    def decode(tree: Any) -> Any:
        if len(tree) != 2 or type(tree[0]) is not int or type(tree[1]) is not int:
            malformed("a fraction is two integers")
        value = cls(*tree)
        return value if (value.numerator, value.denominator) == tree else malformed("no reduced fraction")

    return Converted(spelled, cls, (tuple,), lambda value: (value.numerator, value.denominator), decode)


def _uuid_node(spelled: str, cls: Any) -> Node:
    """Return a node for UUIDs: their 16 bytes, and one more where the platform said how safely they were made."""
    safety = type(cls(int=0).is_safe)
    codes = {member: b"" if member.value is None else bytes((member.value & 0xFF,)) for member in safety}
    members = {code: member for member, code in codes.items()}

    def decode(tree: bytes) -> Any:
        return cls(bytes=tree[:16], is_safe=members[tree[16:]])

    return Converted(spelled, cls, (bytes,), lambda value: value.bytes + codes[value.is_safe], decode)


def _path_node(spelled: str, cls: Any) -> Node:
    """Return a node for paths of the class that calling `cls` makes here: their text, so a `Path` may be read on another system."""
    made = type(cls())

    def decode(tree: str) -> Any:
        value = made(tree)
        return value if str(value) == tree else malformed("no normal path")

    return Converted(spelled, made, (str,), str, decode)


def standard_node(spelled: str, cls: type) -> Node | None:
    """Return a node for a value type of the standard library, or None when `cls` is none of them."""
    if cls is complex:
        return complex_node()
    if cls is bytearray:
        return bytearray_node()
    module, _, _ = cls.__module__.partition(".")
    if module in ("datetime", "zoneinfo"):
        from lestockage.engine.codec.moments import moment_node  # noqa: PLC0415  # imports datetime, which costs start-up time

        return moment_node(spelled, cls)
    makers = {("decimal", "Decimal"): _decimal_node, ("fractions", "Fraction"): _fraction_node, ("uuid", "UUID"): _uuid_node}
    maker = makers.get((module, cls.__qualname__))
    if module == "pathlib" and cls.__qualname__ in _PATHS:
        maker = _path_node
    if maker is None or getattr(sys.modules.get(module), cls.__name__, None) is not cls:
        return None
    return maker(spelled, cls)
