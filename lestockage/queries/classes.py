"""Classes: their bases, the order in which Python looks through these, and what is found there."""

# ruff: noqa: TC001  # the engine evaluates annotations when a query is declared

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.database import Database
from lestockage.engine.query import query
from lestockage.languages.python.builtin_names import BARE_BASES, TYPES, has_attribute
from lestockage.queries import attributes, evaluation, scopes
from lestockage.queries.circles import settled
from lestockage.queries.inputs import SourceFile
from lestockage.queries.linearization import linearize
from lestockage.queries.meaning import UNKNOWN, Meaning, Meanings, external, only, unite, without_growth
from lestockage.queries.namespace import namespace

if TYPE_CHECKING:
    from collections.abc import Sequence


class Bases(NamedTuple):
    """What a class inherits from: for each base in order, its ordinal among the class's sites and what it may be."""

    bases: tuple[tuple[int, Meanings], ...]
    metaclass: Meanings | None


class Order(NamedTuple):
    """A class's method resolution order, itself first; `is_exact` is False when a base is not known, or Python would refuse the bases."""

    classes: tuple[Meaning, ...]
    is_exact: bool


def _no_bases(db: Database, file: SourceFile, name: str, ordinal: int) -> Bases:  # noqa: ARG001  # the query's shape
    return Bases((), None)


@query(cycle_initial=_no_bases, cycle_fn=settled)
def bases(db: Database, file: SourceFile, name: str, ordinal: int) -> Bases:
    """Return what a class inherits from. Shields from its body."""
    space = namespace(db, file, name, ordinal)
    if space is None:
        return Bases((), None)
    reader = evaluation.Evaluation(db, file, space)
    found = []
    met: tuple[Meaning, ...] = ()
    for base in space.facts.bases:
        meant = UNKNOWN if base.reference is None else reader.evaluate(base.reference, reader.heading)
        met += tuple([value for value in meant.values if value.kind in ("class", "external")])
        kept = without_growth(met)
        values = tuple([value for value in meant.values if value in kept])
        found.append((base.ordinal, Meanings(values, (), meant.is_exact and len(values) == len(meant.values))))
    metaclass = space.facts.metaclass
    return Bases(tuple(found), None if metaclass is None else reader.evaluate(metaclass, reader.heading))


def _alone(db: Database, file: SourceFile, name: str, ordinal: int) -> Order:  # noqa: ARG001  # the query's shape
    return Order((Meaning("class", file, name, ordinal),), is_exact=False)


@query(cycle_initial=_alone, cycle_fn=settled)
def order(db: Database, file: SourceFile, name: str, ordinal: int) -> Order:
    """Return a class's method resolution order. Shields from the bodies of the class and its bases.

    A base that may be one of several counts as all of them, one after the other.
    """
    first = Meaning("class", file, name, ordinal)
    orders: list[Sequence[Meaning]] = []
    is_exact = True
    for _, meant in bases(db, file, name, ordinal).bases:
        is_exact = is_exact and meant.is_exact
        for value in meant.values:
            if value.file is None:
                orders.append((value,))
            elif value != first:
                above = order(db, value.file, value.name, value.ordinal)
                is_exact = is_exact and above.is_exact
                orders.append(above.classes)
    found, is_consistent = linearize(first, orders)
    return Order(tuple(found), is_exact and is_consistent)


def _no_member(db: Database, file: SourceFile, name: str, ordinal: int, attribute: str) -> Meanings | None:  # noqa: ARG001  # the query's shape
    return None


@query(cycle_initial=_no_member, cycle_fn=settled)
def member(db: Database, file: SourceFile, name: str, ordinal: int, attribute: str) -> Meanings | None:
    """Return what an attribute of a class or its objects is, None: nothing that is known. Shields from all other members and all bodies."""
    looked = order(db, file, name, ordinal)
    found = _find(db, looked.classes, attribute, is_exact=looked.is_exact)
    return found if found is not None else _of_metaclass(db, looked, attribute)


@query(cycle_initial=_no_member, cycle_fn=settled)
def inherited(db: Database, file: SourceFile, name: str, ordinal: int, attribute: str) -> Meanings | None:
    """Return what `super().attribute` is in a class's methods. Shields from all other members and all bodies."""
    looked = order(db, file, name, ordinal)
    return _find(db, looked.classes[1:], attribute, is_exact=looked.is_exact)


def inherited_behind(db: Database, file: SourceFile, name: str, ordinal: int, start: Meaning, attribute: str) -> Meanings | None:  # noqa: PLR0913, PLR0917  # a class, a class, an attribute
    """Return what `super(start, self).attribute` is in a class's methods."""
    looked = order(db, file, name, ordinal)
    if start not in looked.classes:
        return None
    return _find(db, looked.classes[looked.classes.index(start) + 1 :], attribute, is_exact=looked.is_exact)


def _find(db: Database, classes: Sequence[Meaning], attribute: str, *, is_exact: bool) -> Meanings | None:
    """Look through classes in order: what bodies bind, then what methods assign, then what lies outside the project."""
    outside: list[Meaning] = []
    bound_here: Meanings | None = None
    for each in classes:
        if each.file is None:
            if each.name not in BARE_BASES:
                outside.append(each)
            continue
        found = scopes.bound(db, each.file, each.name, each.ordinal, attribute)
        if found is not None:
            if outside or not is_exact:
                found = found._replace(is_exact=False)
            if all(symbol.kind != "variable" for symbol in found.symbols):
                return found
            bound_here = found
            break
    assigned = [
        found
        for each in classes
        if each.file is not None and (found := attributes.assigned_attribute(db, each.file, each.name, each.ordinal, attribute)) is not None
    ]
    if bound_here is not None:
        found = unite([bound_here, *assigned])
        return Meanings(found.values, found.symbols, bound_here.is_exact and found.values == bound_here.values)
    if assigned:
        found = unite(assigned)
        return found if is_exact and len(found.values) == 1 else found._replace(is_exact=False)
    outside = [each for each in outside if has_attribute(each.name, attribute)]
    if outside:
        certain = is_exact and len(outside) == 1
        return unite([Meanings((meaning,), (meaning,), certain) for meaning in [external(f"{each.name}.{attribute}") for each in outside]])
    if attribute in TYPES["object"] and is_exact:
        return only(external(f"builtins.object.{attribute}"))
    return None


def _of_metaclass(db: Database, looked: Order, attribute: str) -> Meanings | None:
    """Return what the metaclass of the first class that names one provides."""
    for each in looked.classes:
        if each.file is not None:
            metaclass = bases(db, each.file, each.name, each.ordinal).metaclass
            if metaclass is not None:
                for value in metaclass.values:
                    if value.kind == "class" and value.file is not None:
                        return member(db, value.file, value.name, value.ordinal, attribute)
                return None
    return None
