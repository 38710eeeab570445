"""Instances: what a value is made of: the items of a collection, the state of an object, the parts of a descriptor or of a type in an annotation."""

from __future__ import annotations

import types
import typing
from typing import Any

from lestockage.engine.fingerprint.bytecode import constant
from lestockage.engine.fingerprint.origin import module_of, origin
from lestockage.engine.fingerprint.part import Part, named

__all__ = ["annotation_part", "instance_part", "mapping_part", "sequence_part", "set_part", "settings_part"]

_PRINTED = frozenset({"datetime", "decimal", "fractions", "uuid", "pathlib", "zoneinfo", "_decimal"})
"""Modules of the standard library whose values are told by how they print."""


def sequence_part(values: Any) -> Part:
    """A list, tuple or other sequence: its items in order."""
    return Part("", f"{type(values).__qualname__} {len(values)}".encode(), tuple(values))


def mapping_part(mapping: Any) -> Part:
    """A dictionary or a read-only view of one: keys and values in order."""
    return Part("", f"mapping {len(mapping)}".encode(), tuple(part for item in mapping.items() for part in item))


def settings_part(settings: dict[str, Any]) -> Part:
    """Keyword settings: values in the order of their names."""
    names = sorted(settings)
    return Part("", f"settings {names!r}".encode("utf-8", "surrogatepass"), tuple(settings[name] for name in names))


def set_part(values: Any) -> Part:
    """A set: its items in the order of their texts, and of their qualified names where they have no text."""

    def place(value: Any) -> str:
        return constant(value) or f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', None) or type(value).__qualname__}"

    return Part("", f"set {len(values)}".encode(), tuple(sorted(values, key=place)))


def annotation_part(annotation: Any) -> Part:
    """A type as annotations write it: its origin and arguments."""
    return Part("", b"annotation", (typing.get_origin(annotation), *typing.get_args(annotation)))


def instance_part(value: Any) -> Part:
    """Any other object: its class and its state; for a library's object what it wraps, or how it prints where that is its value."""
    cls = type(value)
    name = f"{module_of(cls)}.{cls.__qualname__}"
    if cls in _INSIDE:
        return Part("", f"{name}".encode(), tuple(getattr(value, attribute, None) for attribute in _INSIDE[cls]))
    state = _state(value)
    if origin(module_of(cls)) is None:
        if isinstance(value, tuple | list | set | frozenset | dict | str | bytes | int | float):
            state["+value"] = _plain(value)
        names = sorted(state)
        return Part(name, f"instance {names!r}".encode("utf-8", "surrogatepass"), (cls, *(state[key] for key in names)))
    if module_of(cls) in _PRINTED:
        return Part("", f"{name} {value!r}".encode("utf-8", "surrogatepass"), ())
    wrapped = [state[key] for key in ("__wrapped__", "func", "function") if key in state]
    return named(name, module_of(cls), *wrapped)


def _plain(value: Any) -> object:
    """Return the built-in value inside an instance of a subclass of a built-in type."""
    for base in (tuple, list, dict, str, bytes, int, float):
        if isinstance(value, base):
            return base(value) if base in (tuple, list, dict) else base.__repr__(value)  # type: ignore[arg-type]
    return frozenset(value)


def _state(value: Any) -> dict[str, Any]:
    """Return an object's attributes, those in slots included, without running any code of its class."""
    try:
        state = dict(object.__getattribute__(value, "__dict__"))
    except AttributeError:
        state = {}
    for base in type(value).__mro__:
        for name, slot in vars(base).items():
            if isinstance(slot, types.MemberDescriptorType) and name not in state and origin(module_of(base)) is None:
                try:
                    state[name] = slot.__get__(value)
                except AttributeError:
                    continue
    return state


_INSIDE: dict[type, tuple[str, ...]] = {
    property: ("fget", "fset", "fdel"),
    classmethod: ("__func__",),
    staticmethod: ("__func__",),
    types.MemberDescriptorType: ("__name__",),
    types.GetSetDescriptorType: ("__name__",),
    slice: ("start", "stop", "step"),
    typing.TypeVar: ("__name__", "__bound__", "__constraints__"),
}
"""Types of Python itself and the attributes that say what a value of them does."""
