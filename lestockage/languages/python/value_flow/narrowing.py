"""Narrowing: what it tells of a value that it is an instance of some class, or of none."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lestockage.languages.python.value_flow.builder import NOTHING
from lestockage.languages.python.value_flow.evaluation import base, variable
from lestockage.languages.python.value_flow.names import read
from lestockage.languages.python.value_flow.opcodes import INSTANCE_OF, NARROW

if TYPE_CHECKING:
    from lestockage.languages.python.value_flow.builder import Builder, Path

Known = list[tuple["str | Path", int]]
"""What one outcome of a test tells: places and the values they have then."""


def place_of(node: ast.expr, b: Builder) -> tuple[str | Path, int] | None:
    """Return where a value that is tested can be found again, and the value; None for what is computed."""
    if type(node) is ast.NamedExpr:
        node = node.target
    if type(node) is ast.Name:
        found = read(node.id, b)
        b.env.setdefault(node.id, found)
        return node.id, found
    if type(node) is ast.Attribute and type(node.value) is ast.Name:
        of = base(node.value, b)
        if of != NOTHING:
            known = b.paths.get((of, node.attr))
            return (of, node.attr), NOTHING if known is None else known
    return None


def instance(tested: ast.expr, classes: ast.expr, b: Builder) -> tuple[Known, Known]:
    """Return what `isinstance` tells of a name, or of an attribute of one."""
    place = place_of(tested, b) if _is_plain(classes) else None
    if place is None:
        return [], []
    where, found = place
    if isinstance(where, tuple) and where not in b.paths:
        found = variable(tested, b)
    found = b.use(found) if found >= NOTHING else NOTHING
    each = _classes(classes, [], b)
    return [(where, narrowed(found, each, b))], [(where, excluded(found, each, b))]


def _is_plain(node: ast.expr) -> bool:
    """Tell whether classes are named, so that naming them again runs nothing."""
    while type(node) is ast.Attribute:
        node = node.value
    if type(node) is ast.Tuple:
        return not [each for each in node.elts if not _is_plain(each)]
    return type(node) is ast.Name or (type(node) is ast.BinOp and _is_plain(node.left) and _is_plain(node.right))


def _classes(node: ast.expr, found: list[int], b: Builder) -> list[int]:
    """Add the variable of each class that is asked for."""
    if type(node) is ast.Tuple:
        for element in node.elts:
            _classes(element, found, b)
    elif type(node) is ast.BinOp and type(node.op) is ast.BitOr:
        _classes(node.left, found, b)
        _classes(node.right, found, b)
    else:
        found.append(variable(node, b))
    return found


def narrowed(found: int, classes: list[int], b: Builder) -> int:
    """Return a value of which it is known that it is an instance of one of some classes."""
    results = []
    for cls in classes:
        if cls != NOTHING:
            result = b.variable()
            b.emit((INSTANCE_OF, result, cls) if found == NOTHING else (NARROW, result, found, cls, 1))
            if found != NOTHING:
                b.origins[result] = b.origins.get(found, found)
            results.append(result)
    if not results:
        return found
    joined = b.join(results)
    if len(results) > 1 and found != NOTHING:
        b.origins[joined] = b.origins.get(found, found)
    return joined


def excluded(found: int, classes: list[int], b: Builder) -> int:
    """Return a value of which it is known that it is an instance of none of some classes."""
    for cls in classes:
        if NOTHING not in (cls, found):
            result = b.variable()
            b.emit((NARROW, result, found, cls, 0))
            b.origins[result] = b.origins.get(found, found)
            found = result
    return found
