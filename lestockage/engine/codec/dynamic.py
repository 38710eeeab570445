"""Dynamic: values declared as `Any` or `object`: built-in and standard types only, each with a tag wherever the wire form does not show it.

Plain values are their own wire form, and a dictionary whose keys are all strings is a map. Every other value is an array that starts with
its tag: a number for a built-in collection, the type's name for a value type of the standard library.
"""

# ruff: noqa: D102  # methods are described by Node

from __future__ import annotations

import copy
import importlib
from operator import countOf
from typing import TYPE_CHECKING, Any

from lestockage.engine.codec.node import PLAIN, WIRE, Node, TooDeep, malformed, refuse, shown
from lestockage.engine.codec.source import compiled
from lestockage.engine.codec.standard import standard_node
from lestockage.engine.codec.wire import MAX_DEPTH, pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lestockage.engine.codec.source import Source

__all__ = ["Dynamic"]

_LIST, _TUPLE, _SET, _FROZENSET, _DICT = range(5)
_SEQUENCES: dict[type, int] = {list: _LIST, tuple: _TUPLE, set: _SET, frozenset: _FROZENSET}
_MAKERS: dict[int, type] = {tag: cls for cls, tag in _SEQUENCES.items()}
_VALUE_TYPES = {
    "complex": "builtins",
    "bytearray": "builtins",
    "Decimal": "decimal",
    "Fraction": "fractions",
    "UUID": "uuid",
    "ZoneInfo": "zoneinfo",
    **dict.fromkeys(("datetime", "date", "time", "timedelta", "timezone"), "datetime"),
    **dict.fromkeys(("Path", "PurePosixPath", "PureWindowsPath"), "pathlib"),
}
"""Value types by the name that tags them, and the module each is from: a fixed list, so no stored name is ever imported."""

_values: dict[type, Node] = {}
"""Nodes of the value types met so far, by the exact class of their values."""
_tags: dict[str, Node] = {}


def _value_node(tag: str) -> Node:
    """Return the node of a value type by its tag."""
    node = _tags.get(tag)
    if node is None:
        node = standard_node(tag, getattr(importlib.import_module(_VALUE_TYPES[tag]), tag))
        assert node is not None and node.classes is not None  # noqa: S101, PT018  # every type of the list has one
        _tags[tag] = node
        _values.update(dict.fromkeys(node.classes, node))
    return node


def _node_of(cls: type) -> Node | None:
    """Return the node of a value's class, or None when it is no value type."""
    node = _values.get(cls)
    if node is None:
        tag = "Path" if cls.__name__ in ("PosixPath", "WindowsPath") else cls.__name__
        if cls.__module__.partition(".")[0] == _VALUE_TYPES.get(tag):
            _value_node(tag)
            node = _values.get(cls)
    return node


def _wire(value: Any, depth: int = 0) -> Any:
    """Return the wire form of a value of any supported type."""
    cls = type(value)
    if cls in PLAIN:
        return value
    if depth > MAX_DEPTH:
        raise TooDeep(f"it nests more than {MAX_DEPTH} levels deep, or contains itself; msgpack holds no more")
    row: list[Any]
    if cls is dict:
        if countOf(map(type, value), str) == len(value):
            return value if PLAIN.issuperset(map(type, value.values())) else _mapped(value, _wire, depth + 1)
        row = [_DICT]
        for key, item in value.items():
            row.append(_wire(key, depth + 1))
            row.append(_wire(item, depth + 1))
        return row
    tag = _SEQUENCES.get(cls)
    if tag is not None:
        row = []
        for item in value:
            row.append(_wire(item, depth + 1))  # a comprehension's frame would halve the depth that fits
        if tag in (_SET, _FROZENSET):
            row.sort(key=pack)
        return (tag, *row)
    node = _node_of(cls)
    if node is None:
        return refuse(_unknown(cls))
    return (node.spelled, compiled(node, "wire")(value))


def _mapped(items: dict[str, Any], convert: Callable[..., Any], *depth: int) -> dict[str, Any]:
    """Return a dictionary with every value converted, in order."""
    made = {}
    for key, item in items.items():
        made[key] = convert(item, *depth)  # as above
    return made


def _unknown(cls: type) -> str:
    """Return what to say of a class that only a declared type can store."""
    return f"{cls.__module__}.{cls.__qualname__}, which only a declared type can store"


def _value(tree: Any) -> Any:
    """Return the value of its wire form."""
    cls = type(tree)
    if cls in PLAIN:
        return tree
    if cls is dict:
        if countOf(map(type, tree), str) != len(tree):
            malformed("a map whose keys are not strings")
        return tree if PLAIN.issuperset(map(type, tree.values())) else _mapped(tree, _value)
    if cls is not tuple or not tree:
        malformed("an array without a tag")
    tag, *rest = tree
    if type(tag) is str and tag in _VALUE_TYPES and len(rest) == 1:
        return compiled(_value_node(tag), "value")(rest[0])
    if type(tag) is not int or not _LIST <= tag <= _DICT:
        malformed("an unknown tag")
    items = []
    for item in rest:
        items.append(_value(item))  # noqa: PERF401  # as above
    if tag == _DICT:
        pairs = iter(items)
        made: Any = dict(zip(pairs, pairs, strict=False))
        return made if len(made) * 2 == len(items) else malformed("a key without a value, or equal keys")
    made = _MAKERS[tag](items)
    return made if len(made) == len(items) else malformed("equal items in a set")


def _copy(value: Any) -> Any:
    """Return the value itself when it is plain, else a deep copy."""
    return value if type(value) in PLAIN else copy.deepcopy(value)


class Dynamic(Node):
    """A value of any built-in or standard type, tagged; never one of a class of the program's own."""

    immutable = False
    kinds = WIRE

    def inline(self, purpose: str, name: str, source: Source) -> str | None:
        return f"{source.bind({'wire': _wire, 'value': _value, 'copy': _copy}[purpose])}({name})"

    def parts(self, value: Any) -> Iterator[tuple[str, Node, Any]]:
        cls = type(value)
        if cls is dict:
            for key, item in value.items():
                yield f" key {shown(key)}", self, key
                yield f"[{shown(key)}]", self, item
        elif cls in _SEQUENCES:
            for index, item in enumerate(value):
                yield f"[{index}]", self, item
        elif cls not in PLAIN and _node_of(cls) is None:
            refuse(_unknown(cls))
