"""Node: one declared type as the codec sees it, and the source text of its check, its wire form, its value and its copy.

A node answers four questions as Python expressions, which `source.py` joins into one generated function per type:

- *check*: is this exactly a value of the type? Only for *native* nodes, whose checked value packs to its wire form as it is.
- *wire*: the tree of msgpack types for a value (checked on the way).
- *value*: the value for such a tree (checked too: stored bytes are not trusted).
- *copy*: a copy that shares nothing that could be changed.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lestockage.engine.codec.source import Source

__all__ = ["PLAIN", "WIRE", "Malformed", "Node", "Refusal", "malformed", "refuse"]

NoneType = type(None)

PLAIN = frozenset({NoneType, bool, int, float, str, bytes})
"""Types that msgpack returns as they were given."""

WIRE = PLAIN | {tuple, dict}
"""Every type that reading msgpack can give."""

_numbers = count()


class Refusal(Exception):  # noqa: N818  # internal signal, never seen outside: `diagnosis.py` turns it into an EncodingError
    """A value is not of its declared type; where in the value is found out afterwards."""


class Malformed(Exception):  # noqa: N818  # internal signal, never seen outside: the codec turns it into a DecodingError
    """A tree of msgpack types does not spell a value of the declared type."""


def refuse(reason: str = "") -> Any:
    """Raise Refusal; a function, so that generated expressions can call it."""
    raise Refusal(reason)


def malformed(reason: str = "the shape differs") -> Any:
    """Raise Malformed; a function, so that generated expressions can call it."""
    raise Malformed(reason)


class Node:
    """A declared type; subclasses hold what they are made of and write their source."""

    native: bool = False
    """A value that passed its check packs to its wire form as it is."""
    identity: bool = False
    """And unpacking gives the value back as it was."""
    immutable: bool = True
    """A value may be shared without copying."""
    recursive: bool = False
    """The type contains itself."""
    exact: frozenset[type] | None = None
    """When being of one of these types is the whole check."""
    classes: frozenset[type] | None = None
    """The exact types its values have; None when only trying can tell."""
    kinds: frozenset[type] = frozenset()
    """The types its wire form can have."""

    def __init__(self, spelled: str) -> None:
        self.spelled = spelled
        self.number = next(_numbers)
        self.functions: dict[str, Any] = {}

    def children(self) -> Iterable[Node]:
        """Return the nodes this one is made of."""
        return ()

    def settle(self) -> None:
        """Decide the flags from the children's; called again until nothing changes, flags only ever turning False."""

    # -- as source text ------------------------------------------------------------------------------------------------------------

    def inline(self, purpose: str, name: str, source: Source) -> str | None:
        """Return an expression for `purpose` over the variable `name`, or None when it takes a function of its own."""
        if purpose == "copy" and self.immutable:
            return name
        if purpose == "wire" and self.native:
            return f"({name} if {source.expression(self, 'check', name)} else refuse())"
        if purpose == "value" and self.identity:
            return f"({name} if {source.expression(self, 'check', name)} else malformed())"
        return None

    def body(self, purpose: str, source: Source) -> Iterator[str]:
        """Yield the lines of a function for `purpose` whose parameter is `v`; asked only when `inline` gave None."""
        raise NotImplementedError(purpose)  # pragma: no cover  # every subclass that needs a body has one

    # -- to explain a refusal ------------------------------------------------------------------------------------------------------

    def accepts(self, value: Any) -> bool:
        """Return whether `value` itself, its parts aside, is of the type."""
        return self.classes is None or type(value) in self.classes

    def parts(self, value: Any) -> Iterator[tuple[str, Node, Any]]:  # noqa: ARG002  # nothing inside, unless a subclass says so
        """Yield (path step, node, part) for everything inside an accepted value."""
        return iter(())
