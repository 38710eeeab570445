"""Static: the code of a module that a function imports only when it runs, read without importing it.

Whether such a module happens to be loaded already must not show in a fingerprint, so it is always read from where it would be imported from: the whole
module, and whatever of the program it imports in turn.
"""

from __future__ import annotations

from types import CodeType
from typing import TYPE_CHECKING, Any

from lestockage.engine.fingerprint.bytecode import read_code
from lestockage.engine.fingerprint.origin import origin, spec_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.engine.fingerprint.bytecode import Import

__all__ = ["StaticModule", "imported"]


class StaticModule:
    """A module of the program, by name; one object per name, so that a graph meets it once."""

    known: dict[str, StaticModule] = {}  # noqa: RUF012  # a cache, shared on purpose

    def __init__(self, name: str, spec: Any) -> None:
        self.name = name
        self.spec = spec

    @property
    def package(self) -> str:
        """The package that relative imports inside it start from."""
        return self.name if self.spec.submodule_search_locations is not None else self.name.rpartition(".")[0]

    def code(self) -> CodeType | None:
        """Return its compiled code, or None for a module that has none (a namespace package, an extension in C)."""
        get_code = getattr(self.spec.loader, "get_code", None)
        try:
            code = get_code(self.name) if get_code is not None else None
        except (ImportError, SyntaxError, OSError):
            return None
        return code if isinstance(code, CodeType) else None

    def content(self) -> tuple[bytes, list[object]]:
        """Return its canonical form, and what it imports: other static modules, and labels of libraries."""
        code = self.code()
        if code is None:
            return b"opaque", []
        read = read_code(code)
        found: list[object] = []
        for statement in read.imports:
            found.extend(imported(statement, self.package))
        return read.content, found


def imported(statement: Import, package: str) -> Iterator[object]:
    """Yield what an import statement brings in: a StaticModule for a module of the program, a label for a library's."""
    name = statement.name
    if statement.level:
        base = package.rsplit(".", statement.level - 1)[0] if statement.level > 1 else package
        name = f"{base}.{name}" if name else base
    label = origin(name)
    if label is not None:
        yield f"{name} of {label}"
        return
    module = _module(name)
    if module is None:
        yield f"{name}, not found"
        return
    yield module
    for taken in statement.taken:
        inner = _module(f"{name}.{taken}") if module.spec.submodule_search_locations is not None else None
        if inner is not None:
            yield inner


def _module(name: str) -> StaticModule | None:
    """Return the static module of a name, or None when there is none to be found."""
    known = StaticModule.known.get(name)
    if known is None:
        try:
            spec = spec_of(name)
        except (ImportError, AttributeError, ValueError):
            spec = None
        if spec is None:
            return None
        StaticModule.known[name] = known = StaticModule(name, spec)
    return known
