"""Functions: what a function is made of: its code, its defaults, its closure, what it wraps, and every global name that its code reads."""

from __future__ import annotations

from types import BuiltinFunctionType, CellType, FunctionType, MethodType, ModuleType
from typing import Any

from lestockage.engine.fingerprint.bytecode import constant, read_code
from lestockage.engine.fingerprint.origin import origin
from lestockage.engine.fingerprint.part import Label, Part, Settings, named
from lestockage.engine.fingerprint.static import imported

__all__ = ["builtin_part", "function_part", "method_part", "partial_part"]


def function_part(function: FunctionType) -> Part:
    """A function of Python: its code, defaults, closure, what it wraps, and every global name that its code reads."""
    module = str(function.__globals__.get("__name__", ""))
    name = f"{module}.{function.__qualname__}"
    wrapped = function.__dict__.get("__wrapped__")
    behind = () if wrapped is None else (wrapped,)
    cells = tuple(_cell(cell) for cell in function.__closure__ or ())
    if origin(module) is not None:
        kept = [function.__dict__["registry"]] if "registry" in function.__dict__ else [cell for cell in cells if _travels(cell)]
        return named(name, module, *kept, *behind)
    code = read_code(function.__code__)
    children: list[object] = [function.__defaults__, _settings(function.__kwdefaults__), *cells, *behind]
    marks: list[str] = []
    scope = function.__globals__
    builtins = scope.get("__builtins__", {})
    builtins = builtins if isinstance(builtins, dict) else vars(builtins)
    for chain in code.names:
        if chain[0] in scope:
            mark, child = _resolved(chain, scope[chain[0]])
        elif chain[0] in builtins:
            mark, child = "builtin", None
        else:
            mark, child = "nowhere", None
        marks.append(mark)
        if child is not None:
            children.append(child)
    package = scope.get("__package__") or module.rpartition(".")[0]
    for statement in code.imports:
        for brought in imported(statement, str(package)):
            children.append(Label(brought) if isinstance(brought, str) else brought)
    head = f"function {len(code.content)} {len(cells)} {len(behind)} {marks!r} ".encode()
    return Part(name, head + code.content, tuple(children))


def _resolved(chain: tuple[str, ...], thing: object) -> tuple[str, object]:
    """Return (mark, object) for a name and the attributes read from it: through modules as far as they go, then whatever is there."""
    for depth, attribute in enumerate(chain[1:], start=1):
        if not isinstance(thing, ModuleType):
            return f"{depth}", thing
        if origin(thing.__name__) is not None:
            return f"{depth}", Label(f"{thing.__name__}.{attribute} of {origin(thing.__name__)}")
        space = vars(thing)
        if attribute not in space:
            return "nowhere", None
        thing = space[attribute]
    return "all", thing


def _cell(cell: CellType) -> object:
    """Return what a closure's cell holds."""
    try:
        return cell.cell_contents
    except ValueError:
        return Label("an empty cell")


def _travels(thing: object) -> bool:
    """Return whether something in the closure of a library's function is the program's, and so counts: code and constants, not its state."""
    return constant(thing) is not None or isinstance(thing, FunctionType | MethodType | type)


def _settings(mapping: Any) -> object:
    """Return keyword defaults as settings."""
    return None if mapping is None else Settings(mapping)


def builtin_part(function: BuiltinFunctionType) -> Part:
    """A function of C, by name; a method of C, with the object that it is bound to."""
    owner = function.__self__
    if owner is None or isinstance(owner, ModuleType):
        module = str(function.__module__ or "builtins")
        return named(f"{module}.{function.__qualname__}", module)
    return Part(function.__qualname__, f"method {function.__qualname__}".encode(), (owner,))


def method_part(method: MethodType) -> Part:
    return Part("", b"bound method", (method.__func__, method.__self__))


def partial_part(partial: Any) -> Part:
    return Part("", b"partial", (partial.func, partial.args, _settings(partial.keywords)))
