"""Statements: the visitors of everything that is executed, definitions excepted."""

from __future__ import annotations

import ast
from ast import Name
from typing import TYPE_CHECKING

from lestockage.languages.python.digest import END, NONE, OPERATORS, Sink
from lestockage.languages.python.expressions import optional
from lestockage.languages.python.visit import TARGETS, VISITORS, visit_any, visits

if TYPE_CHECKING:
    from lestockage.languages.python.unit import Unit

# What may give an assigned name a reference: the rest is not worth keeping until facts are made.
REFERABLE = frozenset(
    {ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Await, ast.Constant, ast.JoinedStr, ast.List, ast.Tuple, ast.Dict, ast.Set}
    | {ast.ListComp, ast.DictComp, ast.SetComp}
)


@visits(ast.Expr)
def expression(node: ast.Expr, put: Sink, unit: Unit) -> None:
    """Write an expression used as a statement."""
    put("{Expr")
    VISITORS[type(node.value)](node.value, put, unit)


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


def type_alias(node: ast.Assign, put: Sink, unit: Unit) -> None:
    """Note the name that `type X = ...` binds; the node has the fields that Python 3.12 gave it."""
    start = len(unit.tokens)
    visit_any(node, put, unit)
    bound = node.name.id  # type: ignore[attr-defined]  # typed as an older statement, since 3.11 has no such class
    unit.assigned.append(bound)
    if unit.declares:
        unit.declare([bound], node, start)


if hasattr(ast, "TypeAlias"):
    visits(ast.TypeAlias)(type_alias)


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
    for alias in node.names:
        put(alias.name if alias.asname is None else f"{alias.name} {alias.asname}")
        unit.place_at(alias.lineno, alias.col_offset)
    put(END)
    unit.events.append(node)


@visits(ast.Pass, ast.Break, ast.Continue)
def keyword(node: ast.Pass | ast.Break | ast.Continue, put: Sink, unit: Unit) -> None:  # noqa: ARG001  # every visitor has the same shape
    """Write a statement that is one word."""
    put("{" + type(node).__name__)
