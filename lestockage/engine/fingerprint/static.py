"""Static: the code of a module that a function imports only when it runs, read without importing it.

Whether such a module happens to be loaded already must not show in a fingerprint, so it is always read from where it would be imported
from: the whole module, and whatever of the program it imports in turn.
"""

from __future__ import annotations

from types import CodeType
from typing import TYPE_CHECKING, Any

from lestockage.engine.fingerprint.bytecode import read_code
from lestockage.engine.fingerprint.origin import spec_of
from lestockage.engine.fingerprint.part import Label, Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.engine.fingerprint.bytecode import Import
    from lestockage.engine.fingerprint.view import View

__all__ = ["StaticModule", "forget_modules", "imported", "static_module", "static_part"]


class StaticModule:
    """A module of the program that is read, not imported."""

    __slots__ = ("name", "spec")

    def __init__(self, name: str, spec: Any) -> None:
        self.name = name
        self.spec = spec

    @property
    def is_package(self) -> bool:
        """Whether it holds other modules."""
        return self.spec.submodule_search_locations is not None


_modules: dict[str, StaticModule | None] = {}
"""Modules by name: one object each, so that a walk meets it once."""


def forget_modules() -> None:
    """Drop what is known of modules, after their files were changed."""
    _modules.clear()


def static_module(name: str) -> StaticModule | None:
    """Return the static module of a name, or None when the import system finds none."""
    if name not in _modules:
        try:
            spec = spec_of(name)
        except (ImportError, AttributeError, ValueError, TypeError):
            spec = None
        _modules[name] = None if spec is None else StaticModule(name, spec)
    return _modules[name]


def static_part(module: StaticModule, view: View) -> Part:
    """Return the part of a module: all its code, and what it imports."""
    code = _code_of(module)
    name = f"module {module.name}"
    if code is None:  # a namespace package, an extension in C, source with an error
        return Part((name,), f"{name}, without code".encode())
    read = read_code(code)
    package = module.name if module.is_package else module.name.rpartition(".")[0]
    children = [thing for statement in read.imports for thing in imported(statement, package, view)]
    return view.made_of(name, name, children, read.content)


def _code_of(module: StaticModule) -> CodeType | None:
    """Return a module's compiled code as its loader has it, usually from the cache next to its source."""
    get_code = getattr(module.spec.loader, "get_code", None)
    try:
        code = None if get_code is None else get_code(module.name)
    except (ImportError, SyntaxError, OSError, ValueError):
        return None
    return code if isinstance(code, CodeType) else None


def imported(statement: Import, package: str, view: View) -> Iterator[object]:
    """Yield what an import statement brings in: a static module for a module of the program, a label for a library's."""
    name = statement.name
    if statement.level:
        above = package.split(".")
        base = ".".join(above[: len(above) - statement.level + 1])
        name = f"{base}.{name}" if name else base
    library = view.library(name)
    if library is not None:
        yield Label(f"{name} of {library}")
        return
    module = static_module(name)
    if module is None:
        yield Label(f"{name}, not found")
        return
    yield module
    for taken in statement.taken if module.is_package else ():
        inner = static_module(f"{name}.{taken}")
        if inner is not None:
            yield inner
