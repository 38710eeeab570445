"""Expressions: the visitors of everything that has a value and opens no scope."""

from __future__ import annotations

import ast
from ast import Name
from typing import TYPE_CHECKING

from lestockage.languages.python.digest import CONSTANTS, END, NONE, OPERATORS, Sink
from lestockage.languages.python.visit import VISITORS, visits

if TYPE_CHECKING:
    from lestockage.languages.python.unit import Unit


_FEW = 256
_INTEGERS = [str(number) for number in range(_FEW)]
"""Nearly all the integers there are in code, as literals."""


@visits(ast.Name)
def name(node: ast.Name, put: Sink, unit: Unit) -> None:  # noqa: ARG001  # every visitor has the same shape
    """Write a name as itself; whether it is read or bound is said by where it stands."""
    put(node.id)


@visits(ast.Constant)
def constant(node: ast.Constant, put: Sink, unit: Unit) -> None:  # noqa: ARG001  # every visitor has the same shape
    """Write a literal so that equal values of different types differ, and `u"x"` from `"x"`, as they do in the syntax."""
    value = node.value
    if type(value) is str:
        put(f'u"{len(value)}:{value}' if node.kind else f'"{len(value)}:{value}')
    elif type(value) is int and value < _FEW:
        put(_INTEGERS[value])
    else:
        put(CONSTANTS[type(value)](value))


@visits(ast.Attribute)
def attribute(node: ast.Attribute, put: Sink, unit: Unit) -> None:
    """Write an attribute as one token and what it is an attribute of."""
    put("." + node.attr)
    value = node.value
    if type(value) is Name:
        put(value.id)
    else:
        VISITORS[type(value)](value, put, unit)


@visits(ast.Call)
def call(node: ast.Call, put: Sink, unit: Unit) -> None:
    """Note a call, its place first: the place's index is the call's ordinal."""
    function = node.func
    unit.ordinals[node] = len(unit.sites) >> 1
    put("{Call")
    if type(function) is Name:
        unit.sites += (function.lineno - unit.line, function.col_offset)
        put(function.id)
    else:
        unit.place(function)
        VISITORS[type(function)](function, put, unit)
    for argument in node.args:
        if type(argument) is Name:
            put(argument.id)
        else:
            VISITORS[type(argument)](argument, put, unit)
    for keyword in node.keywords:
        put("**" if keyword.arg is None else "=" + keyword.arg)
        value = keyword.value
        if type(value) is Name:
            put(value.id)
        else:
            VISITORS[type(value)](value, put, unit)
    put(END)


@visits(ast.Subscript)
def subscript(node: ast.Subscript, put: Sink, unit: Unit) -> None:
    """Write a subscript: what is indexed, and the index."""
    put("{Subscript")
    value = node.value
    if type(value) is Name:
        put(value.id)
    else:
        VISITORS[type(value)](value, put, unit)
    index = node.slice
    if type(index) is Name:
        put(index.id)
    else:
        VISITORS[type(index)](index, put, unit)


@visits(ast.Slice)
def slice_(node: ast.Slice, put: Sink, unit: Unit) -> None:
    """Write a slice with what is left out marked."""
    put("{Slice")
    optional(node.lower, put, unit)
    optional(node.upper, put, unit)
    optional(node.step, put, unit)


@visits(ast.Tuple, ast.List, ast.Set)
def display(node: ast.Tuple | ast.List | ast.Set, put: Sink, unit: Unit) -> None:
    """Write a tuple, list or set display with its elements in order."""
    put("{" + type(node).__name__)
    for element in node.elts:
        if type(element) is Name:
            put(element.id)
        else:
            VISITORS[type(element)](element, put, unit)
    put(END)


@visits(ast.Dict)
def dictionary(node: ast.Dict, put: Sink, unit: Unit) -> None:
    """Write a dict display pair by pair; `**x` has no key."""
    put("{Dict")
    for key, value in zip(node.keys, node.values, strict=True):
        optional(key, put, unit)
        VISITORS[type(value)](value, put, unit)
    put(END)


@visits(ast.BinOp)
def binary(node: ast.BinOp, put: Sink, unit: Unit) -> None:
    """Write a binary operation; the operator is its tag."""
    put(OPERATORS[type(node.op)])
    left = node.left
    if type(left) is Name:
        put(left.id)
    else:
        VISITORS[type(left)](left, put, unit)
    right = node.right
    if type(right) is Name:
        put(right.id)
    else:
        VISITORS[type(right)](right, put, unit)


@visits(ast.UnaryOp)
def unary(node: ast.UnaryOp, put: Sink, unit: Unit) -> None:
    """Write a unary operation; the operator is its tag."""
    put(OPERATORS[type(node.op)])
    VISITORS[type(node.operand)](node.operand, put, unit)


@visits(ast.BoolOp)
def boolean(node: ast.BoolOp, put: Sink, unit: Unit) -> None:
    """Write `and` or `or`; each operand but the first is a decision."""
    put(OPERATORS[type(node.op)])
    for value in node.values:
        VISITORS[type(value)](value, put, unit)
    put(END)
    unit.complexity += len(node.values) - 1


@visits(ast.Compare)
def comparison(node: ast.Compare, put: Sink, unit: Unit) -> None:
    """Write a comparison, chained ones with every operator beside its operand."""
    put("{Compare")
    left = node.left
    if type(left) is Name:
        put(left.id)
    else:
        VISITORS[type(left)](left, put, unit)
    for operator, right in zip(node.ops, node.comparators, strict=True):
        put(OPERATORS[type(operator)])
        if type(right) is Name:
            put(right.id)
        else:
            VISITORS[type(right)](right, put, unit)
    put(END)


@visits(ast.IfExp)
def conditional(node: ast.IfExp, put: Sink, unit: Unit) -> None:
    """Write a conditional expression, in the order of the source: a decision."""
    put("{IfExp")
    VISITORS[type(node.body)](node.body, put, unit)
    VISITORS[type(node.test)](node.test, put, unit)
    VISITORS[type(node.orelse)](node.orelse, put, unit)
    unit.complexity += 1


@visits(ast.Starred, ast.Await, ast.YieldFrom)
def wrapped(node: ast.Starred | ast.Await | ast.YieldFrom, put: Sink, unit: Unit) -> None:
    """Write `*x`, `await x` or `yield from x`."""
    put("{" + type(node).__name__)
    VISITORS[type(node.value)](node.value, put, unit)


@visits(ast.Yield)
def yielded(node: ast.Yield, put: Sink, unit: Unit) -> None:
    """Write `yield`, with or without a value."""
    put("{Yield")
    optional(node.value, put, unit)


@visits(ast.JoinedStr)
def formatted_string(node: ast.JoinedStr, put: Sink, unit: Unit) -> None:
    """Write an f-string: its literal parts and its fields in order."""
    put("{JoinedStr")
    for value in node.values:
        VISITORS[type(value)](value, put, unit)
    put(END)


@visits(ast.FormattedValue)
def formatted_value(node: ast.FormattedValue, put: Sink, unit: Unit) -> None:
    """Write one field of an f-string with its conversion and format."""
    put("{FormattedValue")
    put(str(node.conversion))
    VISITORS[type(node.value)](node.value, put, unit)
    optional(node.format_spec, put, unit)


def optional(node: ast.expr | None, put: Sink, unit: Unit) -> None:
    """Write an expression, or that there is none."""
    if node is None:
        put(NONE)
    elif type(node) is Name:
        put(node.id)
    else:
        VISITORS[type(node)](node, put, unit)
