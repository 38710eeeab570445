"""Annotations: what the types in a declaration say, resolved in the scope where it stands."""

from __future__ import annotations

import functools
import inspect
import sys
import typing
from types import SimpleNamespace, UnionType
from typing import Annotated, Any, TypeVar, get_args, get_origin

from lestockage.engine.codec import codec_for
from lestockage.errors import ArgumentError, DeclarationError, EncodingError, UnencodableType

if typing.TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class _KeyMarker:
    """Marks a field as part of its handle's identity."""

    def __repr__(self) -> str:
        return "Key"


KEY = _KeyMarker()
Key = Annotated[T, KEY]
"""`path: Key[str]`: the field identifies the handle, and cannot be set later."""


def caller_namespace(depth: int) -> dict[str, Any]:
    """The local names where a declaration stands, so that annotations may name classes of a function's body; 0 is the calling function."""
    frame = sys._getframe(depth + 1)  # the documented way to a caller's names
    return {} if frame.f_locals is frame.f_globals else dict(frame.f_locals)


def resolve(declared: Any, what: str, namespace: dict[str, Any]) -> dict[str, Any]:
    """The annotations of a function, or those of a class's own body, as objects.

    Raises:
        DeclarationError: when one names something that is not defined there.
    """
    scope = None
    if isinstance(declared, type):
        scope = vars(sys.modules[declared.__module__])
        declared = SimpleNamespace(__annotations__=inspect.get_annotations(declared))
    try:
        return typing.get_type_hints(declared, scope, namespace, include_extras=True)
    except (NameError, AttributeError, TypeError, SyntaxError) as error:
        raise DeclarationError(
            f"an annotation of {what} cannot be resolved: {error}. Annotations are evaluated when the declaration is made: "
            "define or import what they name before it."
        ) from error


def split_key(annotation: Any) -> tuple[Any, bool]:
    """The plain type of a field's annotation, and whether it is marked as `Key`."""
    if get_origin(annotation) is Annotated:
        plain, *extras = get_args(annotation)
        if any(isinstance(extra, _KeyMarker) for extra in extras):
            return plain, True
    return annotation, False


def name_of(annotation: Any) -> str:
    """A type as people write it."""
    return annotation.__name__ if isinstance(annotation, type) and not get_args(annotation) else str(annotation).replace("typing.", "")


@functools.lru_cache(maxsize=1024)
def checker(annotation: Any) -> Callable[[Any], str | None]:
    """A function that says what is wrong with a value of this declared type; None: nothing.

    Types that the codec knows are checked all the way down, others by `isinstance` of what they are made of.
    """
    if annotation in (Any, object):
        return lambda _value: None
    if isinstance(annotation, type) and annotation in (str, bytes, int, bool, float, complex, type(None)):
        return lambda value: None if type(value) is annotation else f"expected {annotation.__name__}, got {_got(value)}"
    if hasattr(annotation, "_shape"):
        return _instance_checker(annotation)  # a class of handles
    try:
        codec = codec_for(annotation)
    except UnencodableType:
        return _instance_checker(annotation)

    def check(value: Any) -> str | None:
        try:
            codec.encode(value)
        except EncodingError as error:
            return str(error)
        return None

    return check


def _instance_checker(annotation: Any) -> Callable[[Any], str | None]:
    origin = get_origin(annotation) or annotation
    if isinstance(origin, type) and origin is not UnionType:
        return lambda value: None if isinstance(value, origin) else f"expected {name_of(annotation)}, got {_got(value)}"
    members = [_instance_checker(member) for member in get_args(annotation) if member is not Ellipsis]

    def check(value: Any) -> str | None:
        if not members or any(member(value) is None for member in members):
            return None
        return f"expected {name_of(annotation)}, got {_got(value)}"

    return check


def _got(value: Any) -> str:
    shown = repr(value)
    return f"{type(value).__name__} ({shown if len(shown) <= 60 else shown[:57] + '...'})"


def refuse(what: str, problem: str) -> ArgumentError:
    """The error for a value that does not fit."""
    return ArgumentError(f"{what}: {problem}. Pass a value of the declared type, or change the annotation.")
