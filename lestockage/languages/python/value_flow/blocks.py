"""Blocks: `try`, whose handlers and `finally` go on from any state in which something was raised, and `with`."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from lestockage.languages.python.value_flow.builder import NOTHING, Barrier
from lestockage.languages.python.value_flow.evaluation import value, variable
from lestockage.languages.python.value_flow.names import assign, called, unbind
from lestockage.languages.python.value_flow.opcodes import AWAIT, CAUGHT, METHOD
from lestockage.languages.python.value_flow.states import current, jump, merge, restore, snapshot
from lestockage.languages.python.value_flow.targets import bind

if TYPE_CHECKING:
    from lestockage.languages.python.value_flow.builder import Builder, State

Body = Callable[[list[ast.stmt], "Builder"], None]

_CATCH_ALL = frozenset({"BaseException", "Exception"})


def try_(node: ast.Try, b: Builder, body: Body, skip: Body) -> None:
    """Walk a try statement with everything it has."""
    if not node.finalbody:
        _handled(node, b, body, skip)
        return
    barrier = Barrier()
    outer, b.catch = b.catch, []
    raised = b.catch
    before = snapshot(b)
    b.frames.append(barrier)
    first = len(b.results)
    _handled(node, b, body, skip)
    b.frames.pop()
    b.catch = outer
    completed = current(b) if b.live else None
    arriving = [*raised, *[state for _, state in barrier.jumps]]
    if completed is not None:
        arriving.append(completed)
    merge([_copy(state) for state in arriving] or [before], b)
    entered = snapshot(b)
    last = len(b.results)
    body(node.finalbody, b)
    if not b.live:  # the block leaves by itself: what was under way is forgotten
        del b.results[first:last]
        return
    left = current(b)
    for kind, state in barrier.jumps:
        restore(_through(state, entered, left), b)
        jump(kind, b)
    if outer is not None:
        outer += [_through(state, entered, left) for state in raised]
    if completed is None:
        b.live = False
    else:
        restore(_through(completed, entered, left), b)


def _copy(state: State) -> State:
    return dict(state[0]), dict(state[1]), dict(state[2])


def _through(state: State, entered: State, left: State) -> State:
    """Return a state as it is behind a `finally` that was entered in any of several and left in another."""
    before = entered[0]
    env = {**state[0], **{name: found for name, found in left[0].items() if before.get(name) != found}}
    paths = {path: known if entered[1].get(path) == left[1][path] else left[1][path] for path, known in state[1].items() if path in left[1]}
    return env, paths, dict(left[2])


def _handled(node: ast.Try, b: Builder, body: Body, skip: Body) -> None:
    """Walk the block with its handlers and its `else`."""
    outer = b.catch
    if not node.handlers:
        body(node.body, b)
        body(node.orelse, b)
        return
    states: list[State] = []
    b.catch = states
    before = snapshot(b)
    body(node.body, b)
    b.catch = outer
    completed = current(b) if b.live else None
    entries = states or [before]
    if outer is not None and not any(_catches_all(handler) for handler in node.handlers):
        outer += [_copy(state) for state in states]
    ends: list[State] = []
    for handler in node.handlers:
        number = b.number
        b.number = number + 1
        merge([_copy(state) for state in entries], b)
        b.site = -2 - number
        _handler(handler, b, body)
        if b.live:
            ends.append(current(b))
    if completed is None:
        skip(node.orelse, b)
    else:
        restore(completed, b)
        body(node.orelse, b)
        if b.live:
            ends.append(current(b))
    merge(ends, b)


def _catches_all(handler: ast.ExceptHandler) -> bool:
    kind = handler.type
    return kind is None or (type(kind) is ast.Name and kind.id in _CATCH_ALL)


def _handler(node: ast.ExceptHandler, b: Builder, body: Body) -> None:
    """Walk a handler, in which its name is bound to what was caught."""
    if node.name is not None and node.type is not None:
        caught = b.variable()
        for kind in node.type.elts if type(node.type) is ast.Tuple else [node.type]:
            cls = variable(kind, b)
            if cls != NOTHING:
                b.emit((CAUGHT, caught, cls))
        assign(node.name, caught, b)
    elif node.type is not None and type(node.type) is not ast.Name and type(node.type) is not ast.Tuple:
        value(node.type, b)
    block, b.block = b.block, b.stands + 1
    b.stands += 1
    body(node.body, b)
    b.block = block
    if node.name is not None and b.live:
        unbind(node.name, b)


def with_(node: ast.With | ast.AsyncWith, b: Builder, body: Body) -> None:
    """Walk a with statement: its managers are entered in order and left in reverse."""
    is_async = type(node) is ast.AsyncWith
    managers = []
    for item in node.items:
        manager = variable(item.context_expr, b)
        entered = NOTHING
        b.private.discard(manager)
        called(b)
        if manager != NOTHING:
            managers.append(manager)
            entered = b.variable()
            b.emit((METHOD, entered, manager, "__aenter__" if is_async else "__enter__", (), b.site))
            if is_async:
                awaited = b.variable()
                b.emit((AWAIT, awaited, entered, b.site))
                entered = awaited
        if item.optional_vars is not None:
            bind(item.optional_vars, entered, b)
    site = b.site
    before = snapshot(b)
    body(node.body, b)
    if not b.live:  # a manager may swallow what was raised
        restore(before, b)
    for manager in reversed(managers):
        result = b.variable() if is_async else NOTHING
        b.emit((METHOD, result, manager, "__aexit__" if is_async else "__exit__", (), site))
        if is_async:
            b.emit((AWAIT, NOTHING, result, site))
    called(b)
