"""Iterating: builtin and library functions that take elements of what they are given, and call what they are given on these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.python.linker.codes import ITERATOR_OF, NEXT
from lestockage.languages.python.linker.models.registry import (
    MODELS,
    argument,
    arguments,
    call_back,
    elements_of,
    keys_compared,
    make,
    models,
)
from lestockage.languages.python.linker.values import CONTAINER, GENERATOR, ITEMS, PARTIAL
from lestockage.languages.python.value_flow.opcodes import CALL, METHOD

if TYPE_CHECKING:
    from lestockage.languages.python.linker.models.registry import Model
    from lestockage.languages.python.linker.solver import Constraint
    from lestockage.languages.python.linker.state import State


# -- higher-order functions


@models("builtins.map")
def _map(s: State, number: int, _receiver: int, dst: int) -> None:
    made = make(s, number, "iterator", dst)
    args = tuple([elements_of(s, number, each, place) for place, each in enumerate(arguments(s, number, 1))])
    call_back(s, number, argument(s, number, 0), args, s.element(made, None), "map")


@models("itertools.starmap")
def _starmap(s: State, number: int, _receiver: int, dst: int) -> None:
    made = make(s, number, "iterator", dst)
    element = elements_of(s, number, argument(s, number, 1), 1)
    function = argument(s, number, 0)
    if function >= 0 and element >= 0:
        s.install((CALL, function, s.again(number, s.element(made, None), ((element,),), ())))


@models("builtins.filter", "itertools.filterfalse", "itertools.takewhile", "itertools.dropwhile")
def _filter(s: State, number: int, _receiver: int, dst: int) -> None:
    made = make(s, number, "iterator", dst)
    element = elements_of(s, number, argument(s, number, 1), 1)
    if element >= 0:
        s.hold(element, made, None)
    call_back(s, number, argument(s, number, 0), (element,), -1, "filter")


@models("builtins.sorted")
def _sorted(s: State, number: int, _receiver: int, dst: int) -> None:
    made = make(s, number, "list", dst)
    element = elements_of(s, number, argument(s, number, 0), 0)
    if element >= 0:
        s.hold(element, made, None)
        if argument(s, number, 99, "key") < 0:
            s.install((METHOD, element, -1, "__lt__", (element,), number))
    call_back(s, number, argument(s, number, 99, "key"), (element,), keys_compared(s, number), "key")


@models("builtins.min", "builtins.max", "heapq.nlargest", "heapq.nsmallest")
def _extreme(s: State, number: int, _receiver: int, dst: int) -> None:
    given = arguments(s, number)
    key = argument(s, number, 99, "key")
    elements = [elements_of(s, number, given[0], 0)] if len(given) == 1 else given
    for place, element in enumerate(elements):
        if element >= 0:
            if dst >= 0:
                s.copy(element, dst)
            if key < 0:
                s.install((METHOD, element, -1, "__lt__", (element,), number))
        call_back(s, number, key, (element,), -1, ("key", place))
    default = argument(s, number, 99, "default")
    if default >= 0 and dst >= 0:
        s.copy(default, dst)


@models("functools.reduce")
def _reduce(s: State, number: int, _receiver: int, dst: int) -> None:
    element = elements_of(s, number, argument(s, number, 1), 1)
    so_far = s.temporary(number, "so far")
    start = argument(s, number, 2, "initial")
    if start >= 0:
        s.copy(start, so_far)
    elif element >= 0:
        s.copy(element, so_far)
    call_back(s, number, argument(s, number, 0), (so_far, element), so_far, "reduce")
    if dst >= 0:
        s.copy(so_far, dst)


@models("itertools.accumulate")
def _accumulate(s: State, number: int, _receiver: int, dst: int) -> None:
    element = elements_of(s, number, argument(s, number, 0), 0)
    made = make(s, number, "iterator", dst)
    out = s.element(made, None)
    if element >= 0:
        s.copy(element, out)
    call_back(s, number, argument(s, number, 1, "func"), (out, element), out, "accumulate")


@models("functools.partial", "functools.partialmethod")
def _partial(s: State, number: int, _receiver: int, dst: int) -> None:
    if dst >= 0 and s.calls[number].args:
        s.give(dst, s.number(PARTIAL, number))


@models("itertools.groupby")
def _groupby(s: State, number: int, _receiver: int, dst: int) -> None:
    made = make(s, number, "iterator", dst)
    element = elements_of(s, number, argument(s, number, 0), 0)
    pair = s.container("tuple", "pair", number, 2)
    group = s.container("iterator", "group", number)
    if element >= 0:
        s.copy(element, s.element(group, None))
    s.give(s.element(pair, 1), group)
    s.give(s.element(made, None), pair)
    call_back(s, number, argument(s, number, 1, "key"), (element,), s.element(pair, 0), "key")


# -- iteration


@models("builtins.iter")
def _iter(s: State, number: int, _receiver: int, dst: int) -> None:
    given = arguments(s, number)
    if len(given) == 2:
        made = make(s, number, "iterator", dst)
        call_back(s, number, given[0], (), s.element(made, None), "iter")
    elif given and given[0] >= 0:
        s.install((METHOD, given[0], dst, "__iter__", (), number))
        if dst >= 0:
            s.install((ITERATOR_OF, given[0], dst))


@models("builtins.next", "builtins.anext")
def _next(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0)
    if given >= 0:
        s.install((NEXT, given, dst, number, False))
    default = argument(s, number, 1)
    if default >= 0 and dst >= 0:
        s.copy(default, dst)


def _container_of(kind: str) -> Model:
    def model(s: State, number: int, _receiver: int, dst: int) -> None:
        made = make(s, number, kind, dst)
        for place, each in enumerate(arguments(s, number)):
            element = elements_of(s, number, each, place)
            if element >= 0:
                s.hold(element, made, None)

    return model


for _name, _kind in (
    ("builtins.list", "list"),
    ("builtins.set", "set"),
    ("builtins.frozenset", "frozenset"),
    ("collections.deque", "deque"),
    ("builtins.reversed", "iterator"),
    ("itertools.chain", "iterator"),
    ("itertools.cycle", "iterator"),
    ("itertools.islice", "iterator"),
):
    MODELS[_name] = _container_of(_kind)


@models("builtins.tuple")
def _tuple(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0)
    if given >= 0:
        element = elements_of(s, number, given, 0)
        s.hold(element, make(s, number, "tuple", dst), None)
    else:
        make(s, number, "tuple", dst)


@models("copy.copy", "copy.deepcopy", "typing.cast", "weakref.proxy", "asyncio.create_task", "asyncio.ensure_future", "asyncio.shield")
def _same(s: State, number: int, _receiver: int, dst: int) -> None:
    given = arguments(s, number)
    if given and given[-1] >= 0 and dst >= 0:
        s.copy(given[-1], dst)


@models("itertools.chain.from_iterable")
def _chained(s: State, number: int, _receiver: int, dst: int) -> None:
    made = make(s, number, "iterator", dst)
    inner = elements_of(s, number, elements_of(s, number, argument(s, number, 0), 0), 1)
    if inner >= 0:
        s.hold(inner, made, None)


@models("builtins.enumerate")
def _enumerate(s: State, number: int, _receiver: int, dst: int) -> None:
    made = make(s, number, "iterator", dst)
    pair = s.container("tuple", "pair", number, 2)
    element = elements_of(s, number, argument(s, number, 0), 0)
    if element >= 0:
        s.copy(element, s.element(pair, 1))
    s.give(s.element(made, None), pair)


@models("builtins.zip", "itertools.zip_longest", "itertools.product")
def _zip(s: State, number: int, _receiver: int, dst: int) -> None:
    made = make(s, number, "iterator", dst)
    given = arguments(s, number)
    pair = s.container("tuple", "pair", number, len(given))
    for place, each in enumerate(given):
        element = elements_of(s, number, each, place)
        if element >= 0:
            s.copy(element, s.element(pair, place))
    s.give(s.element(made, None), pair)


@models("builtins.sum", "builtins.any", "builtins.all")
def _consume(s: State, number: int, _receiver: int, dst: int) -> None:
    element = elements_of(s, number, argument(s, number, 0), 0)
    if element >= 0 and dst >= 0:
        start = argument(s, number, 1, "start")
        if start >= 0:
            s.install((METHOD, start, dst, "__add__", (element,), number))


# -- what they install


def iterator_of(s: State, c: Constraint, value: int) -> None:
    """Fire (ITERATOR_OF, src, dst): iterators and containers iterate as they are."""
    if s.kinds[value] in (CONTAINER, GENERATOR, ITEMS):
        s.give(c[2], value)
