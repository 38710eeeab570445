"""Enums: members by their names; combinations of flags by the names of their single bits and what is left."""

# ruff: noqa: D102  # methods are described by Node

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

from lestockage.engine.codec.node import Node, malformed, refuse
from lestockage.engine.codec.scalars import Converted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lestockage.engine.codec.source import Source

__all__ = ["Member", "enum_node"]


class Member(Node):
    """A member of an enum (or one of some members, for a Literal): its name."""

    kinds = frozenset({str})

    def __init__(self, spelled: str, cls: type[enum.Enum], members: Iterable[enum.Enum]) -> None:
        super().__init__(spelled)
        self.classes = frozenset({cls})
        self.members = {member.name: member for member in members}

    def layout(self) -> object:
        return list(self.members)

    def inline(self, purpose: str, name: str, source: Source) -> str | None:
        members = source.bind(self.members)
        if purpose == "wire":
            return f"({name}._name_ if {members}.get(getattr({name}, '_name_', None)) is {name} else refuse())"
        if purpose == "value":
            return f"{members}[{name}]"  # KeyError and TypeError are the codec's to turn into a DecodingError
        return super().inline(purpose, name, source)

    def accepts(self, value: Any) -> bool:
        return any(member is value for member in self.members.values())


def _flag_node(spelled: str, cls: type[enum.Flag]) -> Node:
    """Return a node for flags: the name of a member, or the names of the bits set, in order of value, then the bits without a name."""
    names = {member.value: member.name for member in cls.__members__.values() if member.name is not None}
    bits = sorted(value for value in names if value > 0 and not value & (value - 1))

    def encode(value: enum.Flag) -> Any:
        rest = int(value.value)
        if rest in names:
            return names[rest]
        found: list[Any] = []
        for bit in bits if rest >= 0 else ():
            if rest & bit:
                found.append(names[bit])
                rest &= ~bit
        return (*found, rest)

    def decode(tree: Any) -> enum.Flag:
        if type(tree) is str:
            return cls.__members__[tree]
        *found, rest = tree
        if type(rest) is not int or any(type(name) is not str for name in found):
            malformed("a combination of flags is names, then an integer")
        for name in found:
            rest |= cls.__members__[name].value
        value = cls(rest)
        return value if type(value) is cls else malformed("bits that the flags do not have")

    def checked(value: enum.Flag) -> Any:
        if cls._value2member_map_.get(value.value) is not value and cls(value.value) is not value:
            refuse(f"a {spelled} that its class does not know")
        return encode(value)

    node = Converted(spelled, cls, (str, tuple), checked, decode)
    node.details = sorted(names.items())
    return node


def enum_node(spelled: str, cls: type[enum.Enum]) -> Node:
    """Return a node for an enum class; aliases count as the member they name."""
    if issubclass(cls, enum.Flag):
        return _flag_node(spelled, cls)
    return Member(spelled, cls, cls)
