"""Mixins: what the methods that classes have from `collections.abc` call of the class's own."""

from __future__ import annotations

import collections.abc
from typing import TYPE_CHECKING, NamedTuple

from lestockage.languages.python.linker.values import ASSUMED, INSTANCE
from lestockage.languages.python.value_flow.opcodes import METHOD

if TYPE_CHECKING:
    from lestockage.languages.python.linker.state import State


class Step(NamedTuple):
    """A method that is called: with the arguments or without, its result given back or not."""

    name: str
    is_passed: bool = False
    gives: bool = False


_ITERATED = Step("__iter__")
_READ = Step("__getitem__")
_DELETED = Step("__delitem__")
_COUNTED = Step("__len__")

MIXINS: dict[str, tuple[Step, ...]] = {
    "MutableMapping.pop": (Step("__getitem__", is_passed=True, gives=True), Step("__delitem__", is_passed=True)),
    "MutableMapping.popitem": (_ITERATED, _READ, _DELETED),
    "MutableMapping.clear": (_ITERATED, _READ, _DELETED),
    "MutableMapping.update": (Step("__setitem__"),),
    "MutableMapping.setdefault": (Step("__getitem__", is_passed=True, gives=True), Step("__setitem__", is_passed=True)),
    "Sequence.__iter__": (Step("__getitem__", gives=True),),
    "Sequence.__contains__": (_READ,),
    "Sequence.__reversed__": (_COUNTED, _READ),
    "Sequence.index": (_COUNTED, _READ),
    "Sequence.count": (_READ,),
    "MutableSequence.append": (_COUNTED, Step("insert")),
    "MutableSequence.extend": (_COUNTED, Step("insert")),
    "MutableSequence.__iadd__": (_COUNTED, Step("insert")),
    "MutableSequence.pop": (Step("__getitem__", gives=True), _DELETED),
    "MutableSequence.remove": (_READ, _DELETED),
    "MutableSequence.clear": (_READ, _DELETED),
    "MutableSequence.reverse": (_COUNTED, _READ, Step("__setitem__")),
    "MutableSet.remove": (Step("__contains__", is_passed=True), Step("discard", is_passed=True)),
    "MutableSet.pop": (_ITERATED, Step("discard")),
    "MutableSet.clear": (_ITERATED, Step("discard")),
    "MutableSet.__ior__": (Step("add"),),
    "MutableSet.__iand__": (Step("discard"),),
    "MutableSet.__isub__": (Step("discard"),),
}
"""By the class that has it and its name, what a method calls."""

STEPS: dict[str, tuple[Step, ...]] = {}
"""The same by dotted name, of each class that has the method."""

for _each, _steps in MIXINS.items():
    _class, _, _name = _each.partition(".")
    _function = getattr(getattr(collections.abc, _class), _name)
    for _below, _of in vars(collections.abc).items():
        if getattr(_of, _name, None) is _function:
            STEPS[f"collections.abc.{_below}.{_name}"] = STEPS[f"typing.{_below}.{_name}"] = _steps


def mixed_in(s: State, value: int, dotted: str, args: tuple[int, ...], call: int, dst: int) -> bool:  # noqa: PLR0913, PLR0917  # a call in full
    """Call what a method from `collections.abc` calls of an object's own class; tell whether it is such a method."""
    steps = STEPS.get(dotted)
    if steps is None or s.kinds[value] not in (INSTANCE, ASSUMED):
        return False
    for step in steps:
        s.install((METHOD, s.holding(value), dst if step.gives else -1, step.name, args if step.is_passed else (), call))
    return True
