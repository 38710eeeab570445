"""Unions: one of several types, told apart by the wire form where that is enough, else by a tag that names the type."""

# ruff: noqa: D102  # methods are described by Node

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.engine.codec.diagnosis import fits
from lestockage.engine.codec.node import PLAIN, Node, class_test, refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lestockage.engine.codec.source import Source

__all__ = ["Union"]


class Union(Node):
    """One of several types, in the order of their names, so that `A | B` and `B | A` give the same bytes.

    A member is *bare* when no other member has a wire form of its kind, or when both are their own wire form. Members that are not bare
    travel as [name of the type, wire form]; then no array may be bare.
    """

    native = identity = True

    def __init__(self, spelled: str) -> None:
        super().__init__(spelled)
        self.members: tuple[Node, ...] = ()

    def children(self) -> Iterable[Node]:
        return self.members

    def settle(self) -> None:
        self.kinds = frozenset().union(*(member.kinds for member in self.members))
        known = [member.classes for member in self.members]
        self.classes = None if None in known else frozenset().union(*(classes or () for classes in known))
        self.immutable = all(member.immutable for member in self.members)
        bare = not self.tagged
        self.native = bare and all(member.native for member in self.members)
        self.identity = bare and all(member.identity for member in self.members)

    @property
    def tagged(self) -> tuple[Node, ...]:
        """The members that travel with their name."""
        clashing = [member for member in self.members if self._clashes(member)]
        if not clashing:
            return ()
        return tuple(member for member in self.members if member in clashing or not member.kinds <= PLAIN)

    def _clashes(self, member: Node) -> bool:
        """Return whether another member's wire form could be taken for this one's; a scalar that is its own wire form goes first."""
        for other in self.members:
            if other is member or not (member.kinds & other.kinds) or (member.identity and other.identity):
                continue
            if not (member.identity and member.kinds <= PLAIN):
                return True
        return False

    def inline(self, purpose: str, name: str, source: Source) -> str | None:
        if purpose == "check" and len(self.members) == 2 and not self.recursive:
            return "(" + " or ".join(source.expression(member, "check", name) for member in self._quickest()) + ")"
        found = super().inline(purpose, name, source)
        if found is None and self.unchanging and purpose in ("value", "copy"):
            # Most values of such a union are plain ones: those need no call.
            return f"({name} if {class_test(self.unchanging, name, source)} else {source.call(self, purpose, name)})"
        return found

    @property
    def unchanging(self) -> frozenset[type]:
        tagged = self.tagged
        return frozenset().union(*(member.exact or () for member in self.members if member not in tagged))

    def _quickest(self) -> list[Node]:
        """Return the members, those with the cheapest check first."""
        return sorted(self.members, key=lambda member: member.exact is None)

    def body(self, purpose: str, source: Source) -> Iterator[str]:
        if purpose == "check":
            for member in self._quickest():
                yield f"if {source.expression(member, 'check', 'v')}: return True"
            yield "return False"
        elif purpose == "value":
            yield from self._value(source)
        else:
            yield from self._by_class(purpose, source)

    def _by_class(self, purpose: str, source: Source) -> Iterator[str]:
        """Yield lines that choose the member by the value's class; where several are possible, the first by name that takes it."""
        tagged = self.tagged if purpose == "wire" else ()
        alone = [member for member in self._quickest() if self._alone(member)]
        for member in (*alone, *(member for member in self.members if member not in alone)):
            each = source.expression(member, purpose, "v")
            if member in tagged:
                each = f"({member.spelled!r}, {each})"
            test = member.chosen("v", source) or "True"
            if member not in alone:
                test += f" and {source.bind(fits)}({source.bind(member)}, v)"
            yield f"if {test}: return {each}"
        yield "refuse()" if purpose == "wire" else f"return {source.bind(_unknown)}(v)"

    def _alone(self, member: Node) -> bool:
        """Return whether the class of a value is enough to know that this member is meant."""
        others = [other for other in self.members if other is not member]
        if member.classes is not None:
            return not any(other.base is None and other.classes is None for other in others) and all(
                not (member.classes & other.classes) if other.classes is not None else not _related(other.base, member.classes)
                for other in others
            )
        if member.base is None:
            return False
        return all(not _related(member.base, other.classes or {other.base or object}) for other in others)

    def _value(self, source: Source) -> Iterator[str]:
        """Yield lines that choose the member by the tree's kind, or by its tag."""
        tagged = self.tagged
        if tagged:
            yield "if type(v) is tuple:"
            yield "    if len(v) != 2: malformed()"
            yield "    t, v = v"
            for member in tagged:
                yield f"    if t == {member.spelled!r}: return {source.expression(member, 'value', 'v')}"
            yield "    malformed('no member of the union has that name')"
        bare = [member for member in self._quickest() if member not in tagged]
        for member in bare:
            if member.identity:
                yield f"if {source.expression(member, 'check', 'v')}: return v"
        for member in bare:
            if not member.identity:
                yield f"if {class_test(member.kinds, 'v', source)}: return {source.expression(member, 'value', 'v')}"
        yield "malformed()"

    def accepts(self, value: Any) -> bool:
        return any(_possible(member, value) for member in self.members)

    def parts(self, value: Any) -> Iterator[tuple[str, Node, Any]]:
        """Yield the one member that the value's class leaves, to look inside; with several, one of them must take all of it."""
        candidates = [member for member in self.members if _possible(member, value)]
        if len(candidates) == 1:
            yield "", candidates[0], value
        elif not any(fits(member, value) for member in candidates):
            refuse(f"{type(value).__qualname__} that none of them takes")


def _possible(member: Node, value: Any) -> bool:
    """Return whether the class of a value leaves a member possible."""
    if member.classes is not None:
        return type(value) in member.classes
    return member.base is None or isinstance(value, member.base)


def _related(base: type | None, classes: Iterable[type]) -> bool:
    """Return whether a value of one of the classes could be an instance of `base`, or the other way round."""
    return base is not None and any(issubclass(cls, base) or issubclass(base, cls) for cls in classes)


def _unknown(value: Any) -> Any:
    """Copy a value that is of no member."""
    raise TypeError(type(value))
