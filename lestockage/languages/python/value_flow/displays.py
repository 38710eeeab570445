"""Displays: containers that an expression makes, and comprehensions, whose loops run in the unit."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from lestockage.languages.python.value_flow.builder import LITERALS, NOTHING, NUMBER, PLAIN_TUPLE
from lestockage.languages.python.value_flow.conditions import condition
from lestockage.languages.python.value_flow.evaluation import evaluates, value, variable
from lestockage.languages.python.value_flow.opcodes import EXTEND, ITERATE, MAKE, PUT, PUT_KEY
from lestockage.languages.python.value_flow.paths import constant_key
from lestockage.languages.python.value_flow.states import refine
from lestockage.languages.python.value_flow.targets import bind

if TYPE_CHECKING:
    from lestockage.languages.python.value_flow.builder import Builder, Key

_SMALL: Final = 16
"""Elements up to which each position of a display counts; a longer one is data."""

_KINDS: Final = {
    ast.List: "list",
    ast.Tuple: "tuple",
    ast.Set: "set",
    ast.ListComp: "list",
    ast.SetComp: "set",
    ast.GeneratorExp: "generator",
}


def make(kind: str, length: int, b: Builder) -> int:
    """Return a new container."""
    found = b.variable()
    b.emit((MAKE, found, kind, b.new_number(), length))
    b.private.add(found)
    return found


@evaluates(ast.List, ast.Tuple, ast.Set)
def display(node: ast.List | ast.Tuple | ast.Set, b: Builder) -> int:
    """Make a list, tuple or set; elements behind a starred one have no known position."""
    elements = node.elts
    if (
        type(node) is ast.Tuple
        and elements
        and type(elements[0]) is ast.Constant
        and not [each for each in elements if type(each) is not ast.Constant or type(each.value) is str]
    ):
        return PLAIN_TUPLE
    values: list[tuple[Key | None, int]] = []
    kind = _KINDS[type(node)]
    is_placed = kind != "set" and len(elements) <= _SMALL
    spreads: list[int] = []
    shift = 0  # by what has been spread so far
    for place, element in enumerate(elements):
        if type(element) is ast.Constant:
            found = LITERALS.get(type(element.value), NOTHING)
            if NUMBER < found < NOTHING:
                values.append((place + shift if is_placed else None, found))
        elif type(element) is ast.Starred:
            spread = variable(element.value, b)
            known = elements_of(spread, b) if is_placed else None
            if known is None:
                is_placed = False
                spreads.append(spread)
            else:
                values += [(count, each) for count, each in enumerate(known, place + shift)]
                shift += len(known) - 1
        else:
            values.append((place + shift if is_placed else None, value(element, b)))
    made = make(kind, NOTHING if spreads else len(elements) + shift, b)
    if is_placed:
        b.unread.add(made)
        b.lengths[made] = len(elements) + shift
    if values:
        put_all(made, values, b)
    for spread in spreads:
        if spread != NOTHING:
            b.emit((EXTEND, made, spread, b.site))
    return made


def elements_of(source: int, b: Builder) -> list[int] | None:
    """Return the elements of a list or tuple, if all of them are known."""
    length = b.lengths.get(source)
    if length is None:
        return None
    paths = b.paths
    found = [paths[source, 0, place] for place in range(length) if (source, 0, place) in paths]
    return found if len(found) == length else None


def put_all(made: int, values: list[tuple[Key | None, int]], b: Builder) -> None:
    """Put values under their keys into a new container, literals of one type under no key only once."""
    done: set[int] = set()
    for key, found in values:
        if key is None and found in done:
            continue
        done.add(found)
        held = b.held(found)
        if key is not None:
            b.paths[made, 0, key] = held
        if held != NOTHING:
            if key is not None:
                b.puts[made, key] = (len(b.ops), b.block)
            b.emit((PUT, made, key, held))
            b.private.discard(held)


@evaluates(ast.Dict)
def dictionary(node: ast.Dict, b: Builder) -> int:
    """Make a dict: later keys replace earlier ones, and what is spread may replace any before it."""
    is_plain = len(node.keys) <= 4 * _SMALL
    values: dict[Key, int] = {}
    others: list[tuple[int, int]] = []
    spreads: list[int] = []
    for key, each in zip(node.keys, node.values, strict=True):
        if key is None:
            spreads.append(variable(each, b))
            is_plain = False
            continue
        constant = constant_key(key)
        if constant is None:
            keyvar = variable(key, b)
            others.append((keyvar, value(each, b)))
            is_plain = False
        else:
            values.pop(constant, None)
            values[constant] = value(each, b)
    made = make("dict", NOTHING if spreads else len(node.keys), b)
    if is_plain:
        b.unread.add(made)
        put_all(made, list(values.items()), b)
    else:
        for constant, found in values.items():
            put(made, constant, found, b)
        if not others and len(spreads) == 1 and node.keys[0] is None and len(node.keys) <= 4 * _SMALL:
            b.paths.update({(made, 0, constant): b.held(found) for constant, found in values.items()})
    for keyvar, found in others:
        put(made, None, found, b)
        put_key(made, keyvar, b)
    for spread in spreads:
        if spread != NOTHING:
            b.emit((EXTEND, made, spread, b.site))
    return made


def put(made: int, key: Key | None, found: int, b: Builder) -> None:
    """Put a value into a container."""
    held = b.held(found)
    if held != NOTHING:
        b.emit((PUT, made, key, held))
        b.private.discard(held)


def put_key(made: int, keyvar: int, b: Builder) -> None:
    """Note a key of a dict that is no constant."""
    if keyvar != NOTHING:
        b.emit((PUT_KEY, made, keyvar))
        b.private.discard(keyvar)


@evaluates(ast.ListComp, ast.SetComp, ast.GeneratorExp)
def comprehension(node: ast.ListComp | ast.SetComp | ast.GeneratorExp, b: Builder) -> int:
    """Make a container of what a comprehension gives."""
    before, paths = _open(node.generators, b)
    found = value(node.elt, b)
    _close(before, paths, b)
    made = make(_KINDS[type(node)], NOTHING, b)
    put(made, None, found, b)
    return made


@evaluates(ast.DictComp)
def dict_comprehension(node: ast.DictComp, b: Builder) -> int:
    """Make a dict likewise, its keys before its values."""
    before, paths = _open(node.generators, b)
    keyvar = variable(node.key, b)
    found = value(node.value, b)
    _close(before, paths, b)
    made = make("dict", NOTHING, b)
    put(made, None, found, b)
    put_key(made, keyvar, b)
    return made


def _open(clauses: list[ast.comprehension], b: Builder) -> tuple[dict[str, int], dict[tuple[int, str] | tuple[int, int, Key], int]]:
    """Walk the loops of a comprehension, in a scope of its own; return the names and paths around."""
    source = variable(clauses[0].iter, b)
    before = b.env
    b.saved.append(before)
    b.env = dict(before) if not b.in_class else {}  # a class body's names are not seen from within, but for the first iterable
    b.paths = {path: known for path, known in b.paths.items() if path[0] in b.private}  # what one round changes, the next sees
    paths = dict(b.paths)
    b.conditional += 1
    for place, clause in enumerate(clauses):
        if place:
            source = variable(clause.iter, b)
        bind(clause.target, element(clause.iter, source, clause.is_async, b), b)
        for test in clause.ifs:
            holds, _ = condition(test, b)
            if holds:
                refine(holds, b)
    return before, paths


def _close(before: dict[str, int], paths: dict[tuple[int, str] | tuple[int, int, Key], int], b: Builder) -> None:
    b.conditional -= 1
    b.saved.pop()
    b.env = before
    b.paths = {path: known for path, known in paths.items() if path in b.paths}


def element(node: ast.expr, source: int, is_async: int, b: Builder) -> int:
    """Return an element of what is iterated over; of a display of strings, it is known which they are."""
    if source == NOTHING:
        return NOTHING
    found = b.variable()
    b.emit((ITERATE, found, source, int(is_async), b.site))
    if (type(node) is ast.Tuple or type(node) is ast.List) and len(node.elts) <= _SMALL:
        texts = [each.value for each in node.elts if type(each) is ast.Constant and type(each.value) is str]
        if len(texts) == len(node.elts):
            b.texts[found] = texts
    return found


def expose(b: Builder) -> None:
    """Let a lambda within comprehensions see their variables."""
    if b.saved and b.cells is not None:
        around = b.saved[0]
        for name, found in b.env.items():
            if around.get(name) != found:
                seen = b.cells.setdefault(name, [])
                if found not in seen:
                    seen.append(found)
                    b.private.discard(b.use(found))
