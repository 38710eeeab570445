"""Standard: value types of the standard library: dates and times with their zones, decimals, fractions, UUIDs and paths."""

from __future__ import annotations

import datetime
import decimal
import fractions
import pathlib
import re
import uuid
import zoneinfo
from typing import TYPE_CHECKING, Any

from lestockage.engine.codec.node import malformed, refuse
from lestockage.engine.codec.scalars import Converted, bytearray_node, complex_node

if TYPE_CHECKING:
    from lestockage.engine.codec.node import Node

__all__ = ["standard_node"]

_ZONE_KEY = re.compile(r"[A-Za-z0-9_+\-]+(/[A-Za-z0-9_+\-]+)*")
"""Names of zones. Nothing with a dot: zoneinfo looks a key up in folders and, failing that, in the package `tzdata`."""

_MICROSECOND = datetime.timedelta(microseconds=1)


def integers(tree: Any, size: int) -> Any:
    """Return `tree` when it is an array of `size` integers."""
    return tree if len(tree) == size and all(type(item) is int for item in tree) else malformed(f"expected {size} integers")


def _zone(value: Any) -> Any:
    """Return the wire form of a zone: None, the key of a ZoneInfo, or the microseconds (and name) of a fixed offset."""
    if value is None:
        return None
    if type(value) is zoneinfo.ZoneInfo:
        if value.key is None or not _ZONE_KEY.fullmatch(value.key):
            refuse("a ZoneInfo without a key")
        if zoneinfo.ZoneInfo(value.key) is not value:
            try:
                value.__reduce__()  # only this tells a zone read from an open file, whatever its key says
            except Exception:  # noqa: BLE001  # a PicklingError, of a module that is not worth importing
                refuse("a ZoneInfo read from an open file")
        return value.key
    if type(value) is datetime.timezone:
        offset, *name = value.__getinitargs__()  # type: ignore[attr-defined]  # what copy uses; repr hides a name that equals the default
        return (offset // _MICROSECOND, *name)
    return refuse(f"a zone of type {type(value).__qualname__}")


def _zone_from(tree: Any) -> datetime.tzinfo | None:
    """Return the zone of its wire form."""
    if tree is None:
        return None
    if type(tree) is str:
        return zoneinfo.ZoneInfo(tree) if _ZONE_KEY.fullmatch(tree) else malformed("no key of a zone")
    if type(tree) is not tuple or not 1 <= len(tree) <= 2 or type(tree[0]) is not int:
        malformed("no zone")
    return datetime.timezone(tree[0] * _MICROSECOND, *tree[1:])


def _date(value: datetime.date) -> int:
    return value.toordinal()


def _time(value: datetime.time) -> Any:
    return (value.hour, value.minute, value.second, value.microsecond, value.fold, _zone(value.tzinfo))


def _time_from(tree: Any) -> datetime.time:
    *clock, fold, zone = tree
    integers((*clock, fold), 5)
    return datetime.time(*clock, fold=fold, tzinfo=_zone_from(zone))


def _datetime(value: datetime.datetime) -> Any:
    return (*value.timetuple()[:6], value.microsecond, value.fold, _zone(value.tzinfo))


def _datetime_from(tree: Any) -> datetime.datetime:
    *clock, fold, zone = tree
    integers((*clock, fold), 8)
    return datetime.datetime(*clock, fold=fold, tzinfo=_zone_from(zone))


def _timedelta_from(tree: Any) -> datetime.timedelta:
    days, seconds, microseconds = integers(tree, 3)
    value = datetime.timedelta(days, seconds, microseconds)
    return value if (value.days, value.seconds, value.microseconds) == tree else malformed("parts out of range")


def _decimal_from(tree: str) -> decimal.Decimal:
    value = decimal.Decimal(tree)
    return value if str(value) == tree else malformed("no canonical decimal")


def _fraction_from(tree: Any) -> fractions.Fraction:
    numerator, denominator = integers(tree, 2)
    value = fractions.Fraction(numerator, denominator)
    return value if value.denominator == denominator else malformed("no reduced fraction")


def _uuid(value: uuid.UUID) -> bytes:
    safe = value.is_safe.value
    return value.bytes if safe is None else value.bytes + bytes((safe & 0xFF,))


def _uuid_from(tree: bytes) -> uuid.UUID:
    safe = {16: None, 17: tree[-1] - 256 if tree[-1:] == b"\xff" else tree[-1:] and tree[-1]}
    return uuid.UUID(bytes=tree[:16], is_safe=uuid.SafeUUID(safe[len(tree)]))


def _zone_node(spelled: str, cls: type) -> Node:
    def decode(tree: Any) -> Any:
        value = _zone_from(tree)
        return value if type(value) is cls else malformed("another kind of zone")

    return Converted(spelled, cls, (tuple,) if cls is datetime.timezone else (str,), _zone, decode)


def _path_node(spelled: str, cls: type[pathlib.PurePath]) -> Node:
    """Return a node for paths of the class that `cls(...)` makes here: on disk a path is its text."""
    made = type(cls())

    def decode(tree: str) -> pathlib.PurePath:
        value = made(tree)
        return value if str(value) == tree else malformed("no normal path")

    return Converted(spelled, made, (str,), str, decode)


def standard_node(spelled: str, cls: type) -> Node | None:
    """Return a node for a value type of the standard library, or None when `cls` is none of them."""
    if cls is datetime.datetime:
        return Converted(spelled, cls, (tuple,), _datetime, _datetime_from)
    if cls is datetime.date:
        return Converted(spelled, cls, (int,), _date, datetime.date.fromordinal)
    if cls is datetime.time:
        return Converted(spelled, cls, (tuple,), _time, _time_from)
    if cls is datetime.timedelta:
        return Converted(spelled, cls, (tuple,), lambda value: (value.days, value.seconds, value.microseconds), _timedelta_from)
    if cls in (datetime.timezone, zoneinfo.ZoneInfo):
        return _zone_node(spelled, cls)
    if cls is decimal.Decimal:
        return Converted(spelled, cls, (str,), str, _decimal_from)
    if cls is fractions.Fraction:
        return Converted(spelled, cls, (tuple,), lambda value: (value.numerator, value.denominator), _fraction_from)
    if cls is uuid.UUID:
        return Converted(spelled, cls, (bytes,), _uuid, _uuid_from)
    if cls is complex:
        return complex_node()
    if cls is bytearray:
        return bytearray_node()
    if cls.__module__.startswith("pathlib") and issubclass(cls, pathlib.PurePath):
        return _path_node(spelled, cls)
    return None
