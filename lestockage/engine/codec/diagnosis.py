"""Diagnosis: where inside a value the declared type was left, found only after a fast check has refused the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.engine.codec.node import Refusal, TooDeep, shown
from lestockage.engine.codec.source import compiled
from lestockage.engine.codec.wire import MAX_DEPTH
from lestockage.errors import EncodingError

if TYPE_CHECKING:
    from lestockage.engine.codec.node import Node

__all__ = ["fits", "refusal"]


def fits(node: Node, value: Any) -> bool:
    """Return whether the whole value is of the node's type."""
    try:
        if node.native:
            return bool(compiled(node, "check")(value))
        compiled(node, "wire")(value)
    except (Refusal, TypeError, ValueError, AttributeError, KeyError):
        return False
    return True


def refusal(node: Node, value: Any, cause: BaseException | None = None) -> EncodingError:
    """Return the error for a value that was refused: the first place, in the value's own order, that is not of its declared type.

    A value that nests too deep, or contains itself, is not searched.
    """
    path = "value"
    last = cause
    try:
        for _ in range(0 if _is_depth(cause) else MAX_DEPTH):
            if not node.accepts(value):
                return EncodingError(path, node.spelled, _described(value, node))
            found = next(((step, child, part) for step, child, part in node.parts(value) if not fits(child, part)), None)
            if found is None:
                break
            step, node, value = found
            path += step
    except (Refusal, RecursionError) as error:
        last = error
    reason = "" if last is None else str(last)
    if isinstance(last, RecursionError) or "recursion limit" in reason:
        reason = "it nests deeper than msgpack (511 to 1,024 levels) or this thread's recursion limit allows"
    return EncodingError(path, node.spelled, reason or _described(value, node))


def _is_depth(cause: BaseException | None) -> bool:
    """Return whether a value was refused for its depth: by this package, by msgpack, or by Python."""
    return isinstance(cause, TooDeep | RecursionError) or "recursion limit" in str(cause)


def _described(value: Any, node: Node) -> str:
    """Return what was found, in the words of the declared type where the type alone would not show the difference."""
    cls = type(value)
    name = cls.__qualname__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__qualname__}"
    if node.classes is not None and cls in node.classes:
        return f"{name} {shown(value)}"
    if cls is int and float in (node.exact or ()):
        return "int (write it as a float: 1.0, or float(n))"
    if cls is bool and int in (node.exact or ()):
        return "bool (True and 1 are different values)"
    return name
