"""Containers: lists, tuples of any length, dictionaries and sets."""

# ruff: noqa: D102  # methods are described by Node

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.engine.codec.node import FAIL, FAILED, Node, class_test, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lestockage.engine.codec.source import Source

__all__ = ["Dictionary", "Items", "Set"]


def every(node: Node, items: str, container: str, source: Source) -> str | None:
    """Return an expression that checks every item of `items` in C, or None when it takes a loop; `container` has their length."""
    if node.exact is None:
        return None
    if len(node.exact) == 1:
        (cls,) = node.exact
        return f"countOf(map(type, {items}), {source.bind(cls)}) == len({container})"
    return f"{source.bind(node.exact)}.issuperset(map(type, {items}))"


def loop(node: Node, purpose: str, items: str, source: Source) -> Iterator[str]:
    """Yield lines that set `r` to the list of every item after `purpose`, or for a check only go through them.

    A plain loop where a comprehension would add a frame to every level of a recursive type, or where an item's own statements fit in.
    """
    made = None if node.recursive else node.unrolled(purpose, "x", source)
    if made is not None:
        lines, result = made
        if purpose != "check":
            yield "r = []"
        yield f"for x in {items}:"
        for line in lines:
            yield "    " + line.replace(FAIL, FAILED[purpose])
        yield f"    if not ({result}): return False" if purpose == "check" else f"    r.append({result})"
        return
    each = source.expression(node, purpose, "x")
    if purpose == "check":
        yield f"for x in {items}:"
        yield f"    if not {each}: return False"
    elif each == "x":
        yield f"r = list({items})"
    elif node.recursive:
        yield "r = []"
        yield f"for x in {items}: r.append({each})"
    else:
        yield f"r = [{each} for x in {items}]"


_ORDERED = frozenset({int, str, bytes})
"""Types with a total order of their own, quicker than that of their bytes and as good."""


class Items(Node):
    """A list, or a tuple of any length, of one item type."""

    native = True

    def __init__(self, spelled: str, cls: type, item: Node | None = None) -> None:
        super().__init__(spelled)
        self.classes = frozenset({cls})
        self.cls = cls
        self.kinds = frozenset({tuple})
        self.item = item or self  # until it is read: a type may contain itself
        self.identity = self.immutable = cls is tuple

    def children(self) -> Iterable[Node]:
        return (self.item,)

    def settle(self) -> None:
        self.native = self.native and self.item.native
        self.identity = self.identity and self.item.identity
        self.immutable = self.immutable and self.item.immutable

    def layout(self) -> object:
        return self.cls.__name__

    def inline(self, purpose: str, name: str, source: Source) -> str | None:
        if purpose == "check":
            quick = every(self.item, name, name, source)
            return quick and f"(type({name}) is {source.bind(self.cls)} and {quick})"
        if purpose == "copy" and self.cls is list and self.item.immutable:
            return f"{name}.copy()"
        if purpose == "value" and self.cls is list:
            quick = every(self.item, name, name, source)
            return quick and f"(list({name}) if type({name}) is tuple and {quick} else malformed())"
        return super().inline(purpose, name, source)

    def body(self, purpose: str, source: Source) -> Iterator[str]:
        cls = "tuple" if purpose == "value" else source.bind(self.cls)
        if purpose != "copy":
            yield f"if type(v) is not {cls}: {FAILED[purpose]}"
        quick = every(self.item, "v", "v", source) if purpose == "value" else None
        if quick is not None:
            yield f"if not ({quick}): malformed()"
            yield "return list(v)"  # a tuple of such items is its own value, so this is the list
            return
        yield from loop(self.item, purpose, "v", source)
        if purpose == "check":
            yield "return True"
        else:
            yield "return r" if self.cls is list or purpose == "wire" else "return tuple(r)"

    def parts(self, value: Any) -> Iterator[tuple[str, Node, Any]]:
        for index, item in enumerate(value):
            yield f"[{index}]", self.item, item


class Dictionary(Node):
    """A dictionary, in its order: a msgpack map when the keys are plain, else keys and values in turn (equal bytes may be unequal keys)."""

    native = identity = True
    immutable = False
    classes = frozenset({dict})

    def __init__(self, spelled: str, key: Node | None = None, value: Node | None = None) -> None:
        super().__init__(spelled)
        self.key = key or self
        self.value = value or self

    @property
    def mapped(self) -> bool:
        """Whether a msgpack map holds it."""
        return self.key.exact is not None and self.key.identity

    def children(self) -> Iterable[Node]:
        return (self.key, self.value)

    def settle(self) -> None:
        self.kinds = frozenset({dict if self.mapped else tuple})
        self.native = self.native and self.mapped and self.value.native
        self.identity = self.identity and self.native and self.value.identity

    def inline(self, purpose: str, name: str, source: Source) -> str | None:
        if purpose == "check":
            keys = every(self.key, name, name, source)
            values = every(self.value, f"{name}.values()", name, source)
            return values and f"(type({name}) is dict and {keys} and {values})"
        if purpose == "copy" and self.value.immutable and self.key.immutable:
            return f"{name}.copy()"
        return super().inline(purpose, name, source)

    def body(self, purpose: str, source: Source) -> Iterator[str]:
        value = source.expression(self.value, purpose, "x")
        items = "v.items()"
        key = "k"
        if purpose == "copy":
            key = source.expression(self.key, purpose, "k")  # itself, when it cannot change
        elif self.mapped:
            yield f"if type(v) is not dict or not ({every(self.key, 'v', 'v', source)}): {FAILED[purpose]}"
            if purpose == "check":
                yield from loop(self.value, purpose, "v.values()", source)
                yield "return True"
                return
        elif purpose == "wire":
            yield "if type(v) is not dict: refuse()"
            yield "r = []"
            yield "for k, x in v.items():"
            yield f"    r.append({source.expression(self.key, purpose, 'k')})"
            yield f"    r.append({value})"
            yield "return r"
            return
        else:
            yield "if type(v) is not tuple: malformed()"
            yield "i = iter(v)"
            key, items = source.expression(self.key, purpose, "k"), "zip(i, i)"
        if purpose in ("copy", "value") and items == "v.items()" and key == "k" and self.value.unchanging and not self.recursive:
            # What is plain stays where it is: in the copy, or in the tree, which was made for this value alone.
            yield "r = v.copy()" if purpose == "copy" else "r = v"
            yield "for k, x in r.items():"
            yield f"    if not {class_test(self.value.unchanging, 'x', source)}: r[k] = {value}"
        elif self.recursive:
            yield "r = {}"
            yield f"for k, x in {items}: r[{key}] = {value}"
        else:
            yield f"r = {{{key}: {value} for k, x in {items}}}"
        if items == "zip(i, i)":
            yield "if len(r) * 2 != len(v): malformed('a key without a value, or equal keys')"
        yield "return r"

    def parts(self, value: Any) -> Iterator[tuple[str, Node, Any]]:
        for key, item in value.items():
            yield f" key {shown(key)}", self.key, key
            yield f"[{shown(key)}]", self.value, item


class Set(Node):
    """A set or frozen set: its items in the order of their bytes, so that insertion history and hash seeds do not show."""

    kinds = frozenset({tuple})

    def __init__(self, spelled: str, cls: type, item: Node | None = None) -> None:
        super().__init__(spelled)
        self.cls = cls
        self.classes = frozenset({cls})
        self.item = item or self
        self.immutable = cls is frozenset

    def children(self) -> Iterable[Node]:
        return (self.item,)

    def settle(self) -> None:
        self.immutable = self.immutable and self.item.immutable

    def layout(self) -> object:
        return self.cls.__name__

    def body(self, purpose: str, source: Source) -> Iterator[str]:
        cls = source.bind(self.cls)
        if purpose == "wire":
            yield f"if type(v) is not {cls}: refuse()"
            if self.item.exact is not None and len(self.item.exact) == 1 and self.item.exact <= _ORDERED:
                yield f"if not ({every(self.item, 'v', 'v', source)}): refuse()"
                yield "return sorted(v)"
            else:
                yield from loop(self.item, purpose, "v", source)
                yield "r.sort(key=pack)"
                yield "return r"
        elif purpose == "value":
            yield "if type(v) is not tuple: malformed()"
            yield from loop(self.item, purpose, "v", source)
            yield f"s = {cls}(r)"
            yield "if len(s) != len(r): malformed('equal items in a set')"
            yield "return s"
        else:
            yield from loop(self.item, purpose, "v", source)
            yield f"return {cls}(r)"

    def parts(self, value: Any) -> Iterator[tuple[str, Node, Any]]:
        for item in value:
            yield f" item {shown(item)}", self.item, item
