"""Accesses: which names from outside, and which attributes of names, one unit's own code reads and writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.facts import Access, Reference
from lestockage.languages.python.builtin_names import BUILTINS

if TYPE_CHECKING:
    from lestockage.languages.python.control_flow.builder import Builder
    from lestockage.languages.python.references import Scope


def accesses(built: Builder, scope: Scope, kind: str) -> tuple[Access, ...]:
    """Return the accesses of a unit, each reference once, with the first statement that reads it and the first that writes it.

    A bare name counts where the unit does not bind it, or declares it global, unless it is a builtin's; what is read of one's own module or
    class body is no access, nor is a variable of a comprehension around a lambda, which is no symbol.
    """
    found = [
        Access(Reference(root, name, ()), statement, -1)
        for name, statement in zip(built.names, built.names.firsts, strict=True)
        if name not in built.defined
        and name not in BUILTINS
        and name not in built.globals
        and "@" not in name
        and (root := scope.root(name)) != "bound"
    ]
    if built.globals:
        found += _declared(built, scope, kind)
    found += [
        Access(Reference(root, name, tuple(path.split("."))), read, written)
        for (name, path), (read, written) in built.accesses.items()
        if (root := scope.root(name)) != "bound"
    ]
    return tuple(found)


def _declared(built: Builder, scope: Scope, kind: str) -> list[Access]:
    """Return the accesses of names that a unit declares global; said in the module itself, it makes no assignment one."""
    read = _first(built, built.uses)
    written = {} if kind == "module" else _first(built, built.defines)
    return [
        Access(Reference(scope.root(name), name, ()), read.get(name, -1), written.get(name, -1))
        for name in built.globals
        if name in read or name in written
    ]


def _first(built: Builder, flat: list[int]) -> dict[str, int]:
    """Return the names of a flat list with the statement of their first point."""
    names = list(built.names)
    first: dict[str, int] = {}
    place = 0
    while place < len(flat):
        point, count = flat[place], flat[place + 1]
        for index in flat[place + 2 : place + 2 + count]:
            first.setdefault(names[index], built.statements[point])
        place += 2 + count
    return first
