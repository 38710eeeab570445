"""Describe: from any object to its part, by its type."""

from __future__ import annotations

import enum
import functools
import re
import types
import typing
from collections import Counter, OrderedDict, defaultdict, deque
from typing import TYPE_CHECKING, Any

from lestockage.engine.fingerprint.bytecode import read_code
from lestockage.engine.fingerprint.classes import class_part
from lestockage.engine.fingerprint.functions import builtin_part, function_part, method_part, partial_part
from lestockage.engine.fingerprint.instances import annotation_part, instance_part, mapping_part, sequence_part, set_part, settings_part
from lestockage.engine.fingerprint.origin import module_of
from lestockage.engine.fingerprint.part import Part, Settings
from lestockage.engine.fingerprint.static import StaticModule, static_module, static_part

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.engine.fingerprint.view import View

__all__ = ["describe"]


def describe(thing: Any, view: View) -> Part:
    """Return the part of an object, as a walk at `home` sees it."""
    cls = type(thing)
    reader = _READERS.get(cls)
    if reader is not None:
        return reader(thing, view)
    if issubclass(cls, type):
        return class_part(thing, view)
    if issubclass(cls, enum.Enum):
        value = thing._value_ if issubclass(cls, enum.Flag) else None  # a combination has no name
        return view.made_of("", f"member {thing._name_}", (cls, value))  # as above
    if issubclass(cls, types.ModuleType):
        return _module_part(thing, view)
    if module_of(cls) in _ANNOTATIONS and typing.get_origin(thing) is not None:
        return annotation_part(thing, view)
    return instance_part(thing, view)


def _module_part(module: types.ModuleType, view: View) -> Part:
    """A module of the program that is handed on as a value: all of it counts, for nothing says what will be asked of it."""
    static = static_module(module.__name__)
    return view.made_of(f"module {module.__name__}", "module", (module.__name__, *(() if static is None else (static,))))


def _pattern_part(pattern: re.Pattern[Any], view: View) -> Part:
    return view.made_of("", "pattern", (pattern.pattern, pattern.flags))


def _bytes_part(value: bytearray, _view: View) -> Part:
    return Part((), b"bytearray " + value)


def _code_part(code: types.CodeType, _view: View) -> Part:
    return Part((code.co_name,), b"code " + read_code(code).content)


_ANNOTATIONS = frozenset({"typing", "types", "typing_extensions", "collections.abc", "_collections_abc", "builtins"})
"""Modules whose classes stand for types in annotations."""

_READERS: dict[type, Callable[[Any, View], Part]] = {
    types.FunctionType: function_part,
    types.BuiltinFunctionType: builtin_part,
    types.MethodType: method_part,
    types.CodeType: _code_part,
    functools.partial: partial_part,
    re.Pattern: _pattern_part,
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
