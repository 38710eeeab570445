"""Node: one declared type as the codec sees it, and the source text of its check, its wire form, its value and its copy.

A node answers four questions as Python expressions, which `source.py` joins into one generated function per type:

- *check*: is this exactly a value of the type? Only for *native* nodes, whose checked value packs to its wire form as it is.
- *wire*: the tree of msgpack types for a value (checked on the way).
- *value*: the value for such a tree (checked too: stored bytes are not trusted).
- *copy*: a copy that shares nothing that could be changed.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lestockage.engine.codec.source import Source

__all__ = [
    "FAIL",
    "FAILED",
    "PLAIN",
    "WIRE",
    "Malformed",
    "Node",
    "NoneType",
    "Refusal",
    "TooDeep",
    "class_test",
    "malformed",
    "refuse",
    "shown",
]

NoneType = type(None)

PLAIN: frozenset[type] = frozenset({NoneType, bool, int, float, str, bytes})
"""Types that msgpack returns as they were given."""

WIRE: frozenset[type] = PLAIN | {tuple, dict}
"""Every type that reading msgpack can give."""

_numbers = count()
_SHOWN = 40  # characters of a value that a message repeats


class Refusal(Exception):  # noqa: N818  # internal signal, never seen outside: `diagnosis.py` turns it into an EncodingError
    """A value is not of its declared type; where in the value is found out afterwards."""


class TooDeep(Refusal):
    """A value nests deeper than is followed, or contains itself."""


class Malformed(Exception):  # noqa: N818  # internal signal, never seen outside: the codec turns it into a DecodingError
    """A tree of msgpack types does not spell a value of the declared type."""


def refuse(reason: str = "") -> NoReturn:
    """Raise Refusal; a function, so that generated expressions can call it."""
    raise Refusal(reason)


def malformed(reason: str = "the shape differs") -> NoReturn:
    """Raise Malformed; a function, so that generated expressions can call it."""
    raise Malformed(reason)


def class_test(classes: Iterable[type], name: str, source: Source) -> str:
    """Return an expression that tells whether the variable `name` is exactly of one of the classes."""
    found = sorted(classes, key=lambda cls: cls.__name__)
    if found == [NoneType]:
        return f"{name} is None"
    if len(found) == 1:
        return f"type({name}) is {source.bind(found[0])}"
    return f"type({name}) in {source.bind(frozenset(found))}"


def shown(value: Any) -> str:
    """Return a value as it prints, cut short; something else where its own code fails, or Python refuses to print that many digits."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001  # whatever the value's own code raises
        return "that cannot be shown"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


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
    base: type | None = None
    """The class that its values are instances of, where `classes` cannot say."""
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

    def layout(self) -> object:
        """Return what decides the wire form, besides name and children: names of fields, of members; the same in every process."""
        return ()

    @property
    def unchanging(self) -> frozenset[type]:
        """The classes whose values are the same as trees, as values and as copies; what is of them needs no work."""
        return self.exact or frozenset()

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

    def chosen(self, name: str, source: Source) -> str | None:
        """Return an expression that tells by its class alone whether the variable `name` could be of the type; None when any could."""
        if self.classes is not None:
            return class_test(self.classes, name, source)
        return None if self.base is None else f"isinstance({name}, {source.bind(self.base)})"

    def unrolled(self, purpose: str, name: str, source: Source) -> tuple[list[str], str] | None:
        """Return statements, and the expression of what they made, to stand in a loop over the variable `name`; None to call a function.

        FAIL among the statements is where the item turns out to be of another type.
        """
        del purpose, name, source
        return None

    def body(self, purpose: str, source: Source) -> Iterator[str]:
        """Yield the lines of a function for `purpose` whose parameter is `v`; asked only when `inline` gave None."""
        found = self.unrolled(purpose, "v", source)
        assert found is not None, purpose  # noqa: S101  # a subclass writes the one or the other
        lines, result = found
        for line in lines:
            yield line.replace(FAIL, FAILED[purpose])
        yield f"return {result}"

    # -- to explain a refusal ------------------------------------------------------------------------------------------------------

    def accepts(self, value: Any) -> bool:
        """Return whether `value` itself, its parts aside, is of the type; may raise Refusal to say why not."""
        return self.classes is None or type(value) in self.classes

    def parts(self, value: Any) -> Iterator[tuple[str, Node, Any]]:
        """Yield (path step, node, part) for everything inside an accepted value."""
        del value
        yield from ()


FAIL = "\0"
"""Stands for that statement where the same lines serve several purposes; no name of a field can hold it."""

FAILED = {"check": "return False", "wire": "refuse()", "value": "malformed()", "copy": "pass"}
"""The statement for a value of another type, by purpose; a copy does not check."""
