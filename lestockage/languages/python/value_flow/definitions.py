"""Definitions: functions, classes and lambdas as values of the unit that holds them, their heads evaluated there."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lestockage.languages.python.value_flow.builder import NOTHING
from lestockage.languages.python.value_flow.displays import expose
from lestockage.languages.python.value_flow.evaluation import evaluates, value, variable
from lestockage.languages.python.value_flow.names import assign, called
from lestockage.languages.python.value_flow.opcodes import CREATE, DECORATE, DEFAULT, DEFINE

if TYPE_CHECKING:
    from lestockage.languages.python.unit import Definition
    from lestockage.languages.python.value_flow.builder import Builder


def function(node: ast.FunctionDef | ast.AsyncFunctionDef, b: Builder) -> None:
    """Make a function, decorate it, and bind its name."""
    decorators = _decorators(node, b)
    defaults = _defaults(node.args, b)
    for each in (*node.args.posonlyargs, *node.args.args, node.args.vararg, *node.args.kwonlyargs, node.args.kwarg):
        if each is not None and each.annotation is not None:
            annotation(each.annotation, b)
    if node.returns is not None:
        annotation(node.returns, b)
    _finish(node, _define(node, defaults, b), decorators, b)


def class_(node: ast.ClassDef, b: Builder) -> None:
    """Make a class, decorate it, and bind its name; its body runs here, and is a unit of its own."""
    decorators = _decorators(node, b)
    for base in node.bases:
        annotation(base, b)
    keywords = []
    for keyword in node.keywords:
        if keyword.arg == "metaclass":
            annotation(keyword.value, b)
        else:
            keywords.append((keyword.arg, variable(keyword.value, b)))
    if b.dirty:  # its body sees what is bound here
        called(b)
    found = _define(node, [], b)
    if found != NOTHING:
        b.emit((CREATE, found, tuple(keywords), b.site))
    _finish(node, found, decorators, b)


def _decorators(node: Definition, b: Builder) -> list[tuple[ast.expr, int]]:
    return [(decorator, variable(decorator, b)) for decorator in node.decorator_list]


def _finish(node: Definition, found: int, decorators: list[tuple[ast.expr, int]], b: Builder) -> None:
    for decorator, callee in reversed(decorators):
        b.private.discard(found)
        called(b, node.name)
        of, found = found, b.variable()
        b.emit((DECORATE, found, callee, of, b.ordinals.get((decorator,), -1)))
    if found != NOTHING:
        b.settled.add(found)
        if b.in_class and b.block:  # in a branch: the class may have no such method, or another
            found = b.resolve(b.gather([found]))
    assign(node.name, found, b)


def _define(node: Definition | ast.Lambda, defaults: list[tuple[str, int]], b: Builder) -> int:
    opened = b.opened.get(node)
    if opened is None:
        return NOTHING
    found = b.variable()
    name, ordinal = opened
    b.emit((DEFINE, found, name, ordinal))
    for parameter, default in defaults:
        b.private.discard(default)
        b.emit((DEFAULT, name, ordinal, parameter, default))
    return found


def _defaults(node: ast.arguments, b: Builder) -> list[tuple[str, int]]:
    """Evaluate the defaults of parameters: those that are worth anything, with the parameters' names."""
    found = []
    positional = [*node.posonlyargs, *node.args]
    for argument, default in zip(positional[len(positional) - len(node.defaults) :], node.defaults, strict=True):
        found.append((argument.arg, b.held(value(default, b))))
    for argument, keyword_default in zip(node.kwonlyargs, node.kw_defaults, strict=True):
        if keyword_default is not None:
            found.append((argument.arg, b.held(value(keyword_default, b))))
    return [(name, default) for name, default in found if default != NOTHING]


@evaluates(ast.Lambda)
def lambda_(node: ast.Lambda, b: Builder) -> int:
    """Make a lambda."""
    if b.saved:
        expose(b)
    return _define(node, _defaults(node.args, b), b)


def annotation(node: ast.expr, b: Builder) -> None:
    """Evaluate the calls in an annotation or base; all else that it says is for the unit it belongs to."""
    kind = type(node)
    if kind is ast.Name or kind is ast.Constant:
        return
    if kind is ast.Attribute:
        annotation(node.value, b)  # type: ignore[attr-defined]  # by exact type, which the checker does not follow
    elif kind is ast.Subscript:
        annotation(node.value, b)  # type: ignore[attr-defined]
        annotation(node.slice, b)  # type: ignore[attr-defined]
    elif kind is ast.Tuple or kind is ast.List:
        for each in node.elts:  # type: ignore[attr-defined]
            annotation(each, b)
    elif kind is ast.BinOp:
        annotation(node.left, b)  # type: ignore[attr-defined]
        annotation(node.right, b)  # type: ignore[attr-defined]
    else:
        value(node, b)
