"""Attributes: what methods assign to `self.name`."""

# ruff: noqa: TC001  # the engine evaluates annotations when a query is declared

from __future__ import annotations

from typing import NamedTuple

from lestockage.database import Database
from lestockage.engine.query import query
from lestockage.languages.facts import Reference
from lestockage.queries import evaluation
from lestockage.queries.inputs import SourceFile
from lestockage.queries.meaning import UNKNOWN, Meanings, instances, unite, without_growth
from lestockage.queries.namespace import namespace
from lestockage.queries.reading import facts_of
from lestockage.queries.unit import unit


class Assignment(NamedTuple):
    """One assignment to an attribute, or its annotation, in a method; `reference` is None for a value that is no reference."""

    attribute: str
    method: str
    ordinal: int
    reference: Reference | None
    is_annotation: bool


@query
def assignments(db: Database, file: SourceFile, name: str, ordinal: int) -> tuple[Assignment, ...]:
    """Return what the methods of a class assign to attributes of their object. Shields from everything else in the methods' bodies."""
    found = unit(db, file, name, ordinal)
    collected = []
    for child in found.children if found is not None else ():
        if child.kind in ("variable", "class"):
            continue
        method = unit(db, file, child.name, child.ordinal)
        if method is None:
            continue
        said = facts_of(db, file, method.content_hash)
        collected += [Assignment(each.name, child.name, child.ordinal, each.type, is_annotation=True) for each in said.attribute_types]
        collected += [Assignment(each.name, child.name, child.ordinal, each.reference, is_annotation=False) for each in said.attributes]
    return tuple(collected)


def assigned_attribute(db: Database, file: SourceFile, name: str, ordinal: int, attribute: str) -> Meanings | None:
    """Return what a class's methods say an attribute is: its annotation if it has one, or else all that is assigned. None: nothing."""
    several = [each for each in assignments(db, file, name, ordinal) if each.attribute == attribute]
    if not several:
        return None
    annotated = [each for each in several if each.is_annotation]
    collected = []
    for each in annotated or several:
        space = None if each.reference is None else namespace(db, file, each.method, each.ordinal)
        if space is None or each.reference is None:
            collected.append(UNKNOWN)
            continue
        found = evaluation.Evaluation(db, file, space).evaluate(each.reference)
        collected.append(instances(found) if each.is_annotation else found)
    found = unite(collected)
    return Meanings(without_growth(found.values), (), found.is_exact and len(found.values) == 1)
