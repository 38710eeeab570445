"""Coroutines: methods of generators, and what runs coroutines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.python.linker.models.registry import argument, elements_of, make, models
from lestockage.languages.python.linker.values import GENERATOR
from lestockage.languages.python.value_flow.opcodes import AWAIT

if TYPE_CHECKING:
    from lestockage.languages.python.linker.state import State


@models("builtins.generator.__next__", "builtins.generator.__anext__", "builtins.generator.throw", "builtins.generator.athrow")
def _resume(s: State, _number: int, receiver: int, dst: int) -> None:
    if receiver >= 0 and dst >= 0 and s.kinds[receiver] == GENERATOR:
        yields = s.program.units[s.parts[receiver][1]].yields
        if yields >= 0:
            s.copy(yields, dst)


@models("builtins.generator.send", "builtins.generator.asend")
def _send(s: State, number: int, receiver: int, dst: int) -> None:
    _resume(s, number, receiver, dst)
    given = argument(s, number, 0)
    if receiver >= 0 and given >= 0 and s.kinds[receiver] == GENERATOR:
        unit = s.program.units[s.parts[receiver][1]]
        s.pass_on(given, s.cell("sent", unit.number), unit)


@models("asyncio.run", "asyncio.wait_for")
def _run(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0)
    if given >= 0 and dst >= 0:
        s.install((AWAIT, given, dst, number))


@models("asyncio.gather")
def _gather(s: State, number: int, _receiver: int, dst: int) -> None:
    made = make(s, number, "list", dst)
    for place, each in enumerate(s.calls[number].args):
        if type(each) is tuple:
            element = elements_of(s, number, each[0], place)
            if element >= 0:
                s.install((AWAIT, element, s.element(made, None), number))
        elif each >= 0:
            s.install((AWAIT, each, s.element(made, place), number))
