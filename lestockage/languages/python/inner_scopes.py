"""Inner scopes: the visitors of lambdas and comprehensions, which bind names of their own, and of the walrus, which reaches out."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lestockage.languages.python.digest import END, Sink
from lestockage.languages.python.parameters import parameters
from lestockage.languages.python.visit import TARGETS, VISITORS, visits

if TYPE_CHECKING:
    from lestockage.languages.python.unit import Unit


@visits(ast.NamedExpr)
def named(node: ast.NamedExpr, put: Sink, unit: Unit) -> None:
    """Note the name that a walrus binds: the lambda's around it, otherwise the unit's, whatever comprehensions are between."""
    start = len(unit.tokens)
    put("{NamedExpr")
    put(node.target.id)
    VISITORS[type(node.value)](node.value, put, unit)
    unit.names.append(node.target.id)
    if unit.declares and unit.names is unit.assigned:
        unit.declare([node.target.id], node, start)


@visits(ast.Lambda)
def lambda_(node: ast.Lambda, put: Sink, unit: Unit) -> None:
    """Walk a lambda as part of its unit, its parameters hiding the unit's names from its body, but not from its defaults."""
    put("{Lambda")
    parameters(node.args, put, unit)
    arguments = node.args
    bound = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    bound.extend(argument.arg for argument in (arguments.vararg, arguments.kwarg) if argument is not None)
    outer = unit.names
    unit.names = bound
    unit.events.append(bound)
    VISITORS[type(node.body)](node.body, put, unit)
    unit.events.append(None)
    unit.names = outer


@visits(ast.ListComp, ast.SetComp, ast.GeneratorExp)
def comprehension(node: ast.ListComp | ast.SetComp | ast.GeneratorExp, put: Sink, unit: Unit) -> None:
    """Walk a comprehension as part of its unit, its targets hiding the unit's names."""
    put("{" + type(node).__name__)
    generators(node.generators, put, unit)
    VISITORS[type(node.elt)](node.elt, put, unit)
    unit.events.append(None)


@visits(ast.DictComp)
def dict_comprehension(node: ast.DictComp, put: Sink, unit: Unit) -> None:
    """Walk a dict comprehension likewise, key before value."""
    put("{DictComp")
    generators(node.generators, put, unit)
    VISITORS[type(node.key)](node.key, put, unit)
    VISITORS[type(node.value)](node.value, put, unit)
    unit.events.append(None)


def generators(clauses: list[ast.comprehension], put: Sink, unit: Unit) -> None:
    """Open a comprehension's scope and walk its clauses; the first iterable is evaluated before the scope opens. The caller closes it."""
    first = clauses[0].iter
    VISITORS[type(first)](first, put, unit)
    bound: list[str] = []
    unit.events.append(bound)
    for clause in clauses:
        put("{async for" if clause.is_async else "{for")
        TARGETS[type(clause.target)](clause.target, put, unit, bound)
        if clause.iter is not first:
            VISITORS[type(clause.iter)](clause.iter, put, unit)
        for condition in clause.ifs:
            VISITORS[type(condition)](condition, put, unit)
        put(END)
        unit.complexity += 1 + len(clause.ifs)
    put(END)
