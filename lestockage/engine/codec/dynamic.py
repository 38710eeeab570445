"""Dynamic: values declared as `Any` or `object`: built-in and standard types only, each with a tag wherever the wire form does not show it.

Plain values are their own wire form, and so is a dictionary whose keys are all strings. Every other value is an array that starts with its tag: a
number for a built-in collection, the type's name for a value type of the standard library.
"""

from __future__ import annotations

import copy
import datetime
import decimal
import fractions
import pathlib
import uuid
import zoneinfo
from typing import TYPE_CHECKING, Any

from lestockage.engine.codec.node import PLAIN, WIRE, Node, malformed, refuse
from lestockage.engine.codec.source import compiled
from lestockage.engine.codec.standard import standard_node
from lestockage.engine.codec.wire import MAX_DEPTH, pack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.engine.codec.source import Source

__all__ = ["Dynamic"]

_LIST, _TUPLE, _SET, _FROZENSET, _DICT = range(5)
_SEQUENCES: dict[type, int] = {list: _LIST, tuple: _TUPLE, set: _SET, frozenset: _FROZENSET}
_MAKERS: dict[int, type] = {tag: cls for cls, tag in _SEQUENCES.items()}
_VALUE_TYPES: tuple[type, ...] = (
    *(complex, bytearray, datetime.datetime, datetime.date, datetime.time, datetime.timedelta, datetime.timezone, zoneinfo.ZoneInfo),
    *(decimal.Decimal, fractions.Fraction, uuid.UUID, pathlib.Path, pathlib.PurePath, pathlib.PurePosixPath, pathlib.PureWindowsPath),
)


def _value_nodes() -> dict[type, Node]:
    """Return the nodes of the standard value types by the class their values have."""
    nodes: dict[type, Node] = {}
    for cls in _VALUE_TYPES:
        node = standard_node(cls.__name__, cls)
        for made in (node.classes or ()) if node is not None else ():
            nodes[made] = node if node is not None and made is not cls else standard_node(made.__name__, made) or nodes[made]
    return nodes


_values = _value_nodes()
_named: dict[str, Node] = {node.spelled: node for node in _values.values()}


def _wire(value: Any, depth: int = 0) -> Any:
    """Return the wire form of a value of any supported type."""
    cls = type(value)
    if cls in PLAIN:
        return value
    if depth > MAX_DEPTH:
        refuse(f"it nests more than {MAX_DEPTH} levels deep, or contains itself; msgpack holds no more")
    if cls is dict:
        if all(type(key) is str for key in value):
            return {key: _wire(item, depth + 1) for key, item in value.items()}
        row: list[Any] = [_DICT]
        for key, item in value.items():
            row += (_wire(key, depth + 1), _wire(item, depth + 1))
        return row
    tag = _SEQUENCES.get(cls)
    if tag is not None:
        items = [_wire(item, depth + 1) for item in value]
        if tag in (_SET, _FROZENSET):
            items.sort(key=pack)
        return [tag, *items]
    node = _values.get(cls)
    if node is None:
        return refuse(_unknown(cls))
    return (node.spelled, compiled(node, "wire")(value))


def _unknown(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}, which only a declared type can store"


def _value(tree: Any) -> Any:
    """Return the value of its wire form."""
    cls = type(tree)
    if cls in PLAIN:
        return tree
    if cls is dict:
        if not all(type(key) is str for key in tree):
            malformed("a map whose keys are not strings")
        return {key: _value(item) for key, item in tree.items()}
    if cls is not tuple or not tree:
        malformed("an array without a tag")
    tag, *rest = tree
    if type(tag) is str and tag in _named and len(rest) == 1:
        return compiled(_named[tag], "value")(rest[0])
    if type(tag) is not int or not _LIST <= tag <= _DICT:
        malformed("an unknown tag")
    items = [_value(item) for item in rest]
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
                yield f" key {key!r}", self, key
                yield f"[{key!r}]", self, item
        elif cls in _SEQUENCES:
            for index, item in enumerate(value):
                yield f"[{index}]", self, item
        elif cls not in PLAIN and cls not in _values:
            refuse(_unknown(cls))
