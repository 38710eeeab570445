"""Creation: what making a class runs: its metaclass, `__init_subclass__` of its bases, and `__set_name__` of its attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.python.linker.codes import CALL_WITH, SET_NAME
from lestockage.languages.python.linker.values import ASSUMED, CLASS, INSTANCE

if TYPE_CHECKING:
    from lestockage.languages.python.linker.solver import Constraint
    from lestockage.languages.python.linker.state import State


def create(s: State, c: Constraint, value: int) -> None:
    """Fire (CREATE, class variable, call): the class statement has made a class."""
    if s.kinds[value] != CLASS:
        return
    call = c[2]
    unit = s.program.units[s.parts[value][1]]
    for name in unit.held:
        s.install((SET_NAME, unit.cells[name], value, call))
    hook, _ = s.program.behind(unit.number, unit.number, "__init_subclass__")
    if hook >= 0:
        keywords = s.again(call, -1, (), s.calls[call].keywords)
        s.install((CALL_WITH, hook, keywords, value, -1))
    metaclass = s.program.metaclass(unit.number)
    if metaclass is None:
        return
    s.give(s.cell("classes of", metaclass.number), value)
    head = (-1, -1, -1)  # name, bases, attributes
    for name, first in (("__prepare__", -1), ("__new__", s.number(CLASS, metaclass.number)), ("__init__", value)):
        found, _ = s.program.attribute(metaclass.number, name)
        if found >= 0:
            made = s.again(call, -1, head if first >= 0 else head[1:], s.calls[call].keywords)
            s.install((CALL_WITH, found, made, first if first >= 0 else s.number(CLASS, metaclass.number), -1))


def set_name(s: State, c: Constraint, value: int) -> None:
    """Fire (SET_NAME, cell, class value, call): an object is told which class it is an attribute of, and by what name."""
    _, _, owner, call = c
    if s.kinds[value] in (INSTANCE, ASSUMED):
        method, _ = s.program.attribute(s.parts[value][1], "__set_name__")
        if method >= 0:
            s.install((CALL_WITH, method, s.sub_call(call, "__set_name__", -1, (s.holding(owner), -1)), value, -1))


def classes_of(s: State, c: Constraint, value: int) -> None:
    """Fire (CLASSES_OF, metaclass variable, dst): what `type.__new__` makes of a metaclass is any of the classes that have it."""
    if s.kinds[value] == CLASS:
        s.copy(s.cell("classes of", s.parts[value][1]), c[2])
