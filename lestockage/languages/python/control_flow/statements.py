"""Statements: how control passes through each, with every way out: falling through, jumping, raising."""

from __future__ import annotations

import ast
from ast import Constant, Name
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lestockage.languages.python.control_flow import kinds
from lestockage.languages.python.control_flow.builder import Barrier, Loop
from lestockage.languages.python.control_flow.expressions import condition, optional, several, target, walk
from lestockage.languages.python.control_flow.kinds import NEXT, ON_BREAK, ON_CONTINUE, ON_EXCEPTION, ON_FALSE, ON_RETURN, ON_TRUE

if TYPE_CHECKING:
    from lestockage.languages.python.control_flow.builder import Builder, Frontier

Stepper = Callable[[Any, "Builder"], None]


class _Steppers(dict[type, Stepper]):
    """The steppers by statement class; one that a newer Python has added (`type X = ...`) binds the name it has and falls through."""

    __slots__ = ()

    def __missing__(self, kind: type) -> Stepper:
        return _unknown


def _unknown(node: ast.stmt, b: Builder) -> None:
    for part in ast.iter_child_nodes(node):
        if type(part) is Name and type(part.ctx) is ast.Store:
            b.write(part.id)
    b.point(kinds.ASSIGN)


STEPPERS = _Steppers()


def steps(*classes: type[ast.AST]) -> Callable[[Stepper], Stepper]:
    """Enter the decorated function as the stepper of these statement classes."""

    def enter(stepper: Stepper) -> Stepper:
        for kind in classes:
            STEPPERS[kind] = stepper
        return stepper

    return enter


def body(statements: list[ast.stmt], b: Builder) -> None:
    """Step through statements in order, each of which takes the next number."""
    for statement in statements:
        b.statement = number = b.statement_count
        b.statement_count = number + 1
        STEPPERS[type(statement)](statement, b)


def nested(statements: list[ast.stmt], b: Builder) -> None:
    """Step through the body of a compound statement, one level deeper."""
    b.nesting += 1
    b.deepest = max(b.deepest, b.nesting)
    body(statements, b)
    b.nesting -= 1


def _structure(b: Builder) -> None:
    """Count a structure that breaks the linear flow: one, and one for each level around it."""
    b.cognitive += 1 + b.nesting
    b.structural += 1


# -- simple statements


@steps(ast.Expr)
def _expression(node: ast.Expr, b: Builder) -> None:
    walk(node.value, b)
    b.point(kinds.EXPRESSION, is_raising=type(node.value) is not Constant)


@steps(ast.Assign)
def _assign(node: ast.Assign, b: Builder) -> None:
    value = node.value
    walk(value, b)
    is_plain = type(value) is Constant
    for each in node.targets:
        if type(each) is Name:
            b.write(each.id)
        else:
            is_plain = False
            target(each, b)
    b.point(kinds.ASSIGN, is_raising=not is_plain)


@steps(ast.AugAssign)
def _augmented(node: ast.AugAssign, b: Builder) -> None:
    place = node.target
    if type(place) is Name:
        b.read(place.id)
        walk(node.value, b)
        b.write(place.id)
    else:
        if type(place) is ast.Attribute:
            target(place, b)
        walk(place, b)
        walk(node.value, b)
    b.point(kinds.ASSIGN)


@steps(ast.AnnAssign)
def _annotated(node: ast.AnnAssign, b: Builder) -> None:
    optional(node.value, b)
    if type(node.target) is not Name or node.value is not None:
        target(node.target, b)
    if b.annotates:
        walk(node.annotation, b)
    is_plain = node.value is None or type(node.value) is Constant
    b.point(kinds.ASSIGN, is_raising=b.annotates or not is_plain or type(node.target) is not Name)


@steps(ast.Return)
def _return(node: ast.Return, b: Builder) -> None:
    value = node.value
    optional(value, b)
    b.point(kinds.RETURN, is_raising=not (value is None or type(value) is Constant))
    b.jump(ON_RETURN)


@steps(ast.Raise)
def _raise(node: ast.Raise, b: Builder) -> None:
    optional(node.exc, b)
    optional(node.cause, b)
    b.point(kinds.RAISE)
    b.frontier = []


@steps(ast.Assert)
def _assert(node: ast.Assert, b: Builder) -> None:
    if type(node.test) is Constant:  # what is asserted of a constant may be switched off (-O)
        index = b.point(kinds.TEST, is_raising=False)
        holds, fails = [(index, ON_TRUE)], [(index, ON_FALSE)]
    else:
        holds, fails = condition(node.test, b)
    b.frontier = fails
    optional(node.msg, b)
    b.point(kinds.ASSERT)
    b.frontier = holds


@steps(ast.Delete)
def _delete(node: ast.Delete, b: Builder) -> None:
    for each in node.targets:
        for name in ast.walk(each):
            if type(name) is Name and type(name.ctx) is ast.Del:
                b.read(name.id)
        target(each, b)
    b.point(kinds.DELETE)


@steps(ast.Import, ast.ImportFrom)
def _import(node: ast.Import | ast.ImportFrom, b: Builder) -> None:
    for alias in node.names:
        if alias.name != "*":
            bound = alias.asname or (alias.name.partition(".")[0] if type(node) is ast.Import else alias.name)
            b.write(bound)
    b.point(kinds.IMPORT)


@steps(ast.Global, ast.Nonlocal)
def _declaration(node: ast.Global | ast.Nonlocal, b: Builder) -> None:
    if type(node) is ast.Global:
        b.globals.update(dict.fromkeys(node.names))
    b.point(kinds.DECLARATION, is_raising=False)


@steps(ast.Pass)
def _pass(node: ast.Pass, b: Builder) -> None:  # noqa: ARG001  # every stepper has the same shape
    b.point(kinds.PASS, is_raising=False)


@steps(ast.Break)
def _break(node: ast.Break, b: Builder) -> None:  # noqa: ARG001  # as above
    b.point(kinds.BREAK, is_raising=False)
    b.jump(ON_BREAK)


@steps(ast.Continue)
def _continue(node: ast.Continue, b: Builder) -> None:  # noqa: ARG001  # as above
    b.point(kinds.CONTINUE, is_raising=False)
    b.jump(ON_CONTINUE)


@steps(ast.FunctionDef, ast.AsyncFunctionDef)
def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, b: Builder) -> None:
    """Make a function: its head is evaluated, its body is a unit of its own."""
    b.definitions[node] = b.nesting
    several(node.decorator_list, b)
    arguments = node.args
    several(arguments.defaults, b)
    for default in arguments.kw_defaults:
        optional(default, b)
    for each in (*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg):
        if each is not None and each.annotation is not None:
            walk(each.annotation, b)
    optional(node.returns, b)
    b.write(node.name)
    b.point(kinds.DEFINE)


@steps(ast.ClassDef)
def _class(node: ast.ClassDef, b: Builder) -> None:
    """Make a class: its body runs here, and is a unit of its own."""
    b.definitions[node] = b.nesting
    several(node.decorator_list, b)
    several(node.bases, b)
    for keyword in node.keywords:
        walk(keyword.value, b)
    b.write(node.name)
    b.point(kinds.DEFINE)


# -- branches and loops


@steps(ast.If)
def _if(node: ast.If, b: Builder) -> None:
    _structure(b)
    _branch(node, b)


def _branch(node: ast.If, b: Builder) -> None:
    """Walk a branch; an `else` that holds one `if` only is its `elif`, for the syntax is the same: one more, whatever the nesting."""
    b.mccabe += 1
    holds, fails = condition(node.test, b)
    b.frontier = holds
    nested(node.body, b)
    holds = b.frontier
    b.frontier = fails
    otherwise = node.orelse
    if otherwise:
        b.cognitive += 1
        if len(otherwise) == 1 and type(otherwise[0]) is ast.If:
            b.statement = b.statement_count
            b.statement_count += 1
            _branch(otherwise[0], b)
        else:
            nested(otherwise, b)
    b.frontier += holds


@steps(ast.While)
def _while(node: ast.While, b: Builder) -> None:
    _structure(b)
    b.mccabe += 1
    head = len(b.kinds)
    holds, fails = condition(node.test, b)
    while head in b.later:  # a body in the test that runs later is not where the loop begins
        head = b.later[head]
    b.frontier = holds
    _loop(node, Loop(head), fails, b)


@steps(ast.For, ast.AsyncFor)
def _for(node: ast.For | ast.AsyncFor, b: Builder) -> None:
    _structure(b)
    b.mccabe += 1
    walk(node.iter, b)
    b.point(kinds.ITERATE)
    b.pending_suspends = type(node) is ast.AsyncFor
    head, is_separate = len(b.kinds), type(node.target) is not Name
    if is_separate:  # the next item is fetched at one point, and what it is unpacked into is bound at others
        b.point(kinds.FOR)
        b.frontier = [(head, ON_TRUE)]
        target(node.target, b)
        b.point(kinds.ASSIGN)
    else:
        target(node.target, b)
        b.point(kinds.FOR)
        b.frontier = [(head, ON_TRUE)]
    _loop(node, Loop(head), [(head, ON_FALSE)], b)


def _loop(node: ast.For | ast.AsyncFor | ast.While, loop: Loop, fails: Frontier, b: Builder) -> None:
    """Walk the body of a loop, back to its head, and its `else`; the frontier is left behind the loop."""
    b.frames.append(loop)
    nested(node.body, b)
    b.frames.pop()
    b.lead(b.frontier, loop.head, NEXT)
    b.frontier = fails
    if node.orelse:
        b.cognitive += 1
        nested(node.orelse, b)
    b.frontier += loop.breaks


@steps(ast.Match)
def _match(node: ast.Match, b: Builder) -> None:
    _structure(b)
    walk(node.subject, b)
    b.point(kinds.MATCH)
    ends: Frontier = []
    for case in node.cases:
        b.statement = b.statement_count
        b.statement_count += 1
        _pattern(case.pattern, b)
        index = b.point(kinds.CASE)
        is_certain = irrefutable(case.pattern)
        b.frontier = [(index, ON_TRUE)]
        fails: Frontier = [] if is_certain else [(index, ON_FALSE)]
        if case.guard is not None:
            b.frontier, unguarded = condition(case.guard, b)
            fails += unguarded
        b.mccabe += 1
        nested(case.body, b)
        ends += b.frontier
        b.frontier = fails
    last = node.cases[-1]
    if last.guard is None and irrefutable(last.pattern):
        b.mccabe -= 1
    b.frontier += ends


def irrefutable(pattern: ast.pattern) -> bool:
    """Tell whether a pattern matches whatever comes: `_`, a name, or alternatives of which one does."""
    if isinstance(pattern, ast.MatchAs):
        return pattern.pattern is None or irrefutable(pattern.pattern)
    return isinstance(pattern, ast.MatchOr) and any(irrefutable(each) for each in pattern.patterns)


def _pattern(pattern: ast.pattern, b: Builder) -> None:
    """Note what a pattern compares with, and what it captures."""
    for node in ast.walk(pattern):
        kind = type(node)
        if kind is ast.MatchValue:
            walk(node.value, b)  # type: ignore[attr-defined]  # by exact type, which the checker does not follow
        elif kind is ast.MatchClass:
            walk(node.cls, b)  # type: ignore[attr-defined]
        elif kind is ast.MatchMapping:
            several(node.keys, b)  # type: ignore[attr-defined]
            if node.rest is not None:  # type: ignore[attr-defined]
                b.write(node.rest)  # type: ignore[attr-defined]
        elif (kind is ast.MatchAs or kind is ast.MatchStar) and node.name is not None:  # type: ignore[attr-defined]
            b.write(node.name)  # type: ignore[attr-defined]


# -- blocks that are left through something


@steps(ast.With, ast.AsyncWith)
def _with(node: ast.With | ast.AsyncWith, b: Builder) -> None:
    _entered(node, node.items, b.statement, b)


def _entered(node: ast.With | ast.AsyncWith, items: list[ast.withitem], number: int, b: Builder) -> None:
    """Enter the first of the items that are left, and what follows inside it. Its exit may swallow what was raised within."""
    if not items:
        body(node.body, b)
        return
    first = items[0]
    walk(first.context_expr, b)
    is_async = type(node) is ast.AsyncWith
    bound = first.optional_vars
    if type(bound) is Name:
        b.write(bound.id)
    b.pending_suspends = is_async
    b.point(kinds.WITH)
    barrier = Barrier()
    outer, b.raisers = b.raisers, barrier.raisers
    b.frames.append(barrier)
    if bound is not None and type(bound) is not Name:
        target(bound, b)
        b.point(kinds.ASSIGN)
    _entered(node, items[1:], number, b)
    b.frames.pop()
    b.raisers = outer
    is_left = bool(b.frontier or barrier.raisers)
    b.frontier += [(index, ON_EXCEPTION) for index in barrier.raisers]
    for arriving in barrier.jumps.values():
        b.frontier += arriving
    b.statement = number
    b.pending_suspends = is_async
    index = b.point(kinds.WITH_EXIT)
    _go_on(barrier, index, b)
    b.frontier = [(index, NEXT)] if is_left else []


def _go_on(barrier: Barrier, index: int, b: Builder) -> None:
    """Let every jump that came to a barrier go on from its end."""
    for kind in barrier.jumps:
        b.frontier = [(index, NEXT)]
        b.jump(kind)


@steps(ast.Try, *[ast.TryStar] if hasattr(ast, "TryStar") else [])
def _try(node: ast.Try, b: Builder) -> None:
    if not node.finalbody:
        _handled(node, b)
        return
    number = b.statement
    barrier = Barrier()
    outer, b.raisers = b.raisers, barrier.raisers
    b.frames.append(barrier)
    _handled(node, b)
    b.frames.pop()
    b.raisers = outer
    is_left = bool(b.frontier)
    b.frontier += [(index, ON_EXCEPTION) for index in barrier.raisers]
    for arriving in barrier.jumps.values():
        b.frontier += arriving
    b.statement = number
    b.point(kinds.FINALLY, is_raising=False)
    body(node.finalbody, b)
    if not b.frontier:  # the block leaves by itself: what was under way is forgotten
        return
    b.statement = number
    index = b.point(kinds.FINALLY_END, is_raising=bool(barrier.raisers))
    _go_on(barrier, index, b)
    b.frontier = [(index, NEXT)] if is_left else []


def _handled(node: ast.Try, b: Builder) -> None:
    """Walk the block with its handlers and its `else`; what no handler takes goes on to what is around."""
    if not node.handlers:
        body(node.body, b)
        body(node.orelse, b)
        return
    number = b.statement
    outer = b.raisers
    raisers: list[int] = []
    b.raisers = raisers
    first = len(b.kinds)
    body(node.body, b)
    b.raisers = outer
    if not raisers:  # nothing raises by itself: what comes from outside (Ctrl-C) may come at any point
        raisers += range(first, len(b.kinds))
    completed = b.frontier
    b.frontier = [(index, ON_EXCEPTION) for index in raisers]
    ends: Frontier = []
    is_group = type(node) is not ast.Try
    pending: list[int] = []  # except*: what a handler raises waits for the others
    for handler in node.handlers:
        b.statement = b.statement_count
        b.statement_count += 1
        _structure(b)
        b.mccabe += 1
        optional(handler.type, b)
        if handler.name is not None:
            b.write(handler.name)
        b.frontier += [(index, ON_EXCEPTION) for index in pending]
        index = b.point(kinds.EXCEPT, is_raising=handler.type is not None)
        b.frontier = [(index, ON_TRUE)]
        if is_group:
            b.raisers = pending = []
        nested(handler.body, b)
        b.raisers = outer
        if is_group:
            b.frontier.append((index, ON_FALSE))
        else:
            ends += b.frontier
            b.frontier = [(index, ON_FALSE)]
    if is_group:
        b.frontier += [(index, ON_EXCEPTION) for index in pending]
        b.statement = number
        b.point(kinds.EXCEPT_END)
        ends = b.frontier
    b.frontier = completed
    if node.orelse:
        b.mccabe += 1
        body(node.orelse, b)
    b.frontier += ends
