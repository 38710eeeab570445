"""Loops: what is known where control comes back to, joined with what is known at first."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from lestockage.languages.python.value_flow.builder import NOTHING, Loop
from lestockage.languages.python.value_flow.conditions import condition
from lestockage.languages.python.value_flow.displays import element
from lestockage.languages.python.value_flow.evaluation import variable
from lestockage.languages.python.value_flow.loop_names import assigned
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
    bind(node.target, element(node.iter, source, is_async, b), b)
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
        if b.tracks:
            b.dirty.update(dict.fromkeys(self.names))
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
