"""Moments: dates, times and durations, with their zones; imported only when one of them is declared or met."""

from __future__ import annotations

import datetime
import re
import sys
from typing import Any

from lestockage.engine.codec.node import Node, malformed, refuse
from lestockage.engine.codec.scalars import Converted

__all__ = ["moment_node"]

_ZONE_KEY = re.compile(r"[A-Za-z0-9_+\-]+(?:/[A-Za-z0-9_+\-]+)*")
"""Names of zones. Nothing with a dot: zoneinfo looks a key up in folders and, failing that, in the package `tzdata`."""

_MICROSECOND = datetime.timedelta(microseconds=1)


def integers(tree: Any, size: int) -> Any:
    """Return `tree` when it is an array of `size` integers."""
    return tree if len(tree) == size and all(type(item) is int for item in tree) else malformed(f"expected {size} integers")


def _zone(value: Any) -> Any:
    """Return the wire form of a zone: None, the key of a ZoneInfo, or the microseconds (and name) of a fixed offset."""
    if value is None:
        return None
    if type(value) is datetime.timezone:
        offset, *name = value.__getinitargs__()  # type: ignore[attr-defined]  # what copying uses; the name alone may be the default one
        return (offset // _MICROSECOND, *name)
    if type(value).__module__ == "zoneinfo" and type(value).__name__ == "ZoneInfo":
        return _key(value)
    return refuse(f"a zone of type {type(value).__qualname__}")


def _key(value: Any) -> str:
    """Return the key of a ZoneInfo that the same key will find again."""
    key = value.key
    if key is None or not _ZONE_KEY.fullmatch(key):
        refuse("a ZoneInfo without a key")
    if type(value)(key) is not value:
        try:
            value.__reduce__()  # only this tells a zone that was read from an open file, whatever its key says
        except Exception:  # noqa: BLE001  # a PicklingError, of a module that is not worth importing
            refuse("a ZoneInfo read from an open file")
    return str(key)


def _zone_from(tree: Any) -> datetime.tzinfo | None:
    """Return the zone of its wire form."""
    if tree is None:
        return None
    if type(tree) is str:
        import zoneinfo  # noqa: PLC0415  # slow to import, and rarely needed

        return zoneinfo.ZoneInfo(tree) if _ZONE_KEY.fullmatch(tree) else malformed("no key of a zone")
    if type(tree) is not tuple or not 1 <= len(tree) <= 2 or type(tree[0]) is not int:
        malformed("no zone")
    return datetime.timezone(tree[0] * _MICROSECOND, *tree[1:])


def _time(value: datetime.time) -> Any:
    return (value.hour, value.minute, value.second, value.microsecond, value.fold, _zone(value.tzinfo))


def _time_from(tree: Any) -> datetime.time:
    hour, minute, second, microsecond, fold = integers(tree[:-1], 5)
    return datetime.time(hour, minute, second, microsecond, _zone_from(tree[-1]), fold=fold)


def _datetime(value: datetime.datetime) -> Any:
    day = (value.year, value.month, value.day)
    return (*day, value.hour, value.minute, value.second, value.microsecond, value.fold, _zone(value.tzinfo))


def _datetime_from(tree: Any) -> datetime.datetime:
    *clock, fold = integers(tree[:-1], 8)
    return datetime.datetime(*clock, fold=fold).replace(tzinfo=_zone_from(tree[-1]))


def _timedelta(value: datetime.timedelta) -> Any:
    return (value.days, value.seconds, value.microseconds)


def _timedelta_from(tree: Any) -> datetime.timedelta:
    value = datetime.timedelta(*integers(tree, 3))
    return value if _timedelta(value) == tree else malformed("parts out of range")


def moment_node(spelled: str, cls: type) -> Node | None:
    """Return a node for a class of `datetime` or `zoneinfo`, or None when `cls` is no class of values."""
    if cls is datetime.datetime:
        return Converted(spelled, cls, (tuple,), _datetime, _datetime_from)
    if cls is datetime.date:
        return Converted(spelled, cls, (int,), datetime.date.toordinal, datetime.date.fromordinal)
    if cls is datetime.time:
        return Converted(spelled, cls, (tuple,), _time, _time_from)
    if cls is datetime.timedelta:
        return Converted(spelled, cls, (tuple,), _timedelta, _timedelta_from)
    if cls is datetime.timezone:
        return Converted(spelled, cls, (tuple,), _zone, _zone_from)
    if cls is getattr(sys.modules.get("zoneinfo"), "ZoneInfo", None):
        return Converted(spelled, cls, (str,), _zone, _zone_from)
    return None
