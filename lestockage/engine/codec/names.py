"""Names: what only wraps or names a type in an annotation, and the type itself."""

from __future__ import annotations

import types
import typing
from typing import TYPE_CHECKING, Annotated, Any, ForwardRef

from lestockage.engine.codec.node import NoneType
from lestockage.engine.codec.spelling import spelled
from lestockage.errors import UnencodableType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["open_names", "options", "plain"]

_UNWRAPPED = (typing.Required, typing.NotRequired, typing.Final, typing.ClassVar)
_DEEPEST = 1000  # wrappers, or unions within unions: beyond it an alias names itself


def plain(annotation: Any, namespace: Mapping[str, Any], where: str) -> Any:
    """Return an annotation without what only wraps it: names to look up in `namespace`, aliases, `Annotated`, `NewType`."""
    for _ in range(_DEEPEST):
        origin = typing.get_origin(annotation)
        if isinstance(annotation, str | ForwardRef):
            annotation = _looked_up(annotation, namespace, where)
        elif origin is Annotated:
            annotation = annotation.__origin__
        elif origin in _UNWRAPPED:
            annotation = typing.get_args(annotation)[0]
        elif isinstance(annotation, typing.NewType):
            annotation = annotation.__supertype__
        elif type(annotation).__name__ == "TypeAliasType":  # of typing since Python 3.12, of typing_extensions before
            annotation = annotation.__value__
        else:
            return NoneType if annotation is None else annotation
    raise UnencodableType(spelled(annotation), where, "it only ever names itself")


def _looked_up(name: str | ForwardRef, namespace: Mapping[str, Any], where: str) -> Any:
    """Return what a name in an annotation stands for."""
    text = name if isinstance(name, str) else name.__forward_arg__
    module = None if isinstance(name, str) else name.__forward_module__
    try:
        reference = ForwardRef(text)
        scope = dict(namespace if module is None else vars(module))
        return eval(reference.__forward_code__, scope)  # noqa: S307  # an annotation of the program: as much its code as what it annotates
    except Exception as error:
        raise UnencodableType(text, where, f"the name cannot be looked up ({error})") from error


def options(arguments: tuple[Any, ...], namespace: Mapping[str, Any], where: str) -> Iterator[Any]:
    """Yield the members of a union, those of unions inside it in their place, each without its wrapping."""
    pending = list(arguments)[::-1]
    for _ in range(_DEEPEST):
        if not pending:
            return
        option = plain(pending.pop(), namespace, where)
        if typing.get_origin(option) in (typing.Union, types.UnionType):
            pending.extend(typing.get_args(option)[::-1])
        else:
            yield option
    raise UnencodableType(" | ".join(map(spelled, arguments)), where, "it is a union that contains itself")


def open_names(annotation: Any) -> bool:
    """Return whether an annotation holds names that are still to be looked up, and so means something only in its namespace."""
    return isinstance(annotation, str | ForwardRef) or any(map(open_names, typing.get_args(annotation)))
