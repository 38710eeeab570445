"""Evaluation: the table of what each class of expression gives, dispatched by exact type as in `visit`."""

from __future__ import annotations

import ast
from ast import Constant, Name
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lestockage.languages.python.value_flow.builder import JOIN, LITERALS, NOTHING
from lestockage.languages.python.value_flow.names import read
from lestockage.languages.python.value_flow.opcodes import LOAD

if TYPE_CHECKING:
    from lestockage.languages.python.value_flow.builder import Builder

Evaluator = Callable[[Any, "Builder"], int]


class _Evaluators(dict[type, Evaluator]):
    """The evaluators by node class; of a class that a newer Python has added, the expressions in it are evaluated in order."""

    __slots__ = ()

    def __missing__(self, kind: type) -> Evaluator:
        return _parts


def _parts(node: ast.AST, b: Builder) -> int:
    for part in ast.iter_child_nodes(node):
        if isinstance(part, ast.expr):
            value(part, b)
    return NOTHING


EVALUATORS = _Evaluators()


def evaluates(*classes: type[ast.AST]) -> Callable[[Evaluator], Evaluator]:
    """Enter the decorated function as the evaluator of these node classes."""

    def enter(evaluator: Evaluator) -> Evaluator:
        for kind in classes:
            EVALUATORS[kind] = evaluator
        return evaluator

    return enter


def named(name: str, b: Builder) -> int:
    """Return the value of a name, a join's as a variable; most are names of a function that nobody else assigns to."""
    found = b.env.get(name)
    if found is None or b.tracks:
        return read(name, b)
    return found if found < JOIN else b.real[found] if found in b.real else b.resolve(found)


def value(node: ast.expr, b: Builder) -> int:
    """Evaluate any expression."""
    kind = type(node)
    if kind is Name:
        found = named(node.id, b)  # type: ignore[attr-defined]  # by exact type, which the checker does not follow
        if b.unread:
            b.unread.discard(found)
        return found
    if kind is Constant:
        return LITERALS.get(type(node.value), NOTHING)  # type: ignore[attr-defined]
    return EVALUATORS[kind](node, b)


def variable(node: ast.expr, b: Builder) -> int:
    """Evaluate an expression that something is done with."""
    if type(node) is Name:
        found = named(node.id, b)
        if b.unread:
            b.unread.discard(found)
    elif type(node) is ast.Attribute:
        found = attribute(node, b)
    elif type(node) is Constant:
        found = LITERALS.get(type(node.value), NOTHING)
        if found in b.literals:
            return b.literals[found]
    else:
        found = EVALUATORS[type(node)](node, b)
    return found if NOTHING <= found < JOIN else b.use(found)


def base(node: ast.expr, b: Builder) -> int:
    """Evaluate what an attribute or item is taken of: of a name, the container itself is not used by that yet."""
    if type(node) is not Name:
        return variable(node, b)
    found = named(node.id, b)
    return found if found >= NOTHING else b.use(found)


def load(of: int, name: str, b: Builder) -> int:
    """Return the value of an attribute of a variable; where it is known, a property may run all the same."""
    if b.paths:
        known = b.paths.get((of, name))
        if known is not None:
            b.emit((LOAD, NOTHING, of, name, b.site))
            return known
    found = b.variable()
    b.emit((LOAD, found, of, name, b.site))
    return found


@evaluates(ast.Attribute)
def attribute(node: ast.Attribute, b: Builder) -> int:
    """Read an attribute."""
    of = node.value
    found = base(of, b)
    if found == NOTHING:
        return NOTHING
    if b.paths:
        return load(found, node.attr, b)
    count = b.count
    b.count = count + 1
    b.emit((LOAD, count, found, node.attr, b.site))
    return count


@evaluates(ast.Name)
def _name(node: ast.Name, b: Builder) -> int:
    return value(node, b)


@evaluates(ast.Constant)
def _constant(node: ast.Constant, b: Builder) -> int:
    return value(node, b)
