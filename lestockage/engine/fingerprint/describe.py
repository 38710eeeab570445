"""Describe: from any object to its part, by its type."""

from __future__ import annotations

import enum
import functools
import re
import types
import typing
from collections import OrderedDict, defaultdict, deque
from typing import TYPE_CHECKING, Any

from lestockage.engine.fingerprint.bytecode import constant, read_code
from lestockage.engine.fingerprint.classes import class_part
from lestockage.engine.fingerprint.functions import builtin_part, function_part, method_part, partial_part
from lestockage.engine.fingerprint.instances import annotation_part, instance_part, mapping_part, sequence_part, set_part, settings_part
from lestockage.engine.fingerprint.part import Label, Part, Settings, named
from lestockage.engine.fingerprint.static import StaticModule

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["describe", "forget"]

_parts: dict[int, tuple[object, Part]] = {}
"""Functions and classes that were taken apart, by identity, kept alive so that no other object takes their place."""


def forget() -> None:
    """Drop what is remembered of functions, classes and modules, after code was changed in place (a reload, a notebook cell)."""
    _parts.clear()
    StaticModule.known.clear()


def describe(thing: object) -> Part:
    """Return the part of an object. Functions and classes are taken apart once per process."""
    known = _parts.get(id(thing))
    if known is not None:
        return known[1]
    part = _part(thing)
    if isinstance(thing, types.FunctionType | type | StaticModule):
        _parts[id(thing)] = (thing, part)
    return part


def _part(thing: Any) -> Part:
    text = constant(thing)
    if text is not None:
        return Part("", f"constant {text}".encode("utf-8", "surrogatepass"), ())
    reader = _READERS.get(type(thing))
    if reader is not None:
        return reader(thing)
    if isinstance(thing, type):
        return class_part(thing)
    if isinstance(thing, enum.Enum):
        return Part("", f"member {thing._name_} {thing._value_ if isinstance(thing, enum.Flag) else ''}".encode(), (type(thing),))
    if isinstance(thing, types.ModuleType):
        return named(f"module {thing.__name__}", thing.__name__)
    if typing.get_origin(thing) is not None:
        return annotation_part(thing)
    return instance_part(thing)


def _pattern(pattern: re.Pattern[Any]) -> Part:
    return Part("", f"pattern {pattern.pattern!r} {pattern.flags}".encode("utf-8", "surrogatepass"), ())


def _label(label: Label) -> Part:
    return Part(label.text, f"label {label.text}".encode("utf-8", "surrogatepass"), ())


def _module(module: StaticModule) -> Part:
    content, found = module.content()
    children = tuple(Label(item) if isinstance(item, str) else item for item in found)
    return Part(f"module {module.name}", f"module {module.name} ".encode() + content, children)


def _bytes(value: Any) -> Part:
    return Part("", b"bytearray " + bytes(value), ())


def _code(code: types.CodeType) -> Part:
    return Part(code.co_qualname, b"code " + read_code(code).content, ())


_READERS: dict[type, Callable[[Any], Part]] = {
    types.FunctionType: function_part,
    types.BuiltinFunctionType: builtin_part,
    types.MethodType: method_part,
    types.CodeType: _code,
    functools.partial: partial_part,
    re.Pattern: _pattern,
    Label: _label,
    StaticModule: _module,
    Settings: settings_part,
    bytearray: _bytes,
    list: sequence_part,
    tuple: sequence_part,
    deque: sequence_part,
    dict: mapping_part,
    OrderedDict: mapping_part,
    defaultdict: mapping_part,
    types.MappingProxyType: mapping_part,
    set: set_part,
    frozenset: set_part,
}
