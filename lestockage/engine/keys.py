"""Keys: arguments as dictionary keys, with values apart that `==` calls equal.

`1 == 1.0 == True` and `0.0 == -0.0`, but a query can tell them apart. Strings, bytes, integers, None and handles stand for themselves,
so the common key is the argument itself; everything else is tagged with its type, all the way down.
"""

from __future__ import annotations

import dataclasses
import enum
import math
from typing import Any

from lestockage.engine.handle import Handle
from lestockage.errors import ArgumentError

_THEMSELVES = frozenset({str, bytes, int, type(None)})
_NAN = "nan"


class _Tag:
    """Sets a tagged key apart from every tuple that a caller could pass."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "tag"


_TAG = _Tag()


def distinct(value: Any) -> Any:
    """A hashable stand-in, equal for two values only if a query could not tell them apart.

    Raises:
        ArgumentError: when the value cannot be hashed.
    """
    kind = type(value)
    if kind in _THEMSELVES or isinstance(value, Handle):
        return value
    if kind is tuple:
        if _THEMSELVES.issuperset(map(type, value)):
            return value
        members = tuple(map(distinct, value))
        return value if all(a is b for a, b in zip(members, value, strict=True)) else (_TAG, tuple, members)
    return (_TAG, kind, _content(value, kind))


def _content(value: Any, kind: type) -> Any:
    if kind is float:
        if value != value:  # noqa: PLR0124  # the definition of not-a-number
            return _NAN
        return value, math.copysign(1.0, value)
    if kind is complex:
        return distinct(value.real), distinct(value.imag)
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, tuple):
        return tuple(map(distinct, value))
    if isinstance(value, frozenset):
        return frozenset(map(distinct, value))
    if isinstance(value, type):
        return value
    if dataclasses.is_dataclass(value):
        return tuple(distinct(getattr(value, field.name)) for field in dataclasses.fields(value))
    fields = getattr(kind, "model_fields", None)
    if isinstance(fields, dict):
        return tuple(distinct(getattr(value, name)) for name in fields)
    try:
        hash(value)
    except TypeError as error:
        raise ArgumentError(
            f"a value of type {kind.__name__} cannot be part of a key: {error}. "
            "Pass an immutable one (a tuple for a list, a frozenset for a set)."
        ) from error
    return value
