"""Functions: what a function is made of: its code, its defaults, its closure, what it wraps, and every global name that its code reads."""

from __future__ import annotations

import functools
import sys
from collections import Counter, OrderedDict, defaultdict, deque
from types import BuiltinFunctionType, CellType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

from lestockage.engine.fingerprint.bytecode import constant, read_code
from lestockage.engine.fingerprint.origin import module_of
from lestockage.engine.fingerprint.part import Label, Part, Settings
from lestockage.engine.fingerprint.static import imported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.engine.fingerprint.view import View

__all__ = ["builtin_part", "function_part", "method_part", "partial_part"]

_BUILTIN, _NOWHERE, _STATE = "(builtin)", "(nowhere)", "(state)"
_CONTAINERS = frozenset({list, dict, set, bytearray, deque, defaultdict, OrderedDict, Counter})
"""What a function that fills it keeps its own state in: a cache is no part of the code, whatever is in it at the moment."""


def function_part(function: FunctionType, view: View) -> Part:
    """Return the part of a function of Python; a library's counts by name, with what the program gave it."""
    scope = function.__globals__
    module = scope.get("__name__")
    module = module if type(module) is str else ""
    name = f"{module}.{function.__qualname__}"
    library = view.library(module) if module.partition(".")[0] in sys.modules else None
    if library is not None:
        return view.made_of(f"{name} ({library})", f"named {name} of {library}", _given(function, view))
    code = read_code(function.__code__)
    state = function.__dict__
    cells = function.__closure__ or ()
    things: list[object] = [function.__defaults__, _settings(function.__kwdefaults__), *map(_cell, cells)]
    if state:
        things += (value for key, value in sorted(state.items()) if key == "__wrapped__" or constant(value) is not None)
    if code.names:
        builtins: Any = scope.get("__builtins__", {})
        builtins = builtins if type(builtins) is dict else vars(builtins)
        for chain in code.names:
            if chain[0] not in scope:
                things.append(_BUILTIN if chain[0] in builtins else _NOWHERE)
            elif chain[0] in code.filled and type(scope[chain[0]]) in _CONTAINERS:
                things.append(_STATE)
            else:
                things.append(scope[chain[0]] if len(chain) == 1 else _resolved(chain, scope[chain[0]], view))
    if code.imports:
        package = scope.get("__package__") or module.rpartition(".")[0]
        for statement in code.imports:
            things.extend(imported(statement, str(package), view))
    return view.made_of(name, f"function {len(cells)} {len(state)} {len(code.names)}", things, code.content)


def _resolved(chain: tuple[str, ...], thing: object, view: View) -> object:
    """Return what a name and the attributes read from it lead to: through modules as far as they go, then whatever is there."""
    for attribute in chain[1:]:
        if not issubclass(type(thing), ModuleType):  # not isinstance: that would ask an object of the program for its `__class__`
            return thing
        space = vars(thing)
        library = view.library(space["__name__"])
        if attribute not in space and library is not None:
            return Label(f"{space['__name__']}.{attribute} of {library}")
        thing = space.get(attribute, _NOWHERE)
    return thing


def _cell(cell: CellType) -> object:
    """Return what a closure's cell holds."""
    try:
        return cell.cell_contents
    except ValueError:
        return Label("an empty cell")


def _given(function: FunctionType, view: View) -> Iterator[object]:
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
        if is_code or constant(thing) is not None or view.library(module_of(cls)) is None:
            yield thing


def _settings(mapping: dict[str, Any] | None) -> object:
    """Return keyword defaults as settings."""
    return None if mapping is None else Settings(mapping)


def builtin_part(function: BuiltinFunctionType, view: View) -> Part:
    """Return the part of a function of C that is bound to an object, or that the program made itself."""
    owner = function.__self__
    things = () if owner is None or isinstance(owner, ModuleType) else (owner,)
    return view.made_of(function.__qualname__, f"method {function.__qualname__}", things)


def method_part(method: MethodType, view: View) -> Part:
    """Return the part of a bound method."""
    return view.made_of("", "bound method", (method.__func__, method.__self__))


def partial_part(partial: functools.partial[Any], view: View) -> Part:
    """Return the part of a `functools.partial`."""
    return view.made_of("", "partial", (partial.func, partial.args, _settings(partial.keywords)))
