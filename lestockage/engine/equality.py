"""Equality: whether a query could tell two values apart.

Python's `==` calls `1`, `1.0` and `True` equal, and `0.0` and `-0.0`; a query can tell them apart, so they count as changed.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, get_args, get_origin

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
    return loosely_same if _is_plain(annotation) else same


def _is_plain(annotation: Any) -> bool:
    """Whether no two equal values of this type could be told apart."""
    if annotation in _PLAIN or annotation is None or annotation is int or annotation is bool:
        return True
    if get_origin(annotation) in (tuple, frozenset, set, list, dict):
        return all(argument is Ellipsis or _is_plain(argument) for argument in get_args(annotation))
    return False
