"""Rendering: an expression as normalised source text, the text `ast.unparse` gives, at a tenth of its cost for what signatures hold."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from lestockage.languages.python.digest import integer_text

if TYPE_CHECKING:
    from collections.abc import Callable

ATOMS = (ast.Name, ast.Attribute, ast.Call, ast.Subscript)  # need no parentheses in front of a dot, a bracket or a call
OPERANDS = (*ATOMS, ast.Constant)  # need none beside an operator

UNWRITABLE = "..."  # an expression with an integer literal of more digits than the interpreter agrees to write


def render(node: ast.expr) -> str:
    """Return the expression as text; the same syntax gives the same text, whatever its layout."""
    renderer = RENDERERS.get(type(node))
    text = renderer(node) if renderer is not None else None
    return _unparse(node) if text is None else text


def render_keyword(node: ast.keyword) -> str:
    """Return a keyword argument as text: `name=value` or `**value`."""
    return f"**{render(node.value)}" if node.arg is None else f"{node.arg}={render(node.value)}"


def _unparse(node: ast.expr) -> str:
    try:
        return ast.unparse(node)
    except ValueError:
        return UNWRITABLE


def _constant(node: ast.Constant) -> str | None:
    value = node.value
    if type(value) is int:
        return integer_text(value)
    if type(value) is str:
        return "u" + repr(value) if node.kind else repr(value)
    if value is None or value is True or value is False:
        return repr(value)
    return None


def _attribute(node: ast.Attribute) -> str | None:
    return f"{render(node.value)}.{node.attr}" if isinstance(node.value, ATOMS) else None


def _call(node: ast.Call) -> str | None:
    if not isinstance(node.func, ATOMS):
        return None
    arguments = [render(argument) for argument in node.args]
    arguments += [render_keyword(keyword) for keyword in node.keywords]
    return f"{render(node.func)}({', '.join(arguments)})"


def _subscript(node: ast.Subscript) -> str | None:
    if not isinstance(node.value, ATOMS):
        return None
    index = node.slice
    if isinstance(index, ast.Tuple):
        if not index.elts or len(index.elts) == 1 or any(isinstance(element, ast.Starred) for element in index.elts):
            return None
        return f"{render(node.value)}[{', '.join([render(element) for element in index.elts])}]"
    return f"{render(node.value)}[{render(index)}]"


def _list(node: ast.List) -> str:
    return f"[{', '.join([render(element) for element in node.elts])}]"


def _tuple(node: ast.Tuple) -> str | None:
    if len(node.elts) < 2:
        return None
    return f"({', '.join([render(element) for element in node.elts])})"


def _dict(node: ast.Dict) -> str | None:
    pairs = []
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            return None
        pairs.append(f"{render(key)}: {render(value)}")
    return f"{{{', '.join(pairs)}}}"


def _union(node: ast.BinOp) -> str | None:
    left, right = node.left, node.right
    if type(node.op) is not ast.BitOr or not isinstance(right, OPERANDS):
        return None
    if isinstance(left, OPERANDS):
        return f"{render(left)} | {render(right)}"
    first = _union(left) if isinstance(left, ast.BinOp) else None
    return None if first is None else f"{first} | {render(right)}"


# Each gives None for what it leaves to ast.unparse: the whole node then, since only the node knows which of its parts need parentheses.
RENDERERS: dict[type[ast.expr], Callable[[Any], str | None]] = {
    ast.Name: lambda node: str(node.id),
    ast.Constant: _constant,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.Subscript: _subscript,
    ast.List: _list,
    ast.Tuple: _tuple,
    ast.Dict: _dict,
    ast.BinOp: _union,
}
