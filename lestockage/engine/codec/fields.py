"""Fields: what a class that is a record is made of (named tuples, dataclasses, typed dictionaries, pydantic models)."""

from __future__ import annotations

import sys
import typing
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any

from lestockage.engine.codec.records import Dataclass, Row, TypedDictionary
from lestockage.engine.codec.spelling import spelled
from lestockage.errors import UnencodableType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lestockage.engine.codec.records import Record

__all__ = ["Hints", "hints_of", "reason", "record"]

Hints = dict[str, Any]


def hints_of(cls: type) -> Hints:
    """Return the annotations of a class with their names looked up, `Annotated` and `Required` kept.

    Raises UnencodableType when a name cannot be looked up: a class that a function makes, or an import only type checkers see.
    """
    try:
        return typing.get_type_hints(cls, localns={cls.__name__: cls}, include_extras=True)
    except Exception as error:
        name = spelled(cls)
        raise UnencodableType(name, f"the annotations of {name}", f"a name in them cannot be looked up ({error})") from error


def variables(cls: type, arguments: tuple[Any, ...]) -> dict[Any, Any]:
    """Return what each type variable of a class and its generic bases stands for."""
    found: dict[Any, Any] = dict(zip(getattr(cls, "__parameters__", ()), arguments, strict=False))
    for base in cls.__dict__.get("__orig_bases__", cls.__bases__):
        origin = typing.get_origin(base) or base
        if isinstance(origin, type) and origin is not object and origin is not typing.Generic:
            inner = tuple(substituted(argument, found) for argument in typing.get_args(base))
            found |= {name: value for name, value in variables(origin, inner).items() if name not in found}
    return found


def substituted(hint: Any, known: Mapping[Any, Any]) -> Any:
    """Return a hint with the type variables that are known replaced."""
    if isinstance(hint, typing.TypeVar):
        return known.get(hint, hint)
    parameters = getattr(hint, "__parameters__", ())
    if not parameters or isinstance(hint, type):
        return hint
    return hint[tuple(known.get(parameter, parameter) for parameter in parameters)]


def record(cls: type, arguments: tuple[Any, ...]) -> tuple[Record, Hints, Mapping[str, Any]] | None:
    """Return an unfilled node for a record class, its fields' hints, and where their names are looked up; None when it is no record."""
    name = spelled(cls) if not arguments else f"{spelled(cls)}[{', '.join(map(spelled, arguments))}]"
    namespace = getattr(sys.modules.get(cls.__module__), "__dict__", {})
    pydantic = sys.modules.get("pydantic.main")
    if pydantic is not None and issubclass(cls, pydantic.BaseModel):
        from lestockage.engine.codec.models import model  # noqa: PLC0415  # for programs that use pydantic

        found: tuple[Record, Hints] = model(name, cls)
    elif issubclass(cls, tuple) and hasattr(cls, "_fields"):
        hints = hints_of(cls)
        found = Row(name, cls, cls._fields), {field: hints.get(field, Any) for field in cls._fields}
    elif issubclass(cls, dict) and hasattr(cls, "__required_keys__"):
        found = _typed_dictionary(name, cls)
    elif hasattr(cls, "__dataclass_fields__"):
        found = _dataclass(name, cls)
    else:
        return None
    node, hints = found
    known = variables(cls, arguments)
    return node, {field: substituted(hint, known) for field, hint in hints.items()}, namespace


def static(cls: type, name: str) -> Any:
    """Return an attribute of a class as it was written, without asking descriptors for it; None when there is none."""
    return next((vars(base)[name] for base in cls.__mro__ if name in vars(base)), None)


def _dataclass(name: str, cls: type) -> tuple[Record, Hints]:
    """Return the node and hints of a dataclass that can be made without calling any of its code."""
    import dataclasses  # noqa: PLC0415  # loaded already, by whoever made one; slow to import otherwise

    names = [field.name for field in dataclasses.fields(cls)]
    where = f"the dataclass {name}"
    try:
        object.__new__(cls)
    except TypeError as error:
        raise UnencodableType(name, where, f"it cannot be made empty ({error})") from None
    slots = {slot for base in cls.__mro__ for slot, made in vars(base).items() if isinstance(made, MemberDescriptorType)}
    for field in names:
        kept = static(cls, field)
        if not isinstance(kept, MemberDescriptorType) and hasattr(type(kept), "__set__"):
            raise UnencodableType(name, where, f"its field {field!r} is a descriptor, so reading it runs code")
    if strays := sorted(slots - set(names)):
        raise UnencodableType(name, where, f"its slot {strays[0]!r} is no field, and would be lost")
    hints = hints_of(cls)
    frozen = bool(static(cls, "__dataclass_params__").frozen)
    return Dataclass(name, cls, frozen, names, set(names) - slots), {field: hints[field] for field in names}


def _typed_dictionary(name: str, cls: type) -> tuple[Record, Hints]:
    """Return the node and hints of a typed dictionary; `Required` inside string annotations counts, which Python 3.11 itself overlooks."""
    hints = hints_of(cls)
    required = set(vars(cls)["__required_keys__"])
    for key, hint in hints.items():
        origin: Any = typing.get_origin(hint)
        while origin is typing.Annotated:
            hint = hint.__origin__  # noqa: PLW2901  # unwrapping
            origin = typing.get_origin(hint)
        if origin is typing.Required:
            required.add(key)
        elif origin is typing.NotRequired:
            required.discard(key)
    return TypedDictionary(name, required), hints


def reason(cls: type) -> str:
    """Return why a class that is no record cannot be stored."""
    base = next((base for base in cls.__mro__[1:] if base.__module__ == "builtins" and base is not object), None)
    if base is not None:
        return f"it is a subclass of {base.__name__}, which would come back as {base.__name__} or not at all"
    return "nothing says what its values are made of"
