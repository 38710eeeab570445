"""Loop names: which names a loop may assign to: where it begins, each may have its value from the round before."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Names = dict[str, None]


def assigned(loop: ast.For | ast.AsyncFor | ast.While) -> Names:
    """Return the names that a loop assigns to, in order, `:=` in tests included."""
    found: Names = {}
    pending: list[ast.stmt] = [loop]
    while pending:
        node = pending.pop()
        collector = _COLLECTORS.get(type(node))
        if collector is not None:
            collector(node, found, pending)
    found.pop("*", None)
    return found


def _assign(node: ast.Assign, found: Names, pending: list[ast.stmt]) -> None:  # noqa: ARG001  # every collector has the same shape
    for target in node.targets:
        _targets(target, found)


def _targeted(node: ast.AugAssign | ast.AnnAssign, found: Names, pending: list[ast.stmt]) -> None:  # noqa: ARG001  # as above
    _targets(node.target, found)


def _for(node: ast.For | ast.AsyncFor, found: Names, pending: list[ast.stmt]) -> None:
    _targets(node.target, found)
    pending += node.orelse[::-1]
    pending += node.body[::-1]


def _tested(node: ast.If | ast.While, found: Names, pending: list[ast.stmt]) -> None:
    _walruses(node.test, found)
    pending += node.orelse[::-1]
    pending += node.body[::-1]


def _with(node: ast.With | ast.AsyncWith, found: Names, pending: list[ast.stmt]) -> None:
    for item in node.items:
        if item.optional_vars is not None:
            _targets(item.optional_vars, found)
    pending += node.body[::-1]


def _defined(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, found: Names, pending: list[ast.stmt]) -> None:  # noqa: ARG001  # as above
    found[node.name] = None


def _imported(node: ast.Import | ast.ImportFrom, found: Names, pending: list[ast.stmt]) -> None:  # noqa: ARG001  # as above
    for alias in node.names:
        found[alias.asname or alias.name.partition(".")[0]] = None


def _try(node: ast.Try, found: Names, pending: list[ast.stmt]) -> None:
    pending += node.finalbody[::-1]
    pending += node.orelse[::-1]
    for handler in node.handlers[::-1]:
        if handler.name is not None:
            found[handler.name] = None
        pending += handler.body[::-1]
    pending += node.body[::-1]


def _match(node: ast.Match, found: Names, pending: list[ast.stmt]) -> None:
    for case in node.cases[::-1]:
        for part in ast.walk(case.pattern):
            name = getattr(part, "name", None) or getattr(part, "rest", None)
            if name is not None:
                found[name] = None
        pending += case.body[::-1]


def _expression(node: ast.Expr | ast.Return, found: Names, pending: list[ast.stmt]) -> None:  # noqa: ARG001  # as above
    if node.value is not None:
        _walruses(node.value, found)


def _delete(node: ast.Delete, found: Names, pending: list[ast.stmt]) -> None:  # noqa: ARG001  # as above
    for target in node.targets:
        _targets(target, found)


_COLLECTORS: dict[type, Callable[[Any, Names, list[ast.stmt]], None]] = {
    ast.Assign: _assign,
    ast.AugAssign: _targeted,
    ast.AnnAssign: _targeted,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.If: _tested,
    ast.While: _tested,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.FunctionDef: _defined,
    ast.AsyncFunctionDef: _defined,
    ast.ClassDef: _defined,
    ast.Import: _imported,
    ast.ImportFrom: _imported,
    ast.Try: _try,
    ast.Match: _match,
    ast.Expr: _expression,
    ast.Delete: _delete,
}
if hasattr(ast, "TryStar"):
    _COLLECTORS[ast.TryStar] = _try


def _targets(node: ast.expr, found: Names) -> None:
    kind = type(node)
    if kind is ast.Name:
        found[node.id] = None  # type: ignore[attr-defined]  # by exact type, which the checker does not follow
    elif kind is ast.Tuple or kind is ast.List:
        for each in node.elts:  # type: ignore[attr-defined]
            _targets(each, found)
    elif kind is ast.Starred:
        _targets(node.value, found)  # type: ignore[attr-defined]


def _walruses(node: ast.expr, found: Names) -> None:
    """Add the names that `:=` binds in a test, where tests have them: in operands, comparisons and arguments."""
    kind = type(node)
    if kind is ast.NamedExpr:
        found[node.target.id] = None  # type: ignore[attr-defined]  # by exact type, which the checker does not follow
        _walruses(node.value, found)  # type: ignore[attr-defined]
    elif kind is ast.BoolOp:
        for each in node.values:  # type: ignore[attr-defined]
            _walruses(each, found)
    elif kind is ast.UnaryOp:
        _walruses(node.operand, found)  # type: ignore[attr-defined]
    elif kind is ast.Compare:
        _walruses(node.left, found)  # type: ignore[attr-defined]
        for each in node.comparators:  # type: ignore[attr-defined]
            _walruses(each, found)
    elif kind is ast.Call:
        for each in node.args:  # type: ignore[attr-defined]
            _walruses(each, found)
