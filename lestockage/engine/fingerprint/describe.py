"""Describe: from any object to its part, by its type."""

# values of any type are what this module is about

from __future__ import annotations

import enum
import functools
import re
import types
import typing
from collections import Counter, OrderedDict, defaultdict, deque
from typing import TYPE_CHECKING, Any

from lestockage.engine.fingerprint.bytecode import constant, read_code
from lestockage.engine.fingerprint.classes import class_part
from lestockage.engine.fingerprint.functions import builtin_part, function_part, method_part, partial_part
from lestockage.engine.fingerprint.instances import annotation_part, instance_part, mapping_part, sequence_part, set_part, settings_part
from lestockage.engine.fingerprint.origin import origin
from lestockage.engine.fingerprint.part import Label, Part, Settings, made_of, named
from lestockage.engine.fingerprint.static import StaticModule, static_module, static_part

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["describe"]


def describe(thing: Any, home: str) -> Part:
    """Return the part of an object, as a walk at `home` sees it."""
    cls = type(thing)
    reader = _READERS.get(cls)
    if reader is not None:
        return reader(thing, home)
    text = constant(thing)
    if text is not None:
        return Part("", f"constant {text}".encode("utf-8", "surrogatepass"))
    if issubclass(cls, type):
        return class_part(thing, home)
    if issubclass(cls, enum.Enum):
        value = thing._value_ if issubclass(cls, enum.Flag) else None  # a combination has no name
        return made_of("", f"member {thing._name_}", (cls, value))  # as above
    if issubclass(cls, types.ModuleType):
        return _module_part(thing, home)
    if typing.get_origin(thing) is not None:
        return annotation_part(thing, home)
    return instance_part(thing, home)


def _module_part(module: types.ModuleType, home: str) -> Part:
    """A module that is handed on as a value: of the program, all of it counts, for nothing says what will be asked of it."""
    static = None if origin(module.__name__, home) is not None else static_module(module.__name__)
    return named(f"module {module.__name__}", module.__name__, home, *(() if static is None else (static,)))


def _pattern_part(pattern: re.Pattern[Any], _home: str) -> Part:
    return Part("", f"pattern {pattern.pattern!r} {pattern.flags}".encode("utf-8", "surrogatepass"))


def _label_part(label: Label, _home: str) -> Part:
    return Part(label.text, f"label {label.text}".encode("utf-8", "surrogatepass"))


def _bytes_part(value: bytearray, _home: str) -> Part:
    return Part("", b"bytearray " + value)


def _code_part(code: types.CodeType, _home: str) -> Part:
    return Part(code.co_name, b"code " + read_code(code).content)


_READERS: dict[type, Callable[[Any, str], Part]] = {
    types.FunctionType: function_part,
    types.BuiltinFunctionType: builtin_part,
    types.MethodType: method_part,
    types.CodeType: _code_part,
    functools.partial: partial_part,
    re.Pattern: _pattern_part,
    Label: _label_part,
    StaticModule: static_part,
    Settings: settings_part,
    bytearray: _bytes_part,
    list: sequence_part,
    deque: sequence_part,
    tuple: sequence_part,
    dict: mapping_part,
    OrderedDict: mapping_part,
    defaultdict: mapping_part,
    Counter: mapping_part,
    types.MappingProxyType: mapping_part,
    set: set_part,
    frozenset: set_part,
}
"""How each type is taken apart. Tuples and frozen sets of constants come out the same wherever they are met."""
