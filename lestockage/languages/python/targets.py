"""Targets: the visitors of what is assigned to or deleted."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lestockage.languages.python.digest import END, Sink
from lestockage.languages.python.visit import TARGETS, VISITORS, binds

if TYPE_CHECKING:
    from lestockage.languages.python.unit import Unit


@binds(ast.Name)
def name(node: ast.Name, put: Sink, unit: Unit, bound: list[str]) -> None:  # noqa: ARG001  # every target visitor has the same shape
    """Note a name that is bound."""
    put(node.id)
    bound.append(node.id)


@binds(ast.Tuple, ast.List)
def sequence(node: ast.Tuple | ast.List, put: Sink, unit: Unit, bound: list[str]) -> None:
    """Walk the targets that a value is unpacked into."""
    put("{" + type(node).__name__)
    for element in node.elts:
        TARGETS[type(element)](element, put, unit, bound)
    put(END)


@binds(ast.Starred)
def starred(node: ast.Starred, put: Sink, unit: Unit, bound: list[str]) -> None:
    """Walk the target that takes the rest."""
    put("{Starred")
    TARGETS[type(node.value)](node.value, put, unit, bound)


@binds(ast.Attribute)
def attribute(node: ast.Attribute, put: Sink, unit: Unit, bound: list[str]) -> None:  # noqa: ARG001  # every target visitor has the same shape
    """Note an attribute of a name: it may be `self`. What is assigned is unknown here; `assignments.assign` knows it in the plain case."""
    VISITORS[ast.Attribute](node, put, unit)
    if type(node.value) is ast.Name:
        unit.attributes.append((node, None, None))


@binds(ast.Subscript)
def subscript(node: ast.Subscript, put: Sink, unit: Unit, bound: list[str]) -> None:  # noqa: ARG001  # every target visitor has the same shape
    """Walk an item that is assigned: it binds no name."""
    VISITORS[ast.Subscript](node, put, unit)
