"""Data edges: which variables of modules and which attributes of classes and objects one unit's own code reads and writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.python.builtin_names import BUILTINS
from lestockage.queries.classes import order
from lestockage.queries.imported import module_attribute
from lestockage.queries.meaning import Meaning
from lestockage.queries.namespace import namespace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.languages.facts import Access, Reference
    from lestockage.queries.evaluation import Evaluation

DATA = "data_dependency"

_FIRST_STATEMENT = -2


def statement_site(statement: int) -> int:
    """Return a statement's number as the site of an edge: below every ordinal, and below the site of what is said nowhere (-1)."""
    return _FIRST_STATEMENT - statement


def statement_of(site: int) -> int | None:
    """Return the number of the statement that a site stands for, None for a site of another kind."""
    return _FIRST_STATEMENT - site if site <= _FIRST_STATEMENT else None


def data_edges(reader: Evaluation, accesses: tuple[Access, ...]) -> Iterator[tuple[Meaning, int, bool, str]]:
    """Yield each variable that is accessed, once: the site of its first access, whether it is certain, and "read", "write" or "read write".

    An access that leads to no variable that is known is none: what is called, imported or inherited has edges of its own, and most
    attributes belong to objects of which nothing is known.
    """
    found: dict[Meaning, tuple[int, int, bool]] = {}
    for reference, read, written in accesses:
        if not reference.path and reference.name in BUILTINS:
            continue
        variables, is_exact = _variables(reader, reference)
        for variable in variables:
            before = found.get(variable, (-1, -1, True))
            found[variable] = (_first(before[0], read), _first(before[1], written), before[2] and is_exact)
    for variable, (read, written, is_exact) in found.items():
        mode = "write" if read < 0 else "read" if written < 0 else "read write"
        yield variable, statement_site(_first(read, written)), is_exact, mode


def _first(one: int, other: int) -> int:
    """Return the earlier of two statements, -1 standing for none."""
    return max(one, other) if one < 0 or other < 0 else min(one, other)


def _variables(reader: Evaluation, reference: Reference) -> tuple[list[Meaning], bool]:
    """Return the variables that a reference may lead to, and whether there is no other possibility."""
    if not reference.path:
        meant = reader.evaluate(reference)
        found = [symbol for symbol in meant.symbols if symbol.kind == "variable"]
        return found, len(meant.symbols) == 1
    owners = reader.evaluate(reference._replace(path=reference.path[:-1]))
    attribute = reference.path[-1]
    found = []
    for owner in owners.values:
        if owner.kind == "module":
            meanings = module_attribute(reader.db, reader.file, owner.name, attribute)
            found += [] if meanings is None else [symbol for symbol in meanings.symbols if symbol.kind == "variable"]
        elif owner.file is not None and owner.kind in ("instance", "class"):
            variable = _attribute(reader, owner, attribute)
            found += [] if variable is None else [variable]
    return found, owners.is_exact and len(owners.values) == 1


def _attribute(reader: Evaluation, owner: Meaning, attribute: str) -> Meaning | None:
    """Return the variable that is an attribute of a class or its objects: the first class in its order that has one of that name."""
    assert owner.file is not None  # noqa: S101  # its caller looked
    for each in order(reader.db, owner.file, owner.name, owner.ordinal).classes:
        space = None if each.file is None else namespace(reader.db, each.file, each.name, each.ordinal)
        if space is None or each.file is None:
            continue
        variable = space.variable(attribute)
        if variable is not None:
            return Meaning("variable", each.file, variable.name, variable.ordinal)
        if attribute in space.kinds:
            return None  # a method or a property hides what is behind it
    return None
