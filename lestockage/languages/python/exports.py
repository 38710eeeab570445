"""Exports: the value of `__all__`, where it can be read without running the module."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lestockage.languages.python.unit import Unit


def exports(unit: Unit) -> tuple[str, ...] | None:
    """Return the names in a module's `__all__`, in order and once each; None when any statement that binds or changes it can't be followed.

    Lists and tuples of strings, their sums, `+=`, `append`, `extend` and `remove` are followed, in source order, those in branches too.
    """
    if len(unit.exports) != unit.assigned.count("__all__"):
        return None
    names: dict[str, None] = {}
    for statement in _statements(unit):
        if isinstance(statement, ast.Call):
            if not _called(statement, names):
                return None
            continue
        found = _strings(statement.value) if statement is not None else None
        if found is None or (isinstance(statement, ast.AugAssign) and not isinstance(statement.op, ast.Add)):
            return None
        names.update(dict.fromkeys(found))
    return tuple(names)


def _statements(unit: Unit) -> Sequence[ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Call | None]:
    """Return all that binds or changes `__all__`, in source order, None for what can't be read."""
    calls = [
        sited
        for sited in unit.ordinals
        if isinstance(sited, ast.Call)
        and isinstance(sited.func, ast.Attribute)
        and isinstance(sited.func.value, ast.Name)
        and sited.func.value.id == "__all__"
    ]
    if not calls:
        return unit.exports
    if None in unit.exports:
        return [None]
    known = [statement for statement in unit.exports if statement is not None]
    changes: list[ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Call] = [*known, *calls]
    return sorted(changes, key=lambda node: (node.lineno, node.col_offset))


def _called(call: ast.Call, names: dict[str, None]) -> bool:
    """Apply a method call on `__all__` to the names; False for one that can't be followed."""
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if len(call.args) != 1 or call.keywords:
        return False
    if method == "extend":
        found = _strings(call.args[0])
    elif method in ("append", "remove"):
        found = _strings(ast.Tuple([call.args[0]]))
    else:
        found = None
    if found is None:
        return False
    if method == "remove":
        names.pop(found[0], None)
    else:
        names.update(dict.fromkeys(found))
    return True


def _strings(expression: ast.expr | None) -> list[str] | None:
    """Return the strings of a list, tuple or set display, or of a sum of them; None for anything else. Any number of summands is fine."""
    found: list[str] = []
    pending = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            pending += (node.right, node.left)
        elif isinstance(node, ast.List | ast.Tuple | ast.Set):
            for element in node.elts:
                # A lone surrogate is in no name that could be exported, and no store could keep it.
                if not (isinstance(element, ast.Constant) and isinstance(element.value, str) and element.value.isidentifier()):
                    return None
                found.append(element.value)
        else:
            return None
    return found
