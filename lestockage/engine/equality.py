"""Equality: whether a query could tell two values apart.

Python's `==` calls `1`, `1.0` and `True` equal, and `0.0` and `-0.0`; a query can tell them apart, so they count as changed.
"""

from __future__ import annotations

import math
from types import UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from lestockage.engine.handle import Handle

if TYPE_CHECKING:
    from collections.abc import Callable

_PLAIN = frozenset({str, bytes, type(None)})


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal and of equal types all the way down. A comparison that fails counts as different."""
    if one is other:
        return True
    kind = type(one)
    if kind is not type(other):
        return False
    if kind in _PLAIN or kind is int or kind is bool:
        return bool(one == other)
    if kind is float:
        return (one == other and math.copysign(1.0, one) == math.copysign(1.0, other)) or (one != one and other != other)  # noqa: PLR0124
    if kind is complex:
        return same(one.real, other.real) and same(one.imag, other.imag)
    if isinstance(one, (tuple, list)):
        return len(one) == len(other) and all(map(same, one, other))
    if kind is dict:
        return len(one) == len(other) and all(map(same, one.keys(), other.keys())) and all(map(same, one.values(), other.values()))
    return loosely_same(one, other)


def loosely_same(one: Any, other: Any) -> bool:
    """Whether two values are of one type and `==`; enough where the type holds nothing that `==` confuses."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    try:
        return bool(one == other)
    except Exception:  # noqa: BLE001  # no array after all
        return _same_array(one, other)


def _same_array(one: Any, other: Any) -> bool:
    """Numpy arrays compare element by element: equal when shape, type and every byte are."""
    try:
        return bool(one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes())
    except Exception:  # noqa: BLE001  # no array after all
        return False


def equality_for(annotation: Any) -> Callable[[Any, Any], bool]:
    """The cheapest comparison that is exact for values of this type."""
    return loosely_same if _is_plain(annotation, ()) else same


def _is_plain(annotation: Any, around: tuple[Any, ...]) -> bool:
    """Whether no two equal values of this type could be told apart; `around` are the types that it is a part of."""
    if _is_scalar(annotation):
        return True
    origin = get_origin(annotation)
    members = get_args(annotation)
    if origin in (tuple, frozenset, set, list, dict):
        return all(member is Ellipsis or _is_plain(member, around) for member in members)
    if origin in (Union, UnionType):
        compound = [member for member in members if not _is_scalar(member)]  # two of these may be equal to each other
        return len(compound) < 2 and not {int, bool}.issubset(members) and all(_is_plain(member, around) for member in members)
    if not isinstance(annotation, type) or annotation in around:
        return False
    if not issubclass(annotation, tuple) or annotation.__eq__ is not tuple.__eq__ or not hasattr(annotation, "_fields"):
        return False
    try:
        hints = get_type_hints(annotation)
    except (NameError, TypeError):  # a class of a function's body
        return False
    return all(_is_plain(hints.get(field, Any), (*around, annotation)) for field in annotation._fields)


def _is_scalar(annotation: Any) -> bool:
    """Whether values of this type equal none of any other, but for `int` and `bool`."""
    if annotation in _PLAIN or annotation is None or annotation is int or annotation is bool:
        return True
    return isinstance(annotation, type) and issubclass(annotation, Handle)
