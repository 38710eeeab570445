"""Functions: what a function is made of: its code, its defaults, its closure, what it wraps, and every global name that its code reads."""

from __future__ import annotations

import functools
import sys
from types import BuiltinFunctionType, CellType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

from lestockage.engine.fingerprint.bytecode import constant, read_code
from lestockage.engine.fingerprint.origin import module_of, origin
from lestockage.engine.fingerprint.part import Label, Part, Settings, made_of, named
from lestockage.engine.fingerprint.static import imported

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["builtin_part", "function_part", "method_part", "partial_part"]

_BUILTIN, _NOWHERE = "(builtin)", "(nowhere)"


def function_part(function: FunctionType, home: str) -> Part:
    """Return the part of a function of Python."""
    scope = function.__globals__
    module = scope.get("__name__")
    module = module if type(module) is str else ""
    name = f"{module}.{function.__qualname__}"
    if module.partition(".")[0] in sys.modules and origin(module, home) is not None:
        return named(name, module, home, *_brought(function, home))
    code = read_code(function.__code__)
    state = function.__dict__
    things: list[object] = [function.__defaults__, _settings(function.__kwdefaults__)]
    things += map(_cell, function.__closure__ or ())
    things += (value for key, value in sorted(state.items()) if key == "__wrapped__" or constant(value) is not None)
    if code.names:
        builtins: Any = scope.get("__builtins__", {})
        builtins = builtins if type(builtins) is dict else vars(builtins)
        for chain in code.names:
            if chain[0] in scope:
                things.append(_resolved(chain, scope[chain[0]], home))
            else:
                things.append(_BUILTIN if chain[0] in builtins else _NOWHERE)
    package = scope.get("__package__") or module.rpartition(".")[0]
    for statement in code.imports:
        things.extend(imported(statement, str(package), home))
    return made_of(name, f"function {len(function.__closure__ or ())} {len(state)} {len(code.names)}", things, code.content)


def _resolved(chain: tuple[str, ...], thing: object, home: str) -> object:
    """Return what a name and the attributes read from it lead to: through modules as far as they go, then whatever is there."""
    for attribute in chain[1:]:
        if not isinstance(thing, ModuleType):
            return thing
        library = origin(thing.__name__, home)
        if library is not None:
            return Label(f"{thing.__name__}.{attribute} of {library}")
        thing = vars(thing).get(attribute, _NOWHERE)
    return thing


def _cell(cell: CellType) -> object:
    """Return what a closure's cell holds."""
    try:
        return cell.cell_contents
    except ValueError:
        return Label("an empty cell")


def _brought(function: FunctionType, home: str) -> Iterator[object]:
    """Yield what the program gave to a library's function: what it wraps, and what its closure holds besides the library's own state."""
    state = function.__dict__
    if "__wrapped__" in state:
        yield state["__wrapped__"]
    if "registry" in state:  # functools.singledispatch: its closure also holds a cache, and a counter of all abstract classes
        yield state["registry"]
        return
    for cell in function.__closure__ or ():
        thing = _cell(cell)
        cls = type(thing)
        is_code = issubclass(cls, FunctionType | MethodType | type | functools.partial)
        if is_code or constant(thing) is not None or origin(module_of(cls), home) is None:
            yield thing


def _settings(mapping: dict[str, Any] | None) -> object:
    """Return keyword defaults as settings."""
    return None if mapping is None else Settings(mapping)


def builtin_part(function: BuiltinFunctionType, home: str) -> Part:
    """Return the part of a function of C, by name; a method of C is bound to an object, which counts."""
    owner = function.__self__
    if owner is None or isinstance(owner, ModuleType):
        module = function.__module__ or "builtins"
        return named(f"{module}.{function.__qualname__}", module, home)
    return Part(function.__qualname__, f"method {function.__qualname__}".encode(), (owner,))


def method_part(method: MethodType, _home: str) -> Part:
    """Return the part of a bound method."""
    return Part("", b"bound method", (method.__func__, method.__self__))


def partial_part(partial: functools.partial[Any], _home: str) -> Part:
    """Return the part of a `functools.partial`."""
    return made_of("", "partial", (partial.func, partial.args, _settings(partial.keywords)))
