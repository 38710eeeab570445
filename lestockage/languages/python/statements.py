"""Statements: the visitors of everything that is executed, assignments and definitions excepted."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lestockage.languages.python.digest import END, NONE, Sink
from lestockage.languages.python.expressions import optional
from lestockage.languages.python.visit import TARGETS, VISITORS, visits

if TYPE_CHECKING:
    from lestockage.languages.python.unit import Unit


@visits(ast.Expr)
def expression(node: ast.Expr, put: Sink, unit: Unit) -> None:
    """Write an expression used as a statement."""
    put("{Expr")
    VISITORS[type(node.value)](node.value, put, unit)


@visits(ast.Return)
def return_(node: ast.Return, put: Sink, unit: Unit) -> None:
    """Write a return with its value, if any."""
    put("{Return")
    optional(node.value, put, unit)


@visits(ast.If)
def if_(node: ast.If, put: Sink, unit: Unit) -> None:
    """Walk a branch: a decision."""
    put("{If")
    VISITORS[type(node.test)](node.test, put, unit)
    for statement in node.body:
        VISITORS[type(statement)](statement, put, unit)
    put(END)
    for statement in node.orelse:
        VISITORS[type(statement)](statement, put, unit)
    put(END)
    unit.complexity += 1


@visits(ast.For, ast.AsyncFor)
def for_(node: ast.For | ast.AsyncFor, put: Sink, unit: Unit) -> None:
    """Walk a loop over an iterable, which binds its target: a decision, and one more with an else."""
    start = len(unit.tokens)
    before = len(unit.assigned)
    put("{" + type(node).__name__)
    TARGETS[type(node.target)](node.target, put, unit, unit.assigned)
    VISITORS[type(node.iter)](node.iter, put, unit)
    if unit.declares:
        unit.declare(unit.assigned[before:], node.target, start)
    for statement in node.body:
        VISITORS[type(statement)](statement, put, unit)
    put(END)
    for statement in node.orelse:
        VISITORS[type(statement)](statement, put, unit)
    put(END)
    unit.complexity += 2 if node.orelse else 1


@visits(ast.While)
def while_(node: ast.While, put: Sink, unit: Unit) -> None:
    """Walk a loop on a condition: a decision, and one more with an else."""
    put("{While")
    VISITORS[type(node.test)](node.test, put, unit)
    for statement in node.body:
        VISITORS[type(statement)](statement, put, unit)
    put(END)
    for statement in node.orelse:
        VISITORS[type(statement)](statement, put, unit)
    put(END)
    unit.complexity += 2 if node.orelse else 1


@visits(ast.With, ast.AsyncWith)
def with_(node: ast.With | ast.AsyncWith, put: Sink, unit: Unit) -> None:
    """Walk a with statement, which binds what its items are entered as; no decision."""
    start = len(unit.tokens)
    put("{" + type(node).__name__)
    for item in node.items:
        VISITORS[type(item.context_expr)](item.context_expr, put, unit)
        target = item.optional_vars
        if target is None:
            put(NONE)
        else:
            before = len(unit.assigned)
            TARGETS[type(target)](target, put, unit, unit.assigned)
            if unit.declares:
                unit.declare(unit.assigned[before:], target, start)
    put(END)
    for statement in node.body:
        VISITORS[type(statement)](statement, put, unit)
    put(END)


@visits(*[kind for kind in (ast.Try, getattr(ast, "TryStar", None)) if kind is not None])
def try_(node: ast.Try, put: Sink, unit: Unit) -> None:
    """Walk a try statement: a decision for each handler, and one more with an else."""
    put("{" + type(node).__name__)
    for statement in node.body:
        VISITORS[type(statement)](statement, put, unit)
    put(END)
    for handler in node.handlers:
        VISITORS[ast.ExceptHandler](handler, put, unit)
    put(END)
    for statement in node.orelse:
        VISITORS[type(statement)](statement, put, unit)
    put(END)
    for statement in node.finalbody:
        VISITORS[type(statement)](statement, put, unit)
    put(END)
    unit.complexity += len(node.handlers) + (1 if node.orelse else 0)


@visits(ast.ExceptHandler)
def handler(node: ast.ExceptHandler, put: Sink, unit: Unit) -> None:
    """Walk a handler, which binds the exception for its own body."""
    start = len(unit.tokens)
    put("{except" if node.name is None else "{except " + node.name)
    optional(node.type, put, unit)
    if node.name is not None:
        unit.assigned.append(node.name)
        if unit.declares:
            unit.declare([node.name], node, start)
    for statement in node.body:
        VISITORS[type(statement)](statement, put, unit)
    put(END)


@visits(ast.Raise)
def raise_(node: ast.Raise, put: Sink, unit: Unit) -> None:
    """Write a raise with its exception and cause, if any."""
    put("{Raise")
    optional(node.exc, put, unit)
    optional(node.cause, put, unit)


@visits(ast.Assert)
def assert_(node: ast.Assert, put: Sink, unit: Unit) -> None:
    """Walk an assertion: one decision, whatever it is made of (radon looks no further, and its rule is the rule)."""
    complexity = unit.complexity
    put("{Assert")
    VISITORS[type(node.test)](node.test, put, unit)
    optional(node.msg, put, unit)
    unit.complexity = complexity + 1


@visits(ast.Delete)
def delete(node: ast.Delete, put: Sink, unit: Unit) -> None:
    """Note what is unbound."""
    put("{Delete")
    for target in node.targets:
        TARGETS[type(target)](target, put, unit, unit.deleted)
    put(END)


@visits(ast.Global)
def global_(node: ast.Global, put: Sink, unit: Unit) -> None:
    """Note names that belong to the module; said in the module itself, it means nothing."""
    put("{Global")
    for name in node.names:
        put(name)
        if unit.kind != "module":
            unit.globals.append(name)
            unit.outline.rebound[name] = None
    put(END)


@visits(ast.Nonlocal)
def nonlocal_(node: ast.Nonlocal, put: Sink, unit: Unit) -> None:
    """Note names that belong to an enclosing function."""
    put("{Nonlocal")
    for name in node.names:
        put(name)
        unit.nonlocals.append(name)
    put(END)


@visits(ast.Import, ast.ImportFrom)
def import_(node: ast.Import | ast.ImportFrom, put: Sink, unit: Unit) -> None:
    """Note an import, with a place for each name it binds."""
    if type(node) is ast.ImportFrom:
        put("{ImportFrom")
        put(NONE if node.module is None else node.module)
        put(str(node.level or 0))
    else:
        put("{Import")
    unit.imports.append(node)
    unit.ordinals[node] = len(unit.sites) >> 1
    for alias in node.names:
        put(alias.name if alias.asname is None else f"{alias.name} {alias.asname}")
        unit.place_at(alias.lineno, alias.col_offset)
    put(END)


@visits(ast.Pass, ast.Break, ast.Continue)
def keyword(node: ast.Pass | ast.Break | ast.Continue, put: Sink, unit: Unit) -> None:  # noqa: ARG001  # every visitor has the same shape
    """Write a statement that is one word."""
    put("{" + type(node).__name__)
