"""Containers: the methods of lists, dicts and sets, and what makes dicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.python.linker.codes import DICT_OF, ITEMS_OF, SPREAD_MAPPING
from lestockage.languages.python.linker.containers import read_under
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
from lestockage.languages.python.linker.values import CONTAINER, ITEMS
from lestockage.languages.python.value_flow.opcodes import EXTEND, ITERATE, METHOD

if TYPE_CHECKING:
    from lestockage.languages.python.linker.models.registry import Model
    from lestockage.languages.python.linker.solver import Constraint
    from lestockage.languages.python.linker.state import State


def _adding(place: int = 0) -> Model:
    def model(s: State, number: int, receiver: int, _dst: int) -> None:
        given = argument(s, number, place)
        if receiver >= 0 and given >= 0:
            s.put(given, receiver, None)

    return model


for _name, _place in (
    ("builtins.list.append", 0),
    ("builtins.list.insert", 1),
    ("builtins.set.add", 0),
    ("collections.deque.append", 0),
    ("collections.deque.appendleft", 0),
):
    MODELS[_name] = _adding(_place)


@models("builtins.list.extend", "builtins.set.update", "collections.deque.extend", "collections.deque.extendleft", "builtins.dict.update")
def _extending(s: State, number: int, receiver: int, _dst: int) -> None:
    if receiver < 0:
        return
    for given in arguments(s, number):
        if given >= 0:
            s.install((EXTEND, given, s.holding(receiver), number))
    for name, variable in s.calls[number].keywords:
        if variable >= 0:
            if name is None:
                s.install((SPREAD_MAPPING, variable, receiver))
            else:
                s.put(variable, receiver, name)


@models(
    "builtins.list.pop", "builtins.set.pop", "collections.deque.pop", "collections.deque.popleft", "builtins.dict.pop", "builtins.dict.get"
)
def _taking(s: State, number: int, receiver: int, dst: int) -> None:
    if receiver >= 0 and dst >= 0:
        read_under(s, receiver, _known_key(s, number, receiver), dst)
        default = argument(s, number, 1, "default")
        if default >= 0:
            s.copy(default, dst)


def _known_key(s: State, number: int, receiver: int) -> object:
    """Return the constant by which a mapping is asked, None where there is none."""
    if s.kinds[receiver] != CONTAINER or s.parts[receiver][1] not in ("dict", "defaultdict"):
        return None
    return s.constant(argument(s, number, 0))


@models("builtins.dict.setdefault")
def _setting_default(s: State, number: int, receiver: int, dst: int) -> None:
    given = argument(s, number, 1)
    if receiver >= 0:
        if given >= 0:
            s.put(given, receiver, None)
        if dst >= 0:
            s.copy(s.elements(receiver), dst)


def _viewing(kind: str) -> Model:
    def model(s: State, _number: int, receiver: int, dst: int) -> None:
        if receiver >= 0 and dst >= 0 and s.kinds[receiver] == CONTAINER:
            s.give(dst, s.number(ITEMS, kind, receiver))

    return model


for _name in ("items", "keys", "values"):
    MODELS[f"builtins.dict.{_name}"] = _viewing(_name)


@models("builtins.dict.popitem")
def _pop_item(s: State, _number: int, receiver: int, dst: int) -> None:
    if receiver >= 0 and dst >= 0:
        pair = s.container("tuple", "items", receiver, 2)
        s.copy(s.keys(receiver), s.element(pair, 0))
        s.copy(s.elements(receiver), s.element(pair, 1))
        s.give(dst, pair)


@models("builtins.list.copy", "builtins.dict.copy", "builtins.set.copy")
def _copying(s: State, _number: int, receiver: int, dst: int) -> None:
    if receiver >= 0 and dst >= 0:
        s.give(dst, receiver)


@models(*(f"builtins.set.{name}" for name in ("union", "difference", "intersection", "symmetric_difference")))
def _combining(s: State, number: int, receiver: int, dst: int) -> None:
    if receiver >= 0:
        made = make(s, number, "set", dst)
        s.hold(s.elements(receiver), made, None)
        for place, given in enumerate(arguments(s, number)):
            element = elements_of(s, number, given, place)
            if element >= 0:
                s.hold(element, made, None)


@models("builtins.list.sort")
def _sorting(s: State, number: int, receiver: int, _dst: int) -> None:
    if receiver >= 0:
        element = s.elements(receiver)
        key = argument(s, number, 99, "key")
        if key < 0:
            s.install((METHOD, element, -1, "__lt__", (element,), number))
        call_back(s, number, key, (element,), keys_compared(s, number), "key")


@models("builtins.list.index", "builtins.list.count", "builtins.list.remove")
def _comparing(s: State, number: int, receiver: int, _dst: int) -> None:
    if receiver >= 0:
        s.install((METHOD, s.elements(receiver), -1, "__eq__", (argument(s, number, 0),), number))


@models("builtins.dict", "collections.OrderedDict")
def _dict(s: State, number: int, _receiver: int, dst: int) -> None:
    _fill_dict(s, number, make(s, number, "dict", dst), 0)


@models("collections.defaultdict")
def _default_dict(s: State, number: int, _receiver: int, dst: int) -> None:
    made = make(s, number, "defaultdict", dst)
    factory = argument(s, number, 0)
    if factory >= 0:
        s.copy(factory, s.factory(made))
    _fill_dict(s, number, made, 1)


def _fill_dict(s: State, number: int, made: int, place: int) -> None:
    given = argument(s, number, place)
    if given >= 0:
        s.install((DICT_OF, given, made, number))
    for name, variable in s.calls[number].keywords:
        if variable >= 0:
            if name is None:
                s.install((SPREAD_MAPPING, variable, made))
            else:
                s.hold(variable, made, name)


@models("builtins.dict.fromkeys")
def _from_keys(s: State, number: int, _receiver: int, dst: int) -> None:
    made = make(s, number, "dict", dst)
    element = elements_of(s, number, argument(s, number, 0), 0)
    if element >= 0:
        s.add_keys(element, made)
    given = argument(s, number, 1)
    if given >= 0:
        s.hold(given, made, None)


# -- what they install


def items_of(s: State, c: Constraint, value: int) -> None:
    """Fire (ITEMS_OF, pair variable, made value): pairs fill a dict."""
    if s.kinds[value] == CONTAINER:
        s.copy(s.element(value, 1), s.element(c[2], None))
        s.copy(s.element(value, None), s.element(c[2], None))
        s.add_keys(s.element(value, 0), c[2])


def dict_of(s: State, c: Constraint, value: int) -> None:
    """Fire (DICT_OF, src, made value, call): a mapping, or pairs."""
    _, source, made, number = c
    if s.kinds[value] == CONTAINER and s.parts[value][1] in ("dict", "defaultdict"):
        s.install((SPREAD_MAPPING, s.holding(value), made))
    else:
        pair = s.temporary(number, "pair")
        s.install((ITERATE, source, pair, number, False))
        s.install((ITEMS_OF, pair, made))
