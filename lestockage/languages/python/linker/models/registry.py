"""Registry: the models of functions outside, by dotted name, and what most of them need."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lestockage.languages.python.value_flow.opcodes import CALL, ITERATE, METHOD

if TYPE_CHECKING:
    from lestockage.languages.python.linker.state import State

Model = Callable[["State", int, int, int], None]
"""(state, call, receiver value or -1, dst)"""

MODELS: dict[str, Model] = {}


def models(*names: str) -> Callable[[Model], Model]:
    """Enter the decorated function as the model of what these dotted names mean."""

    def enter(model: Model) -> Model:
        for name in names:
            MODELS[name] = model
        return model

    return enter


def argument(s: State, number: int, place: int, *names: str) -> int:
    """Return the variable of an argument by place, or by one of its names; -1 where there is none, or a starred one before it."""
    of = s.calls[number]
    for index, each in enumerate(of.args):
        if type(each) is tuple:
            break
        if index == place:
            return int(each)
    for name, variable in of.keywords:
        if name in names:
            return variable
    return -1


def arguments(s: State, number: int, start: int = 0) -> list[int]:
    """Return the plain arguments by place from one on."""
    return [each for each in s.calls[number].args[start:] if type(each) is int]


def elements_of(s: State, number: int, variable: int, tag: object) -> int:
    """Return a variable that holds the elements of what another one holds, which the call iterates over."""
    if variable < 0:
        return -1
    element = s.temporary(number, ("element", tag))
    s.install((ITERATE, variable, element, number, False))
    return element


def call_back(s: State, number: int, function: int, args: tuple[int, ...], dst: int, tag: object) -> None:  # noqa: PLR0913, PLR0917  # a call in full
    """Have the call call a function that it was given."""
    if function >= 0:
        s.install((CALL, function, s.sub_call(number, ("back", tag), dst, args)))


def make(s: State, number: int, kind: str, dst: int) -> int:
    """Return a new container that the call gives."""
    made = s.container(kind, "call", number, -1 if s.calls[number].args or s.calls[number].keywords else 0)
    if dst >= 0:
        s.give(dst, made)
    return made


def keys_compared(s: State, number: int) -> int:
    """Return the variable of keys that the call compares with each other."""
    compared = s.temporary(number, "compared")
    s.install((METHOD, compared, -1, "__lt__", (compared,), number))
    return compared
