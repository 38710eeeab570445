"""Instances: what a value is made of: the items of a collection, the state of an object, the parts of a descriptor or of an annotation."""

from __future__ import annotations

import types
import typing
from typing import TYPE_CHECKING, Any

from lestockage.engine.fingerprint.origin import module_of
from lestockage.engine.fingerprint.part import Label, Part, Settings

if TYPE_CHECKING:
    from lestockage.engine.fingerprint.view import View

__all__ = ["annotation_part", "instance_part", "mapping_part", "sequence_part", "set_part", "settings_part"]

_PRINTED = frozenset({"datetime", "decimal", "fractions", "uuid", "pathlib", "zoneinfo"})
"""Modules of the standard library whose values are told by how they print."""

_BUILT_IN = (tuple, list, dict, set, frozenset, str, bytes, int, float)

_INSIDE: dict[type, tuple[str, ...]] = {
    property: ("fget", "fset", "fdel"),
    classmethod: ("__func__",),
    staticmethod: ("__func__",),
    slice: ("start", "stop", "step"),
    typing.TypeVar: ("__name__", "__bound__", "__constraints__"),
    types.MemberDescriptorType: ("__name__",),
    types.GetSetDescriptorType: ("__qualname__",),
    types.WrapperDescriptorType: ("__qualname__",),
    types.MethodDescriptorType: ("__qualname__",),
    types.ClassMethodDescriptorType: ("__qualname__",),
    types.MethodWrapperType: ("__qualname__", "__self__"),
}
"""Types of Python itself and the attributes that say what a value of them does."""

_WRAPPING = ("__wrapped__", "__supertype__", "func", "args", "keywords", "dispatcher", "factory")
"""Attributes under which an object of a library keeps what the program gave it: caches, new types, cached properties, partial methods."""


def sequence_part(values: Any, view: View) -> Part:
    """Return the part of a list, tuple or other sequence: its items in order."""
    return view.made_of("", type(values).__qualname__, values)


def mapping_part(mapping: Any, view: View) -> Part:
    """Return the part of a dictionary or a read-only view of one: keys and values in order."""
    factory = getattr(mapping, "default_factory", None)
    return view.made_of("", type(mapping).__qualname__, (factory, *(part for item in mapping.items() for part in item)))


def settings_part(settings: Settings, view: View) -> Part:
    """Return the part of keyword settings: values in the order of their names."""
    names = sorted(settings)
    return view.made_of("", f"settings {names}", (settings[name] for name in names))


def set_part(values: Any, view: View) -> Part:
    """Return the part of a set, in no order (what has a part of its own goes by name, which matters to the numbers in a circle only)."""
    leaves = [(value, view.leaf(value)) for value in values]
    texts = sorted(leaf[1] for _, leaf in leaves if leaf is not None)
    names = sorted(leaf[0] for _, leaf in leaves if leaf is not None and leaf[0])
    rest = sorted((value for value, leaf in leaves if leaf is None), key=_name)
    return Part(tuple(names), f"set {texts}".encode("utf-8", "surrogatepass"), tuple(rest), is_ordered=False)


def _name(value: Any) -> str:
    """Return the qualified name of a function or class, and of the class of anything else."""
    cls = type(value)
    found = value if cls is types.FunctionType or issubclass(cls, type) else cls
    return f"{found.__module__}.{found.__qualname__}"


def annotation_part(annotation: Any, view: View) -> Part:
    """Return the part of a type as annotations write it: its origin and arguments."""
    return view.made_of("", "annotation", (typing.get_origin(annotation), *typing.get_args(annotation)))


def instance_part(value: Any, view: View) -> Part:
    """Return the part of any other object: its class and its state; of a library's object, only what the program gave it to wrap."""
    cls = type(value)
    module = module_of(cls)
    name = f"{module}.{cls.__qualname__}"
    if "__vectorcalloffset__" in vars(cls):  # a function of an extension in C, of a type that its compiler made
        return view.made_of("", "function", (Label(f"{value.__module__}.{value.__qualname__} of {view.library(str(value.__module__))}"),))
    inside = next((_INSIDE[base] for base in _INSIDE if issubclass(cls, base)), None)
    state = _state(value, view)
    if inside is not None:
        return view.made_of("", name, (cls, *(getattr(value, attribute, None) for attribute in inside)))
    if view.library(module) is None or cls is types.SimpleNamespace:
        if issubclass(cls, _BUILT_IN):
            state["+value"] = _plain(value)
        names = sorted(state)
        return view.made_of(name, f"instance {names}", (cls, *(state[key] for key in names)))
    if module.partition(".")[0] in _PRINTED:
        return Part((), f"{name} {value!r}".encode("utf-8", "surrogatepass"))
    if module.partition(".")[0] in ("numpy", "array"):
        return Part((name,), f"{name} {getattr(value, 'dtype', '')} {getattr(value, 'shape', '')} ".encode() + _buffer(value))
    given = [key for key in _WRAPPING if key in state]
    return view.made_of("", f"library's {given}", (cls, *(state[key] for key in given)))


def _plain(value: Any) -> object:
    """Return the built-in value inside an instance of a subclass of a built-in type, without calling what the subclass overrides."""
    base: Any = next(base for base in _BUILT_IN if issubclass(type(value), base))
    if base is dict:
        return dict(dict.items(value))
    return base(base.__iter__(value)) if base in (tuple, list, set, frozenset) else base.__repr__(value)


def _buffer(value: Any) -> bytes:
    """Return the bytes behind an array; nothing for an object that shows none."""
    try:
        return memoryview(value).tobytes()
    except (TypeError, ValueError, BufferError):
        return b""


def _state(value: Any, view: View) -> dict[str, Any]:
    """Return an object's attributes, those in slots included, without running any code of its class."""
    try:
        state = dict(object.__getattribute__(value, "__dict__"))
    except (AttributeError, TypeError):
        state = {}
    for base in type(value).__mro__:
        if view.library(module_of(base)) is not None:
            continue
        for name, slot in vars(base).items():
            if type(slot) is types.MemberDescriptorType and name not in state and not name.startswith("__"):
                try:
                    state[name] = slot.__get__(value)
                except AttributeError:
                    continue
    return state
