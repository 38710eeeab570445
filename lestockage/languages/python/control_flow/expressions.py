"""Expressions: what evaluating one reads and binds, and where control forks inside it.

`walk` leaves what an expression reads with the point to come. Operands that are not always evaluated (`and`, `or`, `if else`, chained
comparisons), elements and conditions of comprehensions, and `:=` have points of their own, before that of the whole statement. Bodies of
generator expressions run later, if at all: they are entered from nowhere in the graph, by a "deferred" point. Those of lambdas are units.
One plain function per node class, dispatched by exact type, as in `visit`.
"""

from __future__ import annotations

import ast
from ast import Attribute, Constant, Name
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from lestockage.languages.python.control_flow.kinds import (
    COMPREHENSION,
    DEFERRED,
    ELEMENT,
    ITERATE,
    NEXT,
    ON_FALSE,
    ON_TRUE,
    OPERAND,
    RESULT,
    TEST,
    WALRUS,
)

if TYPE_CHECKING:
    from lestockage.languages.python.control_flow.builder import Builder, Frontier

Walker = Callable[[Any, "Builder"], None]


class _Walkers(dict[type, Walker]):
    """The walkers by node class; of a class that a newer Python has added, the expressions in it are walked in order."""

    __slots__ = ()

    def __missing__(self, kind: type) -> Walker:
        return _parts


def _parts(node: ast.AST, b: Builder) -> None:
    for part in ast.iter_child_nodes(node):
        if isinstance(part, ast.expr):
            WALKERS[type(part)](part, b)


WALKERS = _Walkers()


def walks(*classes: type[ast.AST]) -> Callable[[Walker], Walker]:
    """Enter the decorated function as the walker of these node classes."""

    def enter(walker: Walker) -> Walker:
        for kind in classes:
            WALKERS[kind] = walker
        return walker

    return enter


def walk(node: ast.expr, b: Builder) -> None:
    """Walk any expression."""
    if type(node) is Name:
        b.read(node.id)
    elif type(node) is not Constant:
        WALKERS[type(node)](node, b)


def optional(node: ast.expr | None, b: Builder) -> None:
    """Walk an expression that may be absent."""
    if node is not None:
        walk(node, b)


def several(nodes: list[ast.expr], b: Builder) -> None:
    """Walk expressions in order."""
    for node in nodes:
        if type(node) is Name:
            b.read(node.id)
        elif type(node) is not Constant:
            WALKERS[type(node)](node, b)


@walks(ast.Name)
def _name(node: ast.Name, b: Builder) -> None:
    b.read(node.id)


@walks(ast.Constant)
def _constant(node: ast.Constant, b: Builder) -> None:
    """Read nothing."""


@walks(ast.Attribute)
def attribute(node: ast.Attribute, b: Builder) -> None:
    """Walk what the attribute belongs to, and note the access where that is a name or a chain from one."""
    value = node.value
    if type(value) is Name:
        b.access(value.id, node.attr, 0)
        b.read(value.id)
        return
    if type(value) is Attribute:
        chain = chained(node)
        if chain is not None:
            b.access(*chain, 0)
            b.read(chain[0])
            return
    WALKERS[type(value)](value, b)


def chained(node: ast.Attribute) -> tuple[str, str] | None:
    """Return the name at the root of a chain of attributes and the dotted rest; None for any other expression."""
    names = [node.attr]
    value = node.value
    while type(value) is Attribute:
        names.append(value.attr)
        value = value.value
    if type(value) is not Name:
        return None
    names.reverse()
    return value.id, ".".join(names)


@walks(ast.Call)
def _call(node: ast.Call, b: Builder) -> None:
    function = node.func
    if type(function) is Attribute:
        WALKERS[type(function.value)](function.value, b)  # what is called is a call's matter, no access
    else:
        WALKERS[type(function)](function, b)
    several(node.args, b)
    for keyword in node.keywords:
        value = keyword.value
        if type(value) is Name:
            b.read(value.id)
        elif type(value) is not Constant:
            WALKERS[type(value)](value, b)


@walks(ast.BinOp)
def _binary(node: ast.BinOp, b: Builder) -> None:
    WALKERS[type(node.left)](node.left, b)
    WALKERS[type(node.right)](node.right, b)


@walks(ast.UnaryOp)
def _unary(node: ast.UnaryOp, b: Builder) -> None:
    WALKERS[type(node.operand)](node.operand, b)


@walks(ast.Subscript)
def _subscript(node: ast.Subscript, b: Builder) -> None:
    WALKERS[type(node.value)](node.value, b)
    WALKERS[type(node.slice)](node.slice, b)


@walks(ast.Slice)
def _slice(node: ast.Slice, b: Builder) -> None:
    optional(node.lower, b)
    optional(node.upper, b)
    optional(node.step, b)


@walks(ast.Tuple, ast.List, ast.Set)
def _display(node: ast.Tuple | ast.List | ast.Set, b: Builder) -> None:
    several(node.elts, b)


@walks(ast.JoinedStr)
def _joined(node: ast.JoinedStr, b: Builder) -> None:
    several(node.values, b)


@walks(ast.FormattedValue)
def _formatted(node: ast.FormattedValue, b: Builder) -> None:
    WALKERS[type(node.value)](node.value, b)
    optional(node.format_spec, b)


@walks(ast.Starred)
def _starred(node: ast.Starred, b: Builder) -> None:
    WALKERS[type(node.value)](node.value, b)


@walks(ast.Dict)
def _dictionary(node: ast.Dict, b: Builder) -> None:
    for key, value in zip(node.keys, node.values, strict=True):
        optional(key, b)
        WALKERS[type(value)](value, b)


@walks(ast.Compare)
def _comparison(node: ast.Compare, b: Builder) -> None:
    WALKERS[type(node.left)](node.left, b)
    if len(node.ops) == 1:
        WALKERS[type(node.comparators[0])](node.comparators[0], b)
        return
    _chain_of_operands(node.comparators, b, ON_TRUE, ON_FALSE)


@walks(ast.BoolOp)
def _boolean(node: ast.BoolOp, b: Builder) -> None:
    b.cognitive += 1
    stays, leaves = (ON_TRUE, ON_FALSE) if type(node.op) is ast.And else (ON_FALSE, ON_TRUE)
    _chain_of_operands(node.values, b, stays, leaves)


def _chain_of_operands(operands: Sequence[ast.expr], b: Builder, stays: int, leaves: int) -> None:
    """Walk operands of which each may be the last that is evaluated: what it decides by leads on, or out of them all."""
    leaving: Frontier = []
    for operand in operands[:-1]:
        WALKERS[type(operand)](operand, b)
        index = b.point(OPERAND)
        leaving.append((index, leaves))
        b.frontier = [(index, stays)]
    WALKERS[type(operands[-1])](operands[-1], b)
    b.point(OPERAND)
    b.frontier += leaving


@walks(ast.IfExp)
def _conditional(node: ast.IfExp, b: Builder) -> None:
    b.cognitive += 1 + b.nesting
    b.structural += 1
    b.nesting += 1
    holds, fails = condition(node.test, b)
    b.frontier = holds
    WALKERS[type(node.body)](node.body, b)
    b.point(OPERAND)
    holds = b.frontier
    b.frontier = fails
    WALKERS[type(node.orelse)](node.orelse, b)
    b.point(OPERAND)
    b.frontier += holds
    b.nesting -= 1


@walks(ast.NamedExpr)
def _walrus(node: ast.NamedExpr, b: Builder) -> None:
    """Bind the name outside the comprehensions around (PEP 572), at a point of its own: what follows reads the new value."""
    WALKERS[type(node.value)](node.value, b)
    b.pending_defines.append(node.target.id)
    b.point(WALRUS)


@walks(ast.Yield)
def _yield(node: ast.Yield, b: Builder) -> None:
    optional(node.value, b)
    b.pending_suspends = True


@walks(ast.YieldFrom, ast.Await)
def _delegated(node: ast.YieldFrom | ast.Await, b: Builder) -> None:
    WALKERS[type(node.value)](node.value, b)
    b.pending_suspends = True


@walks(ast.ListComp, ast.SetComp)
def _comprehension(node: ast.ListComp | ast.SetComp, b: Builder) -> None:
    _begin(node.generators, b)
    _generate(node.generators, [node.elt], b)
    b.close_scope()


@walks(ast.DictComp)
def _dict_comprehension(node: ast.DictComp, b: Builder) -> None:
    _begin(node.generators, b)
    _generate(node.generators, [node.key, node.value], b)
    b.close_scope()


@walks(ast.GeneratorExp)
def _generator(node: ast.GeneratorExp, b: Builder) -> None:
    """Evaluate the first iterable now and leave the rest to whoever asks for elements.

    The rest begins at a point that nothing in the graph leads to, and ends at the exit. What it reads of the variables around it, it reads
    at an unknown time: the dependences take that into account (`reaching`).
    """
    _begin(node.generators, b)
    uses, defines = b.pending_uses[:], b.pending_defines[:]
    b.pending_uses.clear()
    b.pending_defines.clear()
    suspends, b.pending_suspends = b.pending_suspends, False
    frontier, b.frontier = b.frontier, []
    raisers, b.raisers = b.raisers, b.uncaught
    first = b.point(DEFERRED, is_raising=False)
    _generate(node.generators, [node.elt], b)
    b.later[first] = b.point(RESULT) + 1
    b.returns += b.frontier
    b.close_scope()
    b.pending_uses += uses
    b.pending_defines += defines
    b.pending_suspends = suspends
    b.frontier, b.raisers = frontier, raisers


@walks(ast.Lambda)
def _lambda(node: ast.Lambda, b: Builder) -> None:
    """Evaluate the defaults; the body is a unit of its own."""
    b.definitions[node] = b.nesting
    arguments = node.args
    several(arguments.defaults, b)
    for default in arguments.kw_defaults:
        optional(default, b)


def _begin(clauses: list[ast.comprehension], b: Builder) -> None:
    """Evaluate the first iterable outside, then open the comprehension's scope."""
    WALKERS[type(clauses[0].iter)](clauses[0].iter, b)
    b.point(ITERATE)
    names = [node.id for clause in clauses for node in ast.walk(clause.target) if type(node) is Name and type(node.ctx) is ast.Store]
    b.open_scope(names)


def _generate(clauses: list[ast.comprehension], elements: list[ast.expr], b: Builder) -> None:
    """Walk the loops of a comprehension; the frontier is left where the outermost is exhausted."""
    heads: list[int] = []
    for clause in clauses:
        if heads:
            WALKERS[type(clause.iter)](clause.iter, b)
            b.point(ITERATE)
        target(clause.target, b)
        b.pending_suspends = bool(clause.is_async)
        head = b.point(COMPREHENSION)
        if heads:
            b.edges += (head, heads[-1], ON_FALSE)
        heads.append(head)
        b.frontier = [(head, ON_TRUE)]
        for test in clause.ifs:
            holds, fails = condition(test, b)
            b.lead(fails, head, NEXT)
            b.frontier = holds
    several(elements, b)
    b.point(ELEMENT)
    b.lead(b.frontier, heads[-1], NEXT)
    b.frontier = [(heads[0], ON_FALSE)]


def condition(test: ast.expr, b: Builder) -> tuple[Frontier, Frontier]:
    """Walk a test and return where control goes on when it holds, and when it fails; a constant never does the other."""
    kind = type(test)
    if kind is ast.BoolOp:
        return _short_circuit(test, b)  # type: ignore[arg-type]  # by exact type, which the checker does not follow
    if kind is ast.UnaryOp and type(test.op) is ast.Not:  # type: ignore[attr-defined]
        holds, fails = condition(test.operand, b)  # type: ignore[attr-defined]
        return fails, holds
    if kind is Constant:
        index = b.point(TEST, is_raising=False)
        return ([(index, ON_TRUE)], []) if test.value else ([], [(index, ON_FALSE)])  # type: ignore[attr-defined]
    WALKERS[type(test)](test, b)
    index = b.point(TEST)
    return [(index, ON_TRUE)], [(index, ON_FALSE)]


def _short_circuit(test: ast.BoolOp, b: Builder) -> tuple[Frontier, Frontier]:
    b.cognitive += 1
    is_and = type(test.op) is ast.And
    leaving: Frontier = []
    *others, last = test.values
    for operand in others:
        holds, fails = condition(operand, b)
        leaving += fails if is_and else holds
        b.frontier = holds if is_and else fails
    holds, fails = condition(last, b)
    return (holds, fails + leaving) if is_and else (holds + leaving, fails)


def target(node: ast.expr, b: Builder) -> None:
    """Walk what is assigned to or deleted: names are bound; attributes and items read what they belong to, after what was bound before."""
    kind = type(node)
    if kind is Name:
        b.write(node.id)  # type: ignore[attr-defined]  # by exact type, which the checker does not follow
    elif kind is Attribute:
        _separate(b)
        chain = chained(node)  # type: ignore[arg-type]
        if chain is None:
            WALKERS[type(node.value)](node.value, b)  # type: ignore[attr-defined]
        else:
            b.access(*chain, 1)
            b.read(chain[0])
    elif kind is ast.Starred:
        target(node.value, b)  # type: ignore[attr-defined]
    elif kind is ast.Tuple or kind is ast.List:
        for element in node.elts:  # type: ignore[attr-defined]
            target(element, b)
    else:
        _separate(b)
        WALKERS[type(node)](node, b)


def _separate(b: Builder) -> None:
    """Bind at a point of their own the names that a target before has bound: `x = x.next = y` reads the new x."""
    if b.pending_defines:
        b.point(WALRUS)
