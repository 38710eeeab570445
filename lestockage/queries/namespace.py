"""Namespace: the names that one module, class or function body binds, as its own code says it. Calls and bodies further in stop here."""

# ruff: noqa: TC001  # the engine evaluates annotations when a query is declared

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.database import Database
from lestockage.engine.query import query
from lestockage.queries.inputs import SourceFile
from lestockage.queries.reading import facts_of
from lestockage.queries.unit import Unit, unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lestockage.languages.facts import Facts, Import, Reference
    from lestockage.queries.outline import Child

_NO_CHILDREN: tuple[Child, ...] = ()


class Namespace:
    """One scope's bindings by name; `name` is the dotted name of its unit, "" for the module."""

    __slots__ = ("annotations", "children", "facts", "imports", "kinds", "name", "ordinal", "stars", "unit", "values")

    def __init__(self, name: str, ordinal: int, unit: Unit, facts: Facts) -> None:
        self.name = name
        self.ordinal = ordinal
        self.unit = unit
        self.facts = facts
        self.kinds = _kinds((*facts.bindings, ("rebinding", unit.rebound)) if unit.rebound else facts.bindings)
        self.imports: dict[str, list[Import]] = {}
        self.stars: list[Import] = []
        if facts.imports:
            for imported in facts.imports:
                self.imports.setdefault(imported.bound, []).append(imported)
            self.stars = self.imports.pop("*", self.stars)
            self.kinds.pop("*", None)
        self.children: dict[str, list[Child]] = {}
        for child in unit.children:
            self.children.setdefault(child.name.rpartition(".")[2], []).append(child)
        self.values: dict[str, Reference] = dict(facts.values)  # type: ignore[arg-type]  # a value's reference is never None
        self.annotations: dict[str, Reference] = dict(facts.parameters)
        self.annotations.update(facts.variables)

    def definitions(self, name: str) -> list[Child]:
        """Return the functions and classes of that name, implementations only where there are any beside overloads."""
        found = [child for child in self.children.get(name, _NO_CHILDREN) if child.kind != "variable"]
        if len(found) > 1:
            found = [child for child in found if child.kind != "overload"] or found
        return found

    def variable(self, name: str) -> Child | None:
        """Return the symbol of a variable of that name, None when assigning it makes no symbol, as in functions."""
        for child in self.children.get(name, _NO_CHILDREN):
            if child.kind == "variable":
                return child
        return None

    def _compared(self) -> tuple[object, ...]:
        facts, unit = self.facts, self.unit
        return (
            *(self.name, self.ordinal, unit.kind, unit.receiver, unit.receiver_root, unit.scopes, unit.children, unit.rebound),
            *(facts.bases, facts.metaclass, facts.imports, facts.bindings, facts.parameters, facts.variables, facts.values),
            *(facts.exports, facts.has_exports),
        )

    def __eq__(self, other: object) -> bool:
        return self._compared() == other._compared() if isinstance(other, Namespace) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # compared, never a key


def _kinds(bindings: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """Return in which ways each name is bound."""
    kinds: dict[str, tuple[str, ...]] = {}
    for kind, names in bindings:
        one: tuple[str, ...] = (kind,)
        bound = dict.fromkeys(names, one)
        if not kinds.keys().isdisjoint(bound):
            bound.update([(name, (*kinds[name], kind)) for name in names if name in kinds])
        kinds.update(bound)
    return kinds


@query(durable=False)
def namespace(db: Database, file: SourceFile, name: str, ordinal: int) -> Namespace | None:
    """Return what a module ("" and 0), class or function body binds. Shields from what its code calls and from all other bodies."""
    found = unit(db, file, name, ordinal)
    return None if found is None else Namespace(name, ordinal, found, facts_of(db, file, found.content_hash))
