"""Assignments: statements that give a name, attribute or item a value or a type."""

from __future__ import annotations

import ast
from ast import Name
from typing import TYPE_CHECKING

from lestockage.languages.python.value_flow import assumptions, definitions
from lestockage.languages.python.value_flow.affixes import COMPOSING, affixes
from lestockage.languages.python.value_flow.builder import NOTHING, NUMBER
from lestockage.languages.python.value_flow.calls import perform
from lestockage.languages.python.value_flow.evaluation import base, load, value, variable
from lestockage.languages.python.value_flow.names import assign, read
from lestockage.languages.python.value_flow.opcodes import ANNOTATED, ITEM, LITERAL, MATCHES
from lestockage.languages.python.value_flow.operations import OPERATORS, operate
from lestockage.languages.python.value_flow.paths import constant_key, store_attribute, store_item, subscript
from lestockage.languages.python.value_flow.targets import assign_all, bind

if TYPE_CHECKING:
    from lestockage.languages.python.value_flow.builder import Builder


def plain(node: ast.Assign, b: Builder) -> None:
    """Assign a value to targets; what a call gives that makes it is seen by nobody before."""
    targets = node.targets
    assigned = node.value
    if len(targets) == 1 and type(targets[0]) is Name:
        name = targets[0].id
        if b.in_class and name == "__match_args__":
            _matched(assigned, b)
        kind = type(assigned)
        found = perform(assigned, b, name) if kind is ast.Call else value(assigned, b)  # type: ignore[arg-type]  # by exact type
        if kind in COMPOSING and (ends := affixes(assigned)) is not None:
            found = _composed(found, ends, b)
        b.env[name] = found
        if b.tracks:
            b.dirty[name] = None
    else:
        assign_all(targets, assigned, b)


def _composed(found: int, ends: tuple[str, str], b: Builder) -> int:
    """Return a text of which it is known how it begins and ends."""
    if found < 0:
        found = b.variable()
        b.emit((LITERAL, found, "str"))
    b.affixes[found] = ends
    return found


def _matched(node: ast.expr, b: Builder) -> None:
    """Say what patterns of the class take by position."""
    if isinstance(node, ast.Tuple | ast.List):
        names = tuple([key for key in map(constant_key, node.elts) if type(key) is str])
        if len(names) == len(node.elts):
            b.emit((MATCHES, names))


def augmented(node: ast.AugAssign, b: Builder) -> None:
    """Assign what an operator makes of a target's value and another."""
    target = node.target
    name = "i" + OPERATORS[type(node.op)]
    if type(target) is Name:
        before = read(target.id, b)
        b.unread.discard(before)
        assign(target.id, operate(before, value(node.value, b), name, b), b)
    elif type(target) is ast.Attribute:
        of = base(target.value, b)
        before = NOTHING if of == NOTHING else load(of, target.attr, b)
        store_attribute(of, target.attr, operate(before, value(node.value, b), name, b), b)
    elif isinstance(target, ast.Subscript):
        _augmented_item(target, node, name, b)


def _augmented_item(target: ast.Subscript, node: ast.AugAssign, name: str, b: Builder) -> None:
    if type(target.slice) is ast.Slice:
        bind(target, operate(subscript(target, b), value(node.value, b), name, b), b)
    else:
        of = variable(target.value, b)
        key = constant_key(target.slice)
        keyvar = NOTHING if key is not None else variable(target.slice, b)
        before = NOTHING
        if of != NOTHING:
            before = b.variable()
            b.emit((ITEM, before, of, key, keyvar, b.site))
        store_item(of, key, keyvar, operate(before, value(node.value, b), name, b), b)


def annotated(node: ast.AnnAssign, b: Builder) -> None:
    """Assign to an annotated target, or only say what it will be."""
    target = node.target
    is_valued = node.value is not None
    found = value(node.value, b) if node.value is not None else NOTHING
    if not b.is_function:
        definitions.annotation(node.annotation, b)
    if type(target) is Name:
        if is_valued and found <= NUMBER:  # a number whatever its annotation
            assign(target.id, found, b)
            return
        if b.in_class:
            _declared(target.id, node.annotation, b)
            if is_valued:
                assign(target.id, found, b)
            return
        assumed = b.gather([] if found == NOTHING else [found])
        assumptions.assume(b.resolve(assumed), node.annotation, b)
        if is_valued or not b.is_function:
            assign(target.id, assumed, b)
        else:  # what is only declared has no value yet, but will have one of this class
            b.env.setdefault(target.id, assumed)
        return
    if type(target) is ast.Attribute and type(target.value) is Name and b.receiver != NOTHING and b.env.get(target.value.id) == b.receiver:
        _declared(target.attr, node.annotation, b)
    if is_valued:
        bind(target, found, b)


def _declared(name: str, annotation: ast.expr, b: Builder) -> None:
    """Say what an attribute of instances is."""
    before = len(b.ops)
    assumed = b.variable()
    assumptions.assume(assumed, annotation, b)
    if len(b.ops) > before:
        b.emit((ANNOTATED, name, assumed))
    elif b.in_class:
        b.emit((ANNOTATED, name, NOTHING))  # a field of which nothing is known but that it is one
