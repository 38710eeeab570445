"""Calls: what is called with what, and the few built-ins that read or write the unit itself."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lestockage.languages.python.value_flow.affixes import affixes
from lestockage.languages.python.value_flow.builder import JOIN, NOTHING
from lestockage.languages.python.value_flow.evaluation import EVALUATORS, attribute, load, value, variable
from lestockage.languages.python.value_flow.names import called
from lestockage.languages.python.value_flow.opcodes import CALL, LITERAL, LOADS, SUPER_OF
from lestockage.languages.python.value_flow.paths import constant_key, store_attribute

if TYPE_CHECKING:
    from lestockage.languages.python.value_flow.builder import Builder

Argument = int | tuple[int]


def perform(node: ast.Call, b: Builder, besides: str | None = None, *, is_wanted: bool = True) -> int:
    """Call something and return its result; `besides` is the name that only that is assigned to: what is called sees nothing of it."""
    function = node.func
    name = None
    if type(function) is ast.Attribute:
        name = function.attr
        callee = attribute(function, b)
        if not NOTHING <= callee < JOIN:
            callee = b.use(callee)
    else:
        callee = variable(function, b)
        if type(function) is ast.Name:
            name = function.id
    arguments = _arguments(node.args, name, b) if node.args else []
    keywords = _keywords(node.keywords, b) if node.keywords else []
    private = b.private
    site = b.ordinals.get(node, -1)
    if type(function) is ast.Attribute:
        if private and type(function.value) is ast.Name:
            private.discard(b.env.get(function.value.id, NOTHING))  # a method gets its object
    elif name is not None and name in _SPECIAL and not keywords:
        special = _SPECIAL[name](node, callee, arguments, site, b)
        if special is not None:
            return special
    if b.dirty or b.paths:
        called(b, besides)
    if callee == NOTHING:
        b.emit((CALL, NOTHING, NOTHING, (), (), site))
        return NOTHING
    result = NOTHING
    if is_wanted:
        result = b.variable()
        private.add(result)
    b.emit((CALL, result, callee, tuple(arguments), tuple(keywords), site))
    return result


EVALUATORS[ast.Call] = perform


def _arguments(nodes: list[ast.expr], name: str | None, b: Builder) -> list[Argument]:
    """Evaluate what a call of something of that name is given by position."""
    found: list[Argument] = [variable(each, b) if type(each) is not ast.Starred else (variable(each.value, b),) for each in nodes]
    if name in _KEYED:
        _keyed(nodes[0], found, b)
    private = b.private
    if private:
        for each in found:
            private.discard(each if type(each) is int else each[0])  # type: ignore[index]  # by exact type
    return found


def _keywords(nodes: list[ast.keyword], b: Builder) -> list[tuple[str | None, int]]:
    found: list[tuple[str | None, int]] = []
    for keyword in nodes:
        given = variable(keyword.value, b)
        found.append((keyword.arg, given))
        b.private.discard(given)
    return found


_KEYED = frozenset({"get", "pop", "setdefault", "import_module", "__import__", "attrgetter", "methodcaller", "itemgetter"})


def _keyed(node: ast.expr, arguments: list[Argument], b: Builder) -> None:
    """Let the key that a method of dict is asked for be known, and the module that is imported."""
    key = constant_key(node)
    if key is not None and arguments[0] != NOTHING and isinstance(node, ast.Constant):
        arguments[0] = b.variable()
        b.emit((LITERAL, arguments[0], type(node.value).__name__, key))


def _super(node: ast.Call, callee: int, arguments: list[Argument], site: int, b: Builder) -> int | None:  # noqa: ARG001  # one shape for all
    if len(arguments) not in (0, 2):
        return None
    b.emit((CALL, NOTHING, callee, tuple(arguments), (), site))
    found = b.variable()
    cls, of = arguments or (NOTHING, NOTHING)
    if not arguments:
        b.use(b.receiver)  # the method's own object or class is a variable then
    b.emit((SUPER_OF, found, cls, of))
    return found


def _getattr(node: ast.Call, callee: int, arguments: list[Argument], site: int, b: Builder) -> int | None:
    of, _, *default = arguments if len(arguments) in (2, 3) else (NOTHING, NOTHING)
    if not isinstance(of, int) or of == NOTHING:
        return None
    key = constant_key(node.args[1])
    names = [key] if isinstance(key, str) else b.texts.get(arguments[1], []) if isinstance(arguments[1], int) else []
    ends = affixes(node.args[1]) or b.affixes.get(arguments[1], None) if not names and isinstance(arguments[1], int) else None
    if not names and ends is None:
        return None
    called(b)
    b.emit((CALL, NOTHING, callee, tuple(arguments), (), site))
    statement, b.site = b.site, site
    found = [load(of, name, b) for name in names]
    if ends is not None:
        found.append(b.variable())
        b.emit((LOADS, found[-1], of, *ends, site))
    b.site = statement
    return b.join([*found, *[each for each in default if isinstance(each, int)]])


def _setattr(node: ast.Call, callee: int, arguments: list[Argument], site: int, b: Builder) -> int | None:
    if len(arguments) != 3:
        return None
    of, _, stored = arguments
    key = constant_key(node.args[1])
    if not isinstance(key, str) or not isinstance(of, int) or not isinstance(stored, int):
        return None
    called(b)
    b.emit((CALL, NOTHING, callee, tuple(arguments), (), site))
    statement, b.site = b.site, site
    store_attribute(of, key, stored, b)
    b.site = statement
    return NOTHING


_SPECIAL = {"super": _super, "getattr": _getattr, "setattr": _setattr}


def discarded(node: ast.expr, b: Builder) -> None:
    """Evaluate an expression whose value nobody wants."""
    if type(node) is ast.Call:
        perform(node, b, is_wanted=False)
    else:
        value(node, b)
