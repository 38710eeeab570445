"""Paths: attributes and items under constant keys, of which what was last stored is known until somebody else may store there."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lestockage.languages.python.value_flow.builder import NOTHING
from lestockage.languages.python.value_flow.evaluation import base, evaluates, value, variable
from lestockage.languages.python.value_flow.opcodes import ITEM, KEEP, SETITEM, SLICE, STORE

if TYPE_CHECKING:
    from lestockage.languages.python.value_flow.builder import Builder, Key

_LARGEST = 1 << 63


@evaluates(ast.Subscript)
def subscript(node: ast.Subscript, b: Builder) -> int:
    """Read an item or a slice."""
    of = base(node.value, b)
    index = node.slice
    if type(index) is ast.Slice:
        bounds(index, b)
        if of == NOTHING:
            return NOTHING
        b.unread.discard(of)
        found = b.variable()
        limits = _limits(index)
        b.emit((SLICE, found, of, b.site) if limits is None else (SLICE, found, of, b.site, *limits))
        return found
    key = constant_key(index)
    keyvar = NOTHING
    if key is None:
        keyvar = variable(index, b)
    elif b.paths:
        known = b.paths.get((of, 0, key))
        if known is not None:
            return known
    if of == NOTHING:
        return NOTHING
    b.unread.discard(of)
    found = b.variable()
    b.emit((ITEM, found, of, key, keyvar, b.site))
    return found


def bounds(node: ast.Slice, b: Builder) -> None:
    """Evaluate the parts of a slice."""
    for part in (node.lower, node.upper, node.step):
        if part is not None and type(part) is not ast.Constant:
            value(part, b)


def _limits(node: ast.Slice) -> tuple[int | None, int | None] | None:
    """Return where a slice begins and ends, if that is constant, and it leaves nothing out between."""
    if node.step is not None:
        return None
    found: list[int | None] = []
    for part in (node.lower, node.upper):
        limit = None if part is None else constant_key(part)
        if part is not None and type(limit) is not int:
            return None
        found.append(limit if type(limit) is int else None)
    return found[0], found[1]


def constant_key(node: ast.expr) -> Key | None:
    """Return the key that a constant is in a summary: text for all but strings and integers; None for what is no constant."""
    if type(node) is ast.Constant:
        found = node.value
        if type(found) is str:
            return found if found.isascii() or _encodes(found) else ascii(found)
        if type(found) is int and found < _LARGEST:
            return found
        return repr(found)
    if type(node) is ast.UnaryOp and type(node.op) is ast.USub and type(node.operand) is ast.Constant:
        negated = node.operand.value
        if type(negated) is int and negated <= _LARGEST:
            return -negated
    return None


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return False
    return True


def store_attribute(of: int, name: str, stored: int, b: Builder) -> None:
    """Assign to an attribute of a variable: what was known of that attribute of objects that may be the same is known no longer."""
    if of == NOTHING:
        return
    held = b.held(stored)
    b.emit((KEEP if b.parameters and _is_kept(of, name, held, b) else STORE, of, name, held, b.site))
    _forget(of, name, b)
    b.paths[of, name] = held
    b.private.discard(held)


def _is_kept(of: int, name: str, held: int, b: Builder) -> bool:
    """Tell whether a parameter is stored as it is in the object that is made; note what its annotation says of the attribute."""
    if of != b.real.get(b.receiver):
        return False
    for place, annotation in b.parameters:
        if b.real.get(place) == held and place != b.receiver:
            if annotation is not None:
                b.kept.append((name, annotation))
            return True
    return False


def _forget(of: int, name: str, b: Builder) -> None:
    if b.paths:
        private = b.private
        for path in [path for path in b.paths if path[1] == name and path[0] != of and path[0] not in private]:
            del b.paths[path]


def forget_items(of: int, key: Key | None, b: Builder) -> None:
    """Forget what is known of an item of a variable (of every item: None), and of what may be the same container."""
    private = b.private
    for path in list(b.paths):
        if len(path) == 3 and (path[0] == of or path[0] not in private) and (key is None or path[2] == key):
            del b.paths[path]


def store_item(of: int, key: Key | None, keyvar: int, stored: int, b: Builder) -> None:
    """Assign to an item: of a container that nobody has looked at, what was there before was never there."""
    if of == NOTHING:
        return
    held = b.held(stored)
    if b.paths:
        forget_items(of, key, b)
    if key is None:
        b.unread.discard(of)
    else:
        if of in b.unread and b.catch is None:
            before = b.puts.get((of, key))
            if before is not None and before[1] == b.block:
                b.ops[before[0]] = None
            b.puts[of, key] = (len(b.ops), b.block)
        b.paths[of, 0, key] = held
    b.emit((SETITEM, of, key, keyvar, held, b.site))
    b.private.discard(held)
