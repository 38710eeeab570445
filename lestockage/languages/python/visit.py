"""Visit: the table of what to do with each class of syntax node.

A visitor writes a node's tokens to a sink and leaves what it says on the unit it belongs to. One plain function per node class,
dispatched by exact type, costs a fraction of `ast.NodeVisitor`; the commonest child, a name that is read, is written without a call
at all. Functions call functions, never through C code, so on Python 3.11 nesting uses no C stack (`depth` relies on it).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from lestockage.languages.python.digest import CONSTANTS, END, NONE, Sink
from lestockage.languages.python.unit import Unit

Visitor = Callable[[Any, Sink, Unit], None]  # (node, where its tokens go, whose code it is)
TargetVisitor = Callable[[Any, Sink, Unit, list[str]], None]  # and the list that takes the names it binds

VISITORS: dict[type, Visitor] = {}
TARGETS: dict[type, TargetVisitor] = {}

V = TypeVar("V", bound=Visitor)
T = TypeVar("T", bound=TargetVisitor)


def visits(*classes: type[ast.AST]) -> Callable[[V], V]:
    """Enter the decorated function as the visitor of these node classes."""

    def enter(visitor: V) -> V:
        for kind in classes:
            VISITORS[kind] = visitor
        return visitor

    return enter


def binds(*classes: type[ast.AST]) -> Callable[[T], T]:
    """Enter the decorated function as the visitor of these node classes where they are assigned to or deleted."""

    def enter(visitor: T) -> T:
        for kind in classes:
            TARGETS[kind] = visitor
        return visitor

    return enter


def visit_any(node: ast.AST, put: Sink, unit: Unit) -> None:
    """Write a node of a class that nothing else is known about, such as one that a newer Python has added: every field, in order."""
    put("{" + type(node).__name__)
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, list):
            for item in value:
                _write(item, put, unit)
            put(END)
        else:
            _write(value, put, unit)


def complete() -> None:
    """Give `visit_any` to every node class that has no visitor; called once, when all visitors have been entered."""
    for kind in _subclasses(ast.AST):
        VISITORS.setdefault(kind, visit_any)


def _subclasses(kind: type[ast.AST]) -> Iterator[type[ast.AST]]:
    for below in kind.__subclasses__():
        yield below
        yield from _subclasses(below)


def _write(value: object, put: Sink, unit: Unit) -> None:
    if isinstance(value, ast.AST):
        VISITORS[type(value)](value, put, unit)
    elif value is None:
        put(NONE)
    elif isinstance(value, str):
        put(f'"{len(value)}:{value}')
    else:
        put(CONSTANTS[type(value)](value))
