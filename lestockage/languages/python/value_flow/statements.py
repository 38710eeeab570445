"""Statements: what each does to what is known, and where control goes from it."""

from __future__ import annotations

import ast
from ast import Constant, Name
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lestockage.languages.python.value_flow import assumptions, blocks, definitions, loops, patterns
from lestockage.languages.python.value_flow.builder import NOTHING, NUMBER
from lestockage.languages.python.value_flow.calls import discarded, perform
from lestockage.languages.python.value_flow.conditions import condition
from lestockage.languages.python.value_flow.evaluation import base, load, value, variable
from lestockage.languages.python.value_flow.names import assign, publish, read
from lestockage.languages.python.value_flow.opcodes import ANNOTATED, GENERATOR, IMPORT, ITEM, RAISE, STAR
from lestockage.languages.python.value_flow.operations import OPERATORS, operate
from lestockage.languages.python.value_flow.paths import constant_key, store_attribute, store_item, subscript
from lestockage.languages.python.value_flow.states import current, jump, merge, note, refine, restore, snapshot
from lestockage.languages.python.value_flow.targets import assign_all, bind, delete

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


@steps(ast.Assign)
def _assign(node: ast.Assign, b: Builder) -> None:
    targets = node.targets
    assigned = node.value
    if len(targets) == 1 and type(targets[0]) is Name:
        name = targets[0].id
        if type(assigned) is ast.Call:
            assign(name, perform(assigned, b, is_wanted=True, besides=name), b)
        else:
            assign(name, value(assigned, b), b)
    else:
        assign_all(targets, assigned, b)


@steps(ast.AugAssign)
def _augmented(node: ast.AugAssign, b: Builder) -> None:
    target = node.target
    name = "i" + OPERATORS[type(node.op)]
    if type(target) is Name:
        before = read(target.id, b)
        b.unread.discard(before)
        assign(target.id, operate(before, value(node.value, b), name, b), b)
    elif type(target) is ast.Attribute:
        of = base(target.value, b)
        before = NOTHING if of == NOTHING else load(of, target.attr, b)
        store_attribute(of, target.attr, operate(before, value(node.value, b), name, b), b)
    elif isinstance(target, ast.Subscript):
        _augmented_item(target, node, name, b)


def _augmented_item(target: ast.Subscript, node: ast.AugAssign, name: str, b: Builder) -> None:
    if type(target.slice) is ast.Slice:
        bind(target, operate(subscript(target, b), value(node.value, b), name, b), b)
    else:
        of = variable(target.value, b)
        key = constant_key(target.slice)
        keyvar = NOTHING if key is not None else variable(target.slice, b)
        before = NOTHING
        if of != NOTHING:
            before = b.variable()
            b.emit((ITEM, before, of, key, keyvar, b.site))
        store_item(of, key, keyvar, operate(before, value(node.value, b), name, b), b)


@steps(ast.AnnAssign)
def _annotated(node: ast.AnnAssign, b: Builder) -> None:
    target = node.target
    is_valued = node.value is not None
    found = value(node.value, b) if node.value is not None else NOTHING
    if not b.is_function:
        definitions.annotation(node.annotation, b)
    if type(target) is Name:
        if is_valued and found <= NUMBER:  # a number whatever its annotation
            assign(target.id, found, b)
            return
        if b.in_class:
            _declared(target.id, node.annotation, b)
            if is_valued:
                assign(target.id, found, b)
            return
        assumed = b.gather([] if found == NOTHING else [found])
        assumptions.assume(b.resolve(assumed), node.annotation, b)
        if is_valued or not b.is_function:
            assign(target.id, assumed, b)
        else:  # what is only declared has no value yet, but will have one of this class
            b.env.setdefault(target.id, assumed)
        return
    if type(target) is ast.Attribute and type(target.value) is Name and b.receiver != NOTHING and b.env.get(target.value.id) == b.receiver:
        _declared(target.attr, node.annotation, b)
    if is_valued:
        bind(target, found, b)


def _declared(name: str, annotation: ast.expr, b: Builder) -> None:
    """Say what an attribute of instances is."""
    before = len(b.ops)
    assumed = b.variable()
    assumptions.assume(assumed, annotation, b)
    if len(b.ops) > before:
        b.emit((ANNOTATED, name, assumed))


@steps(ast.Return)
def _return(node: ast.Return, b: Builder) -> None:
    if node.value is not None:
        found = b.held(value(node.value, b))
        if found != NOTHING:
            b.results.append(found)
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
