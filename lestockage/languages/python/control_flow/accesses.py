"""Accesses: which names from outside, and which attributes of names, one unit's own code reads and writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.facts import Access, Reference

if TYPE_CHECKING:
    from lestockage.languages.python.control_flow.builder import Builder
    from lestockage.languages.python.references import Scope


def accesses(built: Builder, scope: Scope, kind: str) -> tuple[Access, ...]:
    """Return the accesses of a unit, each reference once, with the first statement that reads it and the first that writes it.

    A bare name counts where the unit does not bind it, or declares it global; what is read of one's own module or class body is no access.
    """
    defined = _named(built, built.defines)
    found: dict[Reference, tuple[int, int]] = {}
    for name, statement in _named(built, built.uses).items():
        if "@" not in name and (name not in defined or name in built.globals):
            found[Reference(scope.root(name), name, ())] = (statement, -1)
    for name in built.globals:
        if name in defined and kind != "module":
            reference = Reference("name", name, ())
            found[reference] = (found.get(reference, (-1, -1))[0], defined[name])
    for (name, path), (read, written) in built.accesses.items():
        found[Reference(scope.root(name), name, tuple(path.split(".")))] = (read, written)
    # "bound": a variable of a comprehension around a lambda, which is no symbol
    return tuple([Access(reference, read, written) for reference, (read, written) in found.items() if reference.root != "bound"])


def _named(built: Builder, flat: list[int]) -> dict[str, int]:
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
