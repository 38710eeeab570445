"""Operations: operators and the expressions that suspend, name or format a value."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lestockage.languages.python.value_flow.builder import LITERALS, NOTHING, NUMBER, TEXT
from lestockage.languages.python.value_flow.conditions import truth
from lestockage.languages.python.value_flow.evaluation import evaluates, value, variable
from lestockage.languages.python.value_flow.names import assign, called
from lestockage.languages.python.value_flow.opcodes import AWAIT, BINARY, DELEGATE, GENERATOR, METHOD, RECEIVE

if TYPE_CHECKING:
    from lestockage.languages.python.value_flow.builder import Builder

OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.MatMult: "matmul",
    ast.Div: "truediv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.LShift: "lshift",
    ast.RShift: "rshift",
    ast.BitOr: "or",
    ast.BitXor: "xor",
    ast.BitAnd: "and",
    ast.FloorDiv: "floordiv",
}
_UNARY: dict[type[ast.unaryop], str] = {ast.USub: "__neg__", ast.UAdd: "__pos__", ast.Invert: "__invert__"}
_CONVERSIONS = {114: "__repr__", 115: "__str__", 97: "__repr__", -1: "__format__"}


@evaluates(ast.BinOp)
def binary(node: ast.BinOp, b: Builder) -> int:
    """Apply an operator to two values."""
    left = value(node.left, b)
    right = value(node.right, b)
    return operate(left, right, OPERATORS[type(node.op)], b)


def operate(left: int, right: int, name: str, b: Builder) -> int:
    """Return the result of an operator; of literals, it is a literal of the first one's type."""
    if left < 0 and right < 0:
        return left if left > NUMBER or right == NOTHING else right
    left = b.use(left)
    right = b.use(right)
    found = b.variable()
    b.emit((BINARY, found, left, right, name, b.site))
    return found


@evaluates(ast.UnaryOp)
def unary(node: ast.UnaryOp, b: Builder) -> int:
    """Apply an operator to one value."""
    found = value(node.operand, b)
    if type(node.op) is ast.Not:
        if type(node.operand) is not ast.Compare:
            truth(found, b)
        return LITERALS[bool]
    if found < 0:
        return found
    result = b.variable()
    b.emit((METHOD, result, b.use(found), _UNARY[type(node.op)], (), b.site))
    return result


@evaluates(ast.NamedExpr)
def walrus(node: ast.NamedExpr, b: Builder) -> int:
    """Bind a name outside the comprehensions around; where that is not always evaluated, its value before may be left."""
    found = value(node.value, b)
    name = node.target.id
    for around in b.saved:
        around[name] = b.join([around.get(name, NOTHING), found])
    assign(name, b.join([b.env.get(name, NOTHING), found]) if b.conditional and not b.saved else found, b)
    return found


@evaluates(ast.Await)
def await_(node: ast.Await, b: Builder) -> int:
    """Wait for a value."""
    found = variable(node.value, b)
    called(b)
    if found == NOTHING:
        return NOTHING
    result = b.variable()
    b.emit((AWAIT, result, found, b.site))
    return result


@evaluates(ast.Yield)
def yield_(node: ast.Yield, b: Builder) -> int:
    """Hand a value out, and take in what is sent."""
    b.flags |= GENERATOR
    if node.value is not None:
        found = b.held(value(node.value, b))
        if found != NOTHING:
            b.yields.append(found)
            b.private.discard(found)
    called(b)
    received = b.variable()
    b.emit((RECEIVE, received))
    return received


@evaluates(ast.YieldFrom)
def yield_from(node: ast.YieldFrom, b: Builder) -> int:
    """Hand out the elements of another iterable."""
    b.flags |= GENERATOR
    found = variable(node.value, b)
    b.private.discard(found)
    called(b)
    if found == NOTHING:
        return NOTHING
    result = b.variable()
    b.emit((DELEGATE, result, found, b.site))
    return result


@evaluates(ast.JoinedStr)
def formatted(node: ast.JoinedStr, b: Builder) -> int:
    """Make a text of its parts."""
    for part in node.values:
        if type(part) is ast.FormattedValue:
            found = value(part.value, b)
            if found >= 0:
                b.emit((METHOD, NOTHING, b.use(found), _CONVERSIONS[part.conversion], (), b.site))
            if part.format_spec is not None:
                value(part.format_spec, b)
    return TEXT


@evaluates(ast.Starred)
def starred(node: ast.Starred, b: Builder) -> int:
    """Evaluate what is spread; where that can be, the one who evaluates the whole takes it apart."""
    value(node.value, b)
    return NOTHING
