"""Targets: what assigning to a name, attribute, item or several of them does."""

from __future__ import annotations

import ast
from ast import Name
from typing import TYPE_CHECKING

from lestockage.languages.python.value_flow.builder import NOTHING
from lestockage.languages.python.value_flow.evaluation import base, value, variable
from lestockage.languages.python.value_flow.names import assign, unbind
from lestockage.languages.python.value_flow.opcodes import DELETE, METHOD, REST, UNPACK
from lestockage.languages.python.value_flow.paths import bounds, constant_key, forget_items, store_attribute, store_item

if TYPE_CHECKING:
    from lestockage.languages.python.value_flow.builder import Builder


def bind(node: ast.expr, stored: int, b: Builder) -> None:
    """Assign a value to a target."""
    kind = type(node)
    if kind is Name:
        assign(node.id, stored, b)  # type: ignore[attr-defined]  # by exact type, which the checker does not follow
    elif kind is ast.Attribute:
        store_attribute(base(node.value, b), node.attr, stored, b)  # type: ignore[attr-defined]
    elif kind is ast.Tuple or kind is ast.List:
        _unpack(node.elts, stored, b)  # type: ignore[attr-defined]
    elif kind is ast.Subscript:
        _item(node, stored, b)  # type: ignore[arg-type]
    elif kind is ast.Starred:
        bind(node.value, stored, b)  # type: ignore[attr-defined]


def _item(node: ast.Subscript, stored: int, b: Builder) -> None:
    of = base(node.value, b)
    index = node.slice
    if type(index) is ast.Slice:
        bounds(index, b)
        store_item(of, None, NOTHING, stored, b)
        return
    key = constant_key(index)
    keyvar = variable(index, b) if key is None else NOTHING
    b.private.discard(keyvar)
    store_item(of, key, keyvar, stored, b)


def _unpack(targets: list[ast.expr], source: int, b: Builder) -> None:
    """Assign the elements of one value to several targets."""
    source = b.use(source)
    count = len(targets)
    star = next((place for place, each in enumerate(targets) if type(each) is ast.Starred), None)
    values = []
    for place in range(count):
        if source == NOTHING:
            values.append(NOTHING)
        elif place == star:
            found = b.variable()
            b.emit((REST, found, source, place, count - place - 1, b.new_number(), b.site))
            values.append(found)
        else:
            known = b.paths.get((source, 0, place)) if star is None or place < star else None
            if known is None:
                known = b.variable()
                index = place if star is None or place < star else place - count
                b.emit((UNPACK, known, source, index, count if star is None else -1, b.site))
            values.append(known)
    b.unread.discard(source)
    for each, found in zip(targets, values, strict=True):
        bind(each, found, b)


def assign_all(targets: list[ast.expr], node: ast.expr, b: Builder) -> None:
    """Assign an expression to targets; a display that is unpacked at once makes no container."""
    if len(targets) == 1 and type(targets[0]) in (ast.Tuple, ast.List) and type(node) in (ast.Tuple, ast.List):
        places, elements = targets[0].elts, node.elts  # type: ignore[attr-defined]
        if len(places) == len(elements) and not any(type(each) is ast.Starred for each in (*places, *elements)):
            values = [value(each, b) for each in elements]
            for place, found in zip(places, values, strict=True):
                bind(place, found, b)
            return
    found = value(node, b)
    for target in targets:
        bind(target, found, b)


def delete(node: ast.expr, b: Builder) -> None:
    """Unbind a target."""
    kind = type(node)
    if kind is Name:
        unbind(node.id, b)  # type: ignore[attr-defined]  # by exact type, which the checker does not follow
    elif kind is ast.Attribute:
        of = base(node.value, b)  # type: ignore[attr-defined]
        if of != NOTHING:
            b.emit((METHOD, NOTHING, of, "__delattr__", (), b.site))
            b.emit((DELETE, of, node.attr, b.site))  # type: ignore[attr-defined]
            b.paths.pop((of, node.attr), None)  # type: ignore[attr-defined]
    elif kind is ast.Tuple or kind is ast.List:
        for each in node.elts:  # type: ignore[attr-defined]
            delete(each, b)
    elif kind is ast.Subscript:
        of = variable(node.value, b)  # type: ignore[attr-defined]
        index = node.slice  # type: ignore[attr-defined]
        if type(index) is ast.Slice:
            bounds(index, b)
            keyvar = NOTHING
        else:
            keyvar = variable(index, b)
        if of != NOTHING:
            b.emit((METHOD, NOTHING, of, "__delitem__", (keyvar,), b.site))
            forget_items(of, None, b)
