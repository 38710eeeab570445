"""Loops: what is known where control comes back to, joined with what is known at first."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from lestockage.languages.python.value_flow.builder import NOTHING, Loop
from lestockage.languages.python.value_flow.conditions import condition
from lestockage.languages.python.value_flow.displays import element
from lestockage.languages.python.value_flow.evaluation import variable
from lestockage.languages.python.value_flow.names import called, publish
from lestockage.languages.python.value_flow.opcodes import ITEM, LOAD
from lestockage.languages.python.value_flow.states import current, merge, refine, restore, snapshot
from lestockage.languages.python.value_flow.targets import bind

if TYPE_CHECKING:
    from lestockage.languages.python.value_flow.builder import Builder, Path, State

Body = Callable[[list[ast.stmt], "Builder"], None]

_MOST_PATHS = 16
"""Paths that are followed through a loop; of larger tables nothing is known in it but what the linker knows."""


def for_(node: ast.For | ast.AsyncFor, b: Builder, body: Body) -> None:
    """Walk a loop over an iterable."""
    source = variable(node.iter, b)
    head = _Head(node, b)
    exhausted = snapshot(b)
    is_async = type(node) is ast.AsyncFor
    if is_async:
        called(b)
    bind(node.target, element(source, is_async, b), b)
    _walk(node, head, exhausted, b, body)


def while_(node: ast.While, b: Builder, body: Body) -> None:
    """Walk a loop on a condition."""
    head = _Head(node, b)
    holds, fails = condition(node.test, b)
    ended = None
    if fails is not None:
        ended = snapshot(b)
        for place, found in fails:
            if isinstance(place, str):
                ended[0][place] = found
            else:
                ended[1][place] = found
    if holds is None:
        b.live = False
    else:
        refine(holds, b)
    _walk(node, head, ended, b, body)


def _walk(node: ast.For | ast.AsyncFor | ast.While, head: _Head, ended: State | None, b: Builder, body: Body) -> None:
    """Walk the body of a loop, back to its head, and its `else`."""
    loop = Loop()
    b.frames.append(loop)
    block, b.block = b.block, b.stands + 1
    b.stands += 1
    body(node.body, b)
    b.frames.pop()
    head.close([*loop.continues, current(b)] if b.live else loop.continues, b)
    if ended is None:
        b.live = False
    else:
        restore(ended, b)
    body(node.orelse, b)
    b.block = block
    if loop.breaks:
        merge([current(b), *loop.breaks] if b.live else loop.breaks, b)


class _Head:
    """Where a loop begins: a join for each name that its body assigns, and for each path of an object of the unit's own."""

    __slots__ = ("names", "paths")

    def __init__(self, node: ast.For | ast.AsyncFor | ast.While, b: Builder) -> None:
        self.names: dict[str, int] = {}
        env = b.env
        for name in assigned(node):
            before = env.get(name, NOTHING)
            join = b.gather([] if before == NOTHING else [before])
            self.names[name] = env[name] = join
        if b.dirty:  # whoever is called in one round sees it, and may have changed it in the next
            publish(b)
        self.paths: dict[Path, int] = {}
        if b.paths:
            private = [(path, known) for path, known in b.paths.items() if path[0] in b.private]
            if len(private) <= _MOST_PATHS:
                self.paths = {path: b.gather([] if known == NOTHING else [known]) for path, known in private}
            b.paths = dict(self.paths)

    def close(self, states: list[State], b: Builder) -> None:
        """Let what is known where the body ends flow back."""
        for env, paths, _ in states:
            for name, join in self.names.items():
                b.flows(join, env.get(name, NOTHING))
            for path, join in self.paths.items():
                known = paths.get(path)
                if known is not None:
                    b.flows(join, known)
                elif len(path) == 2:
                    b.emit((LOAD, b.resolve(join), path[0], path[1], -1))
                else:
                    b.emit((ITEM, b.resolve(join), path[0], path[2], NOTHING, -1))


def assigned(loop: ast.For | ast.AsyncFor | ast.While) -> dict[str, None]:
    """Return the names that a loop assigns to, in order, `:=` in tests included."""
    found: dict[str, None] = {}
    if isinstance(loop, ast.While):
        _walruses(loop.test, found)
    else:
        _targets(loop.target, found)
    pending: list[ast.stmt] = [*loop.orelse[::-1], *loop.body[::-1]]
    while pending:
        node = pending.pop()
        kind = type(node)
        if kind is ast.Assign:
            for target in node.targets:  # type: ignore[attr-defined]  # by exact type, which the checker does not follow
                _targets(target, found)
        elif kind in _TARGETED:
            _targets(node.target, found)  # type: ignore[attr-defined]
            if kind in _LOOPS:
                pending += node.orelse[::-1]  # type: ignore[attr-defined]
                pending += node.body[::-1]  # type: ignore[attr-defined]
        elif kind is ast.If or kind is ast.While:
            _walruses(node.test, found)  # type: ignore[attr-defined]
            pending += node.orelse[::-1]  # type: ignore[attr-defined]
            pending += node.body[::-1]  # type: ignore[attr-defined]
        elif kind is ast.With or kind is ast.AsyncWith:
            for item in node.items:  # type: ignore[attr-defined]
                if item.optional_vars is not None:
                    _targets(item.optional_vars, found)
            pending += node.body[::-1]  # type: ignore[attr-defined]
        elif kind in _NAMED:
            found[node.name] = None  # type: ignore[attr-defined]
        elif kind is ast.Import or kind is ast.ImportFrom:
            for alias in node.names:  # type: ignore[attr-defined]
                found[alias.asname or alias.name.partition(".")[0]] = None
        elif kind in _TRIES:
            pending += node.finalbody[::-1]  # type: ignore[attr-defined]
            pending += node.orelse[::-1]  # type: ignore[attr-defined]
            for handler in node.handlers[::-1]:  # type: ignore[attr-defined]
                if handler.name is not None:
                    found[handler.name] = None
                pending += handler.body[::-1]
            pending += node.body[::-1]  # type: ignore[attr-defined]
        elif kind is ast.Match:
            for case in node.cases[::-1]:  # type: ignore[attr-defined]
                for part in ast.walk(case.pattern):
                    name = getattr(part, "name", None) or getattr(part, "rest", None)
                    if name is not None:
                        found[name] = None
                pending += case.body[::-1]
        elif kind is ast.Expr:
            _walruses(node.value, found)  # type: ignore[attr-defined]
        elif kind is ast.Delete:
            for target in node.targets:  # type: ignore[attr-defined]
                _targets(target, found)
    found.pop("*", None)
    return found


_TARGETED = frozenset({ast.AugAssign, ast.AnnAssign, ast.For, ast.AsyncFor})
_LOOPS = frozenset({ast.For, ast.AsyncFor})
_NAMED = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef})
_TRIES = frozenset({ast.Try, *([ast.TryStar] if hasattr(ast, "TryStar") else [])})


def _targets(node: ast.expr, found: dict[str, None]) -> None:
    kind = type(node)
    if kind is ast.Name:
        found[node.id] = None  # type: ignore[attr-defined]  # by exact type, which the checker does not follow
    elif kind is ast.Tuple or kind is ast.List:
        for each in node.elts:  # type: ignore[attr-defined]
            _targets(each, found)
    elif kind is ast.Starred:
        _targets(node.value, found)  # type: ignore[attr-defined]


def _walruses(node: ast.expr, found: dict[str, None]) -> None:
    """Add the names that `:=` binds in a test, where tests have them: in operands, comparisons and arguments."""
    kind = type(node)
    if kind is ast.NamedExpr:
        found[node.target.id] = None  # type: ignore[attr-defined]  # by exact type, which the checker does not follow
        _walruses(node.value, found)  # type: ignore[attr-defined]
    elif kind is ast.BoolOp:
        for each in node.values:  # type: ignore[attr-defined]
            _walruses(each, found)
    elif kind is ast.UnaryOp:
        _walruses(node.operand, found)  # type: ignore[attr-defined]
    elif kind is ast.Compare:
        _walruses(node.left, found)  # type: ignore[attr-defined]
        for each in node.comparators:  # type: ignore[attr-defined]
            _walruses(each, found)
    elif kind is ast.Call:
        for each in node.args:  # type: ignore[attr-defined]
            _walruses(each, found)
