"""Assignments: the visitors of statements that give a name a value or a type."""

from __future__ import annotations

import ast
from ast import Name
from typing import TYPE_CHECKING

from lestockage.languages.python.digest import END, OPERATORS, Sink
from lestockage.languages.python.expressions import optional
from lestockage.languages.python.visit import TARGETS, VISITORS, visit_any, visits

if TYPE_CHECKING:
    from lestockage.languages.python.unit import Unit

# What may give an assigned name a reference: the rest is not worth keeping until facts are made.
REFERABLE = frozenset(
    {ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Await, ast.Constant, ast.JoinedStr, ast.List, ast.Tuple, ast.Dict, ast.Set}
    | {ast.ListComp, ast.DictComp, ast.SetComp}
)


@visits(ast.Assign)
def assign(node: ast.Assign, put: Sink, unit: Unit) -> None:
    """Note what each target binds, and to what where that may be a reference."""
    start = len(unit.tokens)
    value = node.value
    names = unit.assigned
    before = len(names)
    put("{Assign")
    for target in node.targets:
        if type(target) is Name:
            put(target.id)
            names.append(target.id)
            if type(value) in REFERABLE:
                unit.values.append((target.id, value))
        elif type(target) is ast.Attribute and type(target.value) is Name:
            VISITORS[ast.Attribute](target, put, unit)
            unit.attributes.append((target, value, None))
        else:
            TARGETS[type(target)](target, put, unit, names)
    put(END)
    if type(value) is Name:
        put(value.id)
    else:
        VISITORS[type(value)](value, put, unit)
    if unit.declares:
        unit.declare(names[before:], node, start)
        if "__all__" in names[before:]:
            unit.exports.append(node if len(names) - before == 1 else None)


@visits(ast.AugAssign)
def augmented_assign(node: ast.AugAssign, put: Sink, unit: Unit) -> None:
    """Note an assignment that reads its target first."""
    start = len(unit.tokens)
    before = len(unit.assigned)
    put("{AugAssign")
    put(OPERATORS[type(node.op)])
    TARGETS[type(node.target)](node.target, put, unit, unit.assigned)
    VISITORS[type(node.value)](node.value, put, unit)
    if unit.declares:
        unit.declare(unit.assigned[before:], node, start)
        if "__all__" in unit.assigned[before:]:
            unit.exports.append(node)


@visits(ast.AnnAssign)
def annotated_assign(node: ast.AnnAssign, put: Sink, unit: Unit) -> None:
    """Note an annotated name, bound or only declared."""
    start = len(unit.tokens)
    target, value = node.target, node.value
    put("{AnnAssign")
    put(str(node.simple))
    if type(target) is ast.Name:
        put(target.id)
        unit.assigned.append(target.id)
        unit.annotated.append((target.id, node.annotation))
        if type(value) in REFERABLE and value is not None:
            unit.values.append((target.id, value))
    else:
        VISITORS[type(target)](target, put, unit)
        if type(target) is ast.Attribute and type(target.value) is Name:
            unit.attributes.append((target, value, node.annotation))
    VISITORS[type(node.annotation)](node.annotation, put, unit)
    optional(value, put, unit)
    if unit.declares and type(target) is ast.Name:
        unit.declare([target.id], node, start)
        if target.id == "__all__":
            unit.exports.append(node)


def type_alias(node: ast.Assign, put: Sink, unit: Unit) -> None:  # pragma: no cover  # see test_rendering, on Python 3.12
    """Note the name that `type X = ...` binds; the node has the fields that Python 3.12 gave it."""
    start = len(unit.tokens)
    visit_any(node, put, unit)
    bound = node.name.id  # type: ignore[attr-defined]  # typed as an older statement, since 3.11 has no such class
    unit.assigned.append(bound)
    if unit.declares:
        unit.declare([bound], node, start)


if hasattr(ast, "TypeAlias"):  # pragma: no cover
    visits(ast.TypeAlias)(type_alias)
