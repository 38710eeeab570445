"""Affixes: how a name begins and ends that is put together of a constant and something else: `f"visit_{kind}"`."""

from __future__ import annotations

import ast

LEAST = 3
"""Characters from which on an affix says which attributes may be meant."""


COMPOSING = frozenset({ast.JoinedStr, ast.BinOp, ast.Call})
"""Expressions that put texts together."""


def affixes(node: ast.expr) -> tuple[str, str] | None:
    """Return the constant beginning and end of a text, where they can be those of a name; None where nothing is known."""
    found = _parts(node)
    if found is None or len(found[0]) + len(found[1]) < LEAST or not f"{found[0]}_{found[1]}".isidentifier():
        return None
    return found


def _parts(node: ast.expr) -> tuple[str, str] | None:
    if isinstance(node, ast.JoinedStr):
        return (_text(node.values[0]), _text(node.values[-1])) if len(node.values) > 1 else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _beginning(node.left), _text(node.right)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return _around(_text(node.left), "%s", "%s")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return _around(_text(node.func.value), "{", "}")
    return None


def _beginning(node: ast.expr) -> str:
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        node = node.left
    return _text(node)


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _around(text: str, opening: str, closing: str) -> tuple[str, str] | None:
    """Return what stands before the first place that is filled in and behind the last."""
    return (text.partition(opening)[0], text.rpartition(closing)[2]) if opening in text and closing in text else None
