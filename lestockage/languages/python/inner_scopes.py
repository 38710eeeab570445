"""Inner scopes: the visitors of comprehensions, which bind names of their own, and of the walrus, which reaches out of them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lestockage.languages.python.digest import END, Sink
from lestockage.languages.python.visit import TARGETS, VISITORS, visits

if TYPE_CHECKING:
    from lestockage.languages.python.unit import Unit


@visits(ast.NamedExpr)
def named(node: ast.NamedExpr, put: Sink, unit: Unit) -> None:
    """Note the name that a walrus binds: the unit's, whatever comprehensions are between."""
    start = len(unit.tokens)
    put("{NamedExpr")
    put(node.target.id)
    VISITORS[type(node.value)](node.value, put, unit)
    unit.assigned.append(node.target.id)
    if unit.declares:
        unit.declare([node.target.id], node, start)


@visits(ast.ListComp, ast.SetComp, ast.GeneratorExp)
def comprehension(node: ast.ListComp | ast.SetComp | ast.GeneratorExp, put: Sink, unit: Unit) -> None:
    """Walk a comprehension as part of its unit, its targets hiding the unit's names."""
    put("{" + type(node).__name__)
    bound = begin(node.generators, put, unit)
    VISITORS[type(node.elt)](node.elt, put, unit)
    end(node.generators, bound, put, unit)


@visits(ast.DictComp)
def dict_comprehension(node: ast.DictComp, put: Sink, unit: Unit) -> None:
    """Walk a dict comprehension likewise, key before value."""
    put("{DictComp")
    bound = begin(node.generators, put, unit)
    VISITORS[type(node.key)](node.key, put, unit)
    VISITORS[type(node.value)](node.value, put, unit)
    end(node.generators, bound, put, unit)


def begin(clauses: list[ast.comprehension], put: Sink, unit: Unit) -> list[str]:
    """Open a comprehension's scope and return what it binds; written first, for the elements, which stand before it, read it."""
    bound: list[str] = []
    unit.comprehended.append(bound)
    for clause in clauses:
        put("{async for" if clause.is_async else "{for")
        TARGETS[type(clause.target)](clause.target, put, unit, bound)
    put(END)
    return bound


def end(clauses: list[ast.comprehension], bound: list[str], put: Sink, unit: Unit) -> None:
    """Walk what stands behind the elements, and close the scope; the first iterable is evaluated before it opens."""
    unit.comprehended.pop()
    first = clauses[0].iter
    VISITORS[type(first)](first, put, unit)
    unit.comprehended.append(bound)
    for clause in clauses:
        if clause.iter is not first:
            VISITORS[type(clause.iter)](clause.iter, put, unit)
        for condition in clause.ifs:
            VISITORS[type(condition)](condition, put, unit)
        put(END)
        unit.complexity += 1 + len(clause.ifs)
    unit.comprehended.pop()
