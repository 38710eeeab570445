"""Parameters: the parameter list of a function or lambda as syntax."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.python.digest import END, Sink
from lestockage.languages.python.expressions import optional
from lestockage.languages.python.visit import VISITORS

if TYPE_CHECKING:
    import ast

    from lestockage.languages.python.unit import Unit


def parameters(node: ast.arguments, put: Sink, unit: Unit) -> None:
    """Write a parameter list; its annotations and defaults are the code of `unit`, which defines the function."""
    for argument in node.posonlyargs:
        parameter(argument, put, unit)
    if node.posonlyargs:
        put("/")
    for argument in node.args:
        parameter(argument, put, unit)
    put(END)
    for default in node.defaults:
        VISITORS[type(default)](default, put, unit)
    put(END)
    if node.vararg is not None:
        put("*")
        parameter(node.vararg, put, unit)
    for argument, given in zip(node.kwonlyargs, node.kw_defaults, strict=True):
        put("k")
        parameter(argument, put, unit)
        optional(given, put, unit)
    if node.kwarg is not None:
        put("**")
        parameter(node.kwarg, put, unit)
    put(END)


def parameter(node: ast.arg, put: Sink, unit: Unit) -> None:
    """Write one parameter and its annotation, if it has one."""
    if node.annotation is None:
        put(node.arg)
    else:
        put(":" + node.arg)
        VISITORS[type(node.annotation)](node.annotation, put, unit)
