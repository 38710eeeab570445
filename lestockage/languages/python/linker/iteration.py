"""Iteration: the elements that loops, comprehensions and unpacking take from a value, and what awaiting and delegating give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.python.linker.codes import CALL_WITH, NEXT, RETURNED
from lestockage.languages.python.linker.containers import MAPPINGS
from lestockage.languages.python.linker.mixins import mixed_in
from lestockage.languages.python.linker.values import (
    ASSUMED,
    CLASS,
    CONTAINER,
    COROUTINE,
    GENERATOR,
    INSTANCE,
    ITEMS,
)
from lestockage.languages.python.value_flow.opcodes import AWAIT

if TYPE_CHECKING:
    from lestockage.languages.python.linker.solver import Constraint
    from lestockage.languages.python.linker.state import State


def iterate(s: State, c: Constraint, value: int) -> None:  # noqa: PLR0912  # a case for each kind
    """Fire (ITERATE, src, dst, call, is_async): elements of what is iterated; an iterator is asked for, and asked."""
    _, _, dst, call, is_async = c
    kind = s.kinds[value]
    parts = s.parts[value]
    if kind == CONTAINER:
        if dst >= 0:
            s.copy(s.keys(value) if parts[1] in MAPPINGS else s.elements(value), dst)
    elif kind == GENERATOR:
        yields = s.program.units[parts[1]].yields
        if dst >= 0 and yields >= 0:
            s.copy(yields, dst)
    elif kind == ITEMS:
        if dst >= 0:
            pair_or_element(s, value, dst)
    elif kind in (INSTANCE, ASSUMED):
        asking = "__aiter__" if is_async else "__iter__"
        method, outside = s.program.attribute(parts[1], asking)
        if method >= 0:
            iterator = s.temporary(s.calls[call].root, ("iterator", value, dst))
            s.install((CALL_WITH, method, s.sub_call(call, asking, iterator), value, iterator))
            s.install((NEXT, iterator, dst, call, is_async))
        elif outside is not None:
            if outside.rpartition(".")[0] in ITERATORS:
                next_(s, (NEXT, c[1], dst, call, is_async), value)
            elif not mixed_in(s, value, outside, (), call, dst) and dst >= 0:
                s.copy(s.elements(value), dst)
        else:
            method, _ = s.program.attribute(parts[1], "__getitem__")
            if method >= 0 and not is_async:
                s.install((CALL_WITH, method, s.sub_call(call, "__getitem__", dst), value, dst))
    elif kind == CLASS:
        metaclass = s.program.metaclass(parts[1])
        method = -1 if metaclass is None else s.program.attribute(metaclass.number, "__iter__")[0]
        if method >= 0:
            iterator = s.temporary(s.calls[call].root, ("iterator", value, dst))
            s.install((CALL_WITH, method, s.sub_call(call, "__iter__", iterator), value, iterator))
            s.install((NEXT, iterator, dst, call, is_async))
        elif dst >= 0 and any(isinstance(each, str) and each.startswith("enum.") for each in s.program.units[parts[1]].order):
            s.give(dst, s.number(INSTANCE, parts[1]))


ITERATORS = frozenset({f"{module}.{name}" for module in ("collections.abc", "typing") for name in ("Iterator", "AsyncIterator")})
"""Classes outside the project whose objects are their own iterators."""


def pair_or_element(s: State, value: int, dst: int) -> None:
    """Give an element of dict.items() (a pair), keys() or values()."""
    _, kind, of = s.parts[value]
    if kind == "keys":
        s.copy(s.keys(of), dst)
    elif kind == "values":
        s.copy(s.elements(of), dst)
    else:
        pair = s.container("tuple", "items", of, 2)
        s.copy(s.keys(of), s.element(pair, 0))
        s.copy(s.elements(of), s.element(pair, 1))
        s.give(dst, pair)


def next_(s: State, c: Constraint, value: int) -> None:
    """Fire (NEXT, iterator, dst, call, is_async): ask an iterator for its elements."""
    _, _, dst, call, is_async = c
    kind = s.kinds[value]
    if kind in (INSTANCE, ASSUMED):
        asking = "__anext__" if is_async else "__next__"
        method, _ = s.program.attribute(s.parts[value][1], asking)
        if method >= 0:
            if is_async:
                waiting = s.temporary(s.calls[call].root, ("next", value, dst))
                s.install((CALL_WITH, method, s.sub_call(call, asking, waiting), value, waiting))
                s.install((AWAIT, waiting, dst, call))
            else:
                s.install((CALL_WITH, method, s.sub_call(call, asking, dst), value, dst))
    else:
        iterate(s, (c[0], c[1], dst, call, is_async), value)


def await_(s: State, c: Constraint, value: int) -> None:
    """Fire (AWAIT, src, dst, call): what a coroutine returns; any other awaitable is asked for an iterator, whose end is the result."""
    _, _, dst, call = c
    kind = s.kinds[value]
    if kind == COROUTINE:
        result = s.program.units[s.parts[value][1]].result
        if dst >= 0 and result >= 0:
            s.copy(result, dst)
            for each in s.program.units[s.parts[value][1]].passing:
                s.copy(each, dst)
    elif kind in (INSTANCE, ASSUMED):
        method, _ = s.program.attribute(s.parts[value][1], "__await__")
        if method >= 0:
            iterator = s.temporary(s.calls[call].root, ("awaited", value, dst))
            s.install((CALL_WITH, method, s.sub_call(call, "__await__", iterator), value, iterator))
            if dst >= 0:
                s.install((RETURNED, iterator, dst))
    elif kind == CONTAINER and dst >= 0:  # asyncio.gather(...)
        s.give(dst, value)


def returned(s: State, c: Constraint, value: int) -> None:
    """Fire (RETURNED, iterator, dst): what a generator returns at its end."""
    if s.kinds[value] == GENERATOR:
        result = s.program.units[s.parts[value][1]].result
        if result >= 0:
            s.copy(result, c[2])


def delegate(s: State, c: Constraint, value: int) -> None:
    """Fire (DELEGATE, src, dst, call, yields, sent): `yield from`, which passes on what is sent."""
    _, _, dst, call, yields, sent = c
    iterate(s, (c[0], c[1], yields, call, False), value)
    if s.kinds[value] == GENERATOR:
        s.copy(sent, s.cell("sent", s.parts[value][1]))
    if dst >= 0:
        returned(s, (c[0], c[1], dst), value)
