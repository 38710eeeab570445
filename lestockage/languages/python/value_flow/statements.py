"""Statements: what each does to what is known, and where control goes from it."""

from __future__ import annotations

import ast
from ast import Constant, Name
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lestockage.languages.python.value_flow import assignments, blocks, definitions, loops, patterns
from lestockage.languages.python.value_flow.builder import NOTHING
from lestockage.languages.python.value_flow.calls import discarded
from lestockage.languages.python.value_flow.conditions import condition
from lestockage.languages.python.value_flow.evaluation import value, variable
from lestockage.languages.python.value_flow.names import assign, publish
from lestockage.languages.python.value_flow.opcodes import GENERATOR, IMPORT, RAISE, STAR
from lestockage.languages.python.value_flow.states import current, jump, merge, note, refine, restore, snapshot
from lestockage.languages.python.value_flow.targets import delete

if TYPE_CHECKING:
    from lestockage.languages.python.value_flow.builder import Builder, State

Stepper = Callable[[Any, "Builder"], None]


class _Steppers(dict[type, Stepper]):
    """The steppers by statement class; one that a newer Python has added (`type X = ...`) does nothing that is known."""

    __slots__ = ()

    def __missing__(self, kind: type) -> Stepper:
        return _nothing


STEPPERS = _Steppers()


def steps(*classes: type[ast.AST]) -> Callable[[Stepper], Stepper]:
    """Enter the decorated function as the stepper of these statement classes."""

    def enter(stepper: Stepper) -> Stepper:
        for kind in classes:
            STEPPERS[kind] = stepper
        return stepper

    return enter


def body(statements: list[ast.stmt], b: Builder) -> None:
    """Step through statements in order, each of which takes the next number, as in the flow graph; dead ones only take it."""
    for place, statement in enumerate(statements):
        if not b.live:
            skip(statements[place:], b)
            return
        number = b.number
        b.number = number + 1
        b.site = -2 - number
        if b.catch is not None and _may_raise(statement):
            note(b)
        STEPPERS[type(statement)](statement, b)


def _may_raise(node: ast.stmt) -> bool:
    """Tell whether executing a statement may raise, beyond what its parts do: binding a name to a name or constant does not."""
    kind = type(node)
    if kind is ast.Assign:
        return type(node.value) not in _PLAIN or any(type(target) is not Name for target in node.targets)  # type: ignore[attr-defined]
    return kind not in _SAFE


_PLAIN = frozenset({Name, Constant})
_SAFE = frozenset({ast.Pass, ast.Global, ast.Nonlocal, ast.Break, ast.Continue, ast.Try})


def skip(statements: list[ast.stmt], b: Builder) -> None:
    """Count statements that are never executed; a `yield` among them makes the unit a generator all the same."""
    pending: list[ast.AST] = [*statements]
    while pending:
        node = pending.pop()
        kind = type(node)
        if isinstance(node, (ast.stmt, ast.ExceptHandler, ast.match_case)):
            b.number += 1
        if kind is ast.Yield or kind is ast.YieldFrom:
            b.flags |= GENERATOR
        if kind in _DEFINITIONS:
            continue
        pending += ast.iter_child_nodes(node)


_DEFINITIONS = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda})


@steps(ast.Pass, ast.Global, ast.Nonlocal)
def _nothing(node: ast.stmt, b: Builder) -> None:
    """Leave everything as it is."""


@steps(ast.Expr)
def _expression(node: ast.Expr, b: Builder) -> None:
    if type(node.value) is not Constant:
        discarded(node.value, b)


@steps(ast.Return)
def _return(node: ast.Return, b: Builder) -> None:
    if node.value is not None:
        found = b.held(value(node.value, b))
        if found != NOTHING:
            b.results.append(b.entire.get(found, found))
            b.private.discard(found)
    if b.dirty:
        publish(b)
    jump("return", b)


@steps(ast.Raise)
def _raise(node: ast.Raise, b: Builder) -> None:
    for part in (node.exc, node.cause):
        if part is not None:
            found = variable(part, b)
            if found != NOTHING:
                b.private.discard(found)
                b.emit((RAISE, found, b.site))
    b.live = False


@steps(ast.Assert)
def _assert(node: ast.Assert, b: Builder) -> None:
    holds, fails = condition(node.test, b)
    if node.msg is not None and fails is not None:
        before = snapshot(b)
        refine(fails, b)
        value(node.msg, b)
        restore(before, b)
    if holds is None:
        b.live = False
    else:
        refine(holds, b)


@steps(ast.Delete)
def _delete(node: ast.Delete, b: Builder) -> None:
    for target in node.targets:
        delete(target, b)


@steps(ast.Import)
def _import(node: ast.Import, b: Builder) -> None:
    for alias in node.names:
        found = b.variable()
        b.settled.add(found)
        b.emit((IMPORT, found, alias.name, None if alias.asname is None else "", 0))
        assign(alias.asname or alias.name.partition(".")[0], found, b)


@steps(ast.ImportFrom)
def _import_from(node: ast.ImportFrom, b: Builder) -> None:
    for alias in node.names:
        if alias.name == "*":
            b.emit((STAR, node.module, node.level or 0))
            continue
        found = b.variable()
        b.settled.add(found)
        b.emit((IMPORT, found, node.module, alias.name, node.level or 0))
        assign(alias.asname or alias.name, found, b)


@steps(ast.Break)
def _break(node: ast.Break, b: Builder) -> None:  # noqa: ARG001  # every stepper has the same shape
    jump("break", b)


@steps(ast.Continue)
def _continue(node: ast.Continue, b: Builder) -> None:  # noqa: ARG001  # as above
    jump("continue", b)


STEPPERS[ast.FunctionDef] = STEPPERS[ast.AsyncFunctionDef] = definitions.function
STEPPERS[ast.ClassDef] = definitions.class_
STEPPERS[ast.Assign] = assignments.plain
STEPPERS[ast.AugAssign] = assignments.augmented
STEPPERS[ast.AnnAssign] = assignments.annotated


@steps(ast.If)
def _if(node: ast.If, b: Builder) -> None:
    holds, fails = condition(node.test, b)
    before = snapshot(b) if fails is not None else None
    block = b.block
    ends: list[State] = []
    if holds is None:
        skip(node.body, b)
    else:
        refine(holds, b)
        b.block = b.stands = b.stands + 1
        body(node.body, b)
        if b.live:
            ends.append(current(b))
    if before is None or fails is None:
        skip(node.orelse, b)
    else:
        restore(before, b)
        refine(fails, b)
        b.block = b.stands = b.stands + 1
        body(node.orelse, b)
        if b.live:
            ends.append(current(b))
    b.block = block
    merge(ends, b)


@steps(ast.For, ast.AsyncFor)
def _for(node: ast.For | ast.AsyncFor, b: Builder) -> None:
    loops.for_(node, b, body)


@steps(ast.While)
def _while(node: ast.While, b: Builder) -> None:
    loops.while_(node, b, body)


@steps(ast.With, ast.AsyncWith)
def _with(node: ast.With | ast.AsyncWith, b: Builder) -> None:
    blocks.with_(node, b, body)


@steps(ast.Try, *[ast.TryStar] if hasattr(ast, "TryStar") else [])
def _try(node: ast.Try, b: Builder) -> None:
    blocks.try_(node, b, body, skip)


@steps(ast.Match)
def _match(node: ast.Match, b: Builder) -> None:
    patterns.match(node, b, body, skip)
