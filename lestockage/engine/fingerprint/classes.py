"""Classes: what a class is made of: its metaclass, bases, attributes and annotations."""

from __future__ import annotations

import re
import sys
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, ForwardRef

from lestockage.engine.fingerprint.origin import module_of
from lestockage.engine.fingerprint.part import Part, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lestockage.engine.fingerprint.view import View

__all__ = ["class_part"]

_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")

_SKIPPED = frozenset(
    {
        *("__doc__", "__module__", "__qualname__", "__firstlineno__", "__static_attributes__", "__dict__", "__weakref__"),
        "__slotnames__",  # which `copyreg` leaves on a class when an object of it is pickled
        *("__annotations__", "__annotations_cache__", "__match_args__", "__abstractmethods__", "_abc_impl", "__parameters__"),
        *("__orig_bases__", "__dataclass_fields__", "__dataclass_params__", "model_config", "model_fields", "model_computed_fields"),
        *("_member_names_", "_member_map_", "_value2member_map_", "_unhashable_values_", "_member_type_", "_value_repr_", "_new_member_"),
    }
)
"""Attributes of classes that only document, that follow from others, or that fill while the program runs."""

_FIELD = ("init", "repr", "hash", "compare", "kw_only", "default", "default_factory", "metadata")


def class_part(cls: type, view: View) -> Part:
    """Return the part of a class of the program."""
    space = dict(vars(cls))
    bases = space.get("__orig_bases__", cls.__bases__)
    names: list[str] = [cls.__qualname__, f"{len(bases)} bases"]
    things: list[object] = [type(cls), *bases]
    _forget_generated(space)
    for key, thing in (*_members(cls, space), *_dataclass(space), *_model(space), *_annotations(cls, space), *_attributes(space)):
        names.append(key)
        things.append(thing)
    return view.made_of(f"{module_of(cls)}.{cls.__qualname__}", f"class {names}", things)


def _attributes(space: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """Yield the attributes in the order of their names, the functions out of their usual wrappings."""
    for key in sorted(space):
        if key in _SKIPPED or key.startswith("__pydantic_"):
            continue
        thing = space[key]
        kind = type(thing)
        if kind is staticmethod or kind is classmethod:
            yield f"{kind.__name__} {key}", thing.__func__
        elif kind is property:
            yield from ((f"{accessor} {key}", getattr(thing, accessor)) for accessor in ("fget", "fset", "fdel"))
        else:
            yield key, thing


def _forget_generated(space: dict[str, Any]) -> None:
    """Take out what `NamedTuple` adds to every class; it follows from the fields."""
    if type(space.get("_fields")) is not tuple:
        return
    for key, thing in list(space.items()):
        function = getattr(thing, "__func__", thing)
        module = function.__globals__.get("__name__", "") if type(function) is FunctionType else ""
        if type(thing).__name__ == "_tuplegetter" or module == "collections" or str(module).startswith("namedtuple_"):
            del space[key]


def _members(cls: type, space: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """Yield the members of an enum, in order, and take them out of the other attributes: each refers back to the class."""
    members = space.get("_member_map_")
    if type(members) is not dict:
        return
    for name, member in members.items():
        if space.get(name) is member or type(space.get(name)).__module__ in ("enum", "types"):  # 3.11 keeps some behind a property
            del space[name]
        yield f"member {name}", member.__dict__.get("_value_") if type(member) is cls else member


def _dataclass(space: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """Yield the settings of a dataclass and its fields, and take out the methods that were generated from them."""
    fields = space.get("__dataclass_fields__")
    if type(fields) is not dict:
        return
    yield "dataclass", repr(space.get("__dataclass_params__"))
    for name, field in fields.items():
        yield f"field {name}", Settings({key: getattr(field, key, None) for key in _FIELD})
    for name, made in list(space.items()):
        function = getattr(made, "__wrapped__", made) if type(made) is FunctionType else None
        if type(function) is FunctionType and function.__code__.co_filename == "<string>":
            del space[name]


def _model(space: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """Yield the fields and settings of a pydantic model; its validators are attributes like others."""
    fields = space.get("__pydantic_fields__")
    if type(fields) is not dict:
        return
    yield "settings", Settings(space.get("model_config", {}))
    for name, info in fields.items():
        yield f"field {name}", Settings(getattr(info, "_attributes_set", {}))
        for limit in getattr(info, "metadata", ()):  # a library's objects, but the program filled them
            held = getattr(type(limit), "__dataclass_fields__", ())
            yield f"limit {type(limit).__qualname__}", Settings({key: getattr(limit, key, None) for key in held}) if held else limit


def _annotations(cls: type, space: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """Yield the annotations in order, each with what the names in it stand for; a name that only type checkers see counts as text."""
    notes = space.get("__annotations__")
    scope = getattr(sys.modules.get(module_of(cls)), "__dict__", {})
    for name, note in notes.items() if type(notes) is dict else ():
        note = note.__forward_arg__ if type(note) is ForwardRef else note  # noqa: PLW2901  # the same note, as it was written
        if type(note) is str:
            yield f"{name}: {note}", tuple(_mentioned(note, scope))
        else:
            yield f"{name}:", note


def _mentioned(note: str, scope: Mapping[str, Any]) -> Iterator[object]:
    """Yield what the dotted names in an annotation lead to."""
    for name in _NAME.findall(note):
        first, *rest = name.split(".")
        if first not in scope:
            continue
        thing = scope[first]
        for attribute in rest:
            if not isinstance(thing, ModuleType) or attribute not in vars(thing):
                break
            thing = vars(thing)[attribute]
        yield thing
