"""Mentions: which names each unit of a file says in any way, used or not: what keeps a symbol from being taken for unused.

Coarser than the facts of `analysis`, on purpose: a name counts wherever it stands, as a name, as an attribute, in a string
(`getattr(x, "run")`, `usefixtures("db")`) that is no docstring, or as an imported name, and nothing is resolved.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from lestockage.languages.python.depth import is_safe_here, with_room
from lestockage.languages.python.rendering import render
from lestockage.languages.python.syntax import read

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD: Final = re.compile(r"[^\W\d]\w*")
_LONGEST_STRING: Final = 200
"""Characters up to which a string may name something; prose is longer."""


class UnitMentions(NamedTuple):
    """What one definition's own code says: `name` is dotted within the module, empty for the module itself.

    `decorators` are rendered; `parameters` are names; decorators, defaults and bases are said by the
    definition that has them.
    """

    name: str
    decorators: tuple[str, ...]
    parameters: tuple[str, ...]
    names: frozenset[str]
    strings: frozenset[str]


class Mentions(NamedTuple):
    """The units of a file in source order; `exports` are the strings of `__all__`, `guarded` the names said below `if __name__ == ...`."""

    units: tuple[UnitMentions, ...]
    exports: frozenset[str]
    guarded: frozenset[str]


def mentions(source: bytes) -> Mentions:
    """Return what the units of a file mention; nothing for a file that can't be read."""
    if is_safe_here():
        try:
            return _mentions(source)
        except RecursionError:
            pass
    return with_room(_mentions, source)


def _mentions(source: bytes) -> Mentions:
    tree = read(source)
    if not isinstance(tree, ast.Module):
        return Mentions((), frozenset(), frozenset())
    found: list[UnitMentions] = []
    _unit("", (), (), tree.body, found)
    exports: set[str] = set()
    guarded: set[str] = set()
    for statement in tree.body:
        if _is_exports(statement):
            exports |= {node.value for node in ast.walk(statement) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        elif isinstance(statement, ast.If) and "__name__" in _names(statement.test):
            guarded |= _names(statement)
    return Mentions(tuple(found), frozenset(exports), frozenset(guarded))


def _is_exports(statement: ast.stmt) -> bool:
    """Tell whether a statement binds, extends or changes `__all__`."""
    match statement:
        case ast.Assign(targets=[target]) | ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            return isinstance(target, ast.Name) and target.id == "__all__"
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="__all__")))):
            return True
        case _:
            return False


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _unit(name: str, decorators: tuple[str, ...], parameters: tuple[str, ...], body: Iterable[ast.AST], found: list[UnitMentions]) -> None:
    """Collect a unit's own mentions, and then those of the definitions in it."""
    names: set[str] = set()
    strings: set[str] = set()
    inner: list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef] = []
    pending = list(body)
    while pending:
        node = pending.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                inner.append(node)
                continue
            case ast.Expr(value=ast.Constant()):
                continue
            case ast.Name(id=said, ctx=ast.Load()) | ast.Attribute(attr=said):
                names.add(said)
            case ast.Constant(value=str() as text) if len(text) <= _LONGEST_STRING:
                strings.update(_WORD.findall(text))
            case ast.ImportFrom(names=aliases):
                names.update(alias.name for alias in aliases)
            case ast.keyword(arg=str() as said):
                names.add(said)
        pending += ast.iter_child_nodes(node)
    found.append(UnitMentions(name, decorators, parameters, frozenset(names), frozenset(strings)))
    for node in sorted(inner, key=lambda each: each.lineno):
        head: list[ast.AST] = [*node.decorator_list, *getattr(node, "type_params", ())]
        given: tuple[str, ...] = ()
        if isinstance(node, ast.ClassDef):
            head += [*node.bases, *node.keywords]
        else:
            head += [node.args, *([node.returns] if node.returns else [])]
            arguments = node.args
            given = tuple(argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs))
        own = f"{name}.{node.name}" if name else node.name
        _unit(own, tuple(render(decorator) for decorator in node.decorator_list), given, [*head, *node.body], found)
