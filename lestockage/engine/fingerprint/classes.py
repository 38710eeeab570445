"""Classes: what a class is made of: its metaclass, bases, attributes and annotations."""

from __future__ import annotations

import re
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from lestockage.engine.fingerprint.origin import module_of, origin
from lestockage.engine.fingerprint.part import Part, Settings, named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["class_part"]

_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")

_SKIPPED = frozenset(
    {
        *(
            "__doc__",
            "__module__",
            "__dict__",
            "__weakref__",
            "__qualname__",
            "__firstlineno__",
            "__static_attributes__",
            "__annotations__",
        ),
        *("__match_args__", "__abstractmethods__", "_abc_impl", "__dataclass_fields__", "__parameters__", "__orig_bases__", "__annotate__"),
        *("__annotate_func__", "__annotations_cache__", "__classcell__"),
        *("_member_names_", "_member_map_", "_value2member_map_", "_unhashable_values_", "_member_type_", "_value_repr_", "_new_member_"),
    }
)
"""Attributes of classes that only document, that follow from others, or that fill while the program runs."""


def class_part(cls: type) -> Part:
    """A class: its metaclass, bases and attributes, in the order of the attributes' names; a library's by name."""
    name = f"{module_of(cls)}.{cls.__qualname__}"
    if origin(module_of(cls)) is not None:
        return named(name, module_of(cls))
    scope = getattr(sys.modules.get(module_of(cls)), "__dict__", {})
    space = vars(cls)
    children: list[object] = [type(cls), *cls.__bases__, *space.get("__orig_bases__", ())]
    names: list[str] = []
    members = space.get("_member_map_")
    if isinstance(members, dict):
        for member, value in members.items():
            names.append(f"member {member}")
            children.append(value._value_ if isinstance(value, cls) else None)
        space = {attribute: value for attribute, value in space.items() if attribute not in members}  # type: ignore[assignment]
    fields = space.get("__pydantic_fields__")
    if isinstance(fields, dict):
        for field, info in fields.items():
            names.append(f"field {field}")
            children.append(Settings(getattr(info, "_attributes_set", {})))
        children.append(Settings(space.get("model_config", {})))
    for attribute in sorted(space):
        if attribute in _SKIPPED or attribute.startswith("__pydantic_") or attribute == "model_config" or attribute == "model_fields":
            continue
        names.append(attribute)
        children.append(space[attribute])
    notes = space.get("__annotations__")
    notes = notes if isinstance(notes, dict) else {}
    for field in notes:
        note = notes[field]
        names.append(f"{field}: {note}" if isinstance(note, str) else field)
        children.append(_mentioned(note, scope) if isinstance(note, str) else note)
    size = len(cls.__bases__)
    return Part(name, f"class {size} {names!r}".encode("utf-8", "surrogatepass"), tuple(children))


def _mentioned(note: str, scope: Mapping[str, Any]) -> tuple[object, ...]:
    """Return what the names in a string annotation stand for; those that are nowhere (only type checkers see them) count by the text alone."""
    return tuple(_found(note, scope))


def _found(note: str, scope: Mapping[str, Any]) -> Iterator[object]:
    """Yield the objects that the dotted names in `note` lead to."""
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
