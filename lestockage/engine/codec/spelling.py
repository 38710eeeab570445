"""Spelling: the one name of a type, in messages and as the tag of a union's member, whatever the order in which it was written."""

from __future__ import annotations

import enum
import types
import typing
from typing import Any, ForwardRef

__all__ = ["spelled"]


def spelled(annotation: Any) -> str:
    """Return how an annotation is called: classes by their qualified names, members of unions and literals sorted."""
    if annotation is None or annotation is type(None):
        return "None"
    if annotation is Any or annotation is object:
        return "Any"
    if annotation is Ellipsis:
        return "..."
    if isinstance(annotation, ForwardRef | str):
        return annotation if isinstance(annotation, str) else annotation.__forward_arg__
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Union or origin is types.UnionType:
        return " | ".join(sorted(spelled(argument) for argument in arguments))
    if origin is typing.Literal:
        return f"Literal[{', '.join(sorted(map(_literal, arguments)))}]"
    if origin is typing.Annotated:
        return spelled(annotation.__origin__)
    if origin is not None:
        inside = ", ".join(spelled(argument) for argument in arguments) or "()"
        return f"{spelled(origin)}[{inside}]"
    if isinstance(annotation, list):
        return f"[{', '.join(spelled(argument) for argument in annotation)}]"
    name = getattr(annotation, "__qualname__", None) or getattr(annotation, "__name__", None)
    return str(name or annotation)


def _literal(value: Any) -> str:
    """Return how a value in a literal is written: members of enums by name, whatever their values look like."""
    return f"{type(value).__qualname__}.{value.name}" if isinstance(value, enum.Enum) else repr(value)
