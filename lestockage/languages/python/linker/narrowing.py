"""Narrowing: objects of classes that annotations and tests name, classes of objects, and `super()`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.facts import RESULT
from lestockage.languages.python.builtin_names import TYPING_NAMES, is_type
from lestockage.languages.python.linker.codes import NARROW_FROM, NARROW_TO, SUPER_FROM
from lestockage.languages.python.linker.values import (
    ASSUMED,
    CLASS,
    CONTAINER,
    EXTERNAL,
    EXTERNAL_INSTANCE,
    INSTANCE,
    LAST,
    SUPER,
)
from lestockage.languages.python.value_flow.opcodes import INSTANCE_OF, NARROW

if TYPE_CHECKING:
    from lestockage.languages.python.linker.solver import Constraint
    from lestockage.languages.python.linker.state import State


def instance_of(s: State, c: Constraint, value: int) -> None:
    """Fire (INSTANCE_OF, class variable, dst): an object that nobody was seen to make."""
    kind = s.kinds[value]
    if kind == CLASS:
        s.give(c[2], s.number(ASSUMED, s.parts[value][1]))
    elif kind == EXTERNAL:
        if LAST not in s.parts[value] and RESULT not in s.parts[value][1]:  # an object of either would begin other names
            s.give(c[2], s.number(EXTERNAL_INSTANCE, s.parts[value][1]))
    elif kind == CONTAINER and s.parts[value][1] == "tuple":
        s.install((INSTANCE_OF, s.elements(value), c[2]))


def narrow(s: State, c: Constraint, value: int) -> None:
    """Fire (NARROW, class variable, src, dst, keep)."""
    _, _, src, dst, keep = c
    kind = s.kinds[value]
    if kind == CONTAINER and s.parts[value][1] == "tuple":
        s.install((NARROW, s.elements(value), src, dst, keep))
    elif kind not in (CLASS, EXTERNAL):
        if src >= 0:
            s.copy(src, dst)  # nothing is known of what is no class: a union, a result of a call
    elif keep:
        if src >= 0:
            s.install((NARROW_TO, src, dst, value))
        instance_of(s, (INSTANCE_OF, c[1], dst), value)
    elif src >= 0:
        s.install((NARROW_FROM, src, dst, value))


def narrow_to(s: State, c: Constraint, value: int) -> None:
    """Fire (NARROW_TO, src, dst, class value): pass what may be an object of the class."""
    if may_be(s, value, c[3]):
        s.give(c[2], value)


def narrow_from(s: State, c: Constraint, value: int) -> None:
    """Fire (NARROW_FROM, src, dst, class value): pass what may be something else than an object of the class."""
    if not must_be(s, value, c[3]):
        s.give(c[2], value)


def answers(s: State, c: Constraint, value: int) -> None:
    """Fire (ANSWERS, src, dst, method, answer): pass what always answers a method so, None: of what that is not known."""
    _, _, dst, method, answer = c
    kind = s.kinds[value]
    if kind == INSTANCE:
        if s.program.answer(s.parts[value][1], method) is answer:
            s.give(dst, value)
    elif kind == ASSUMED:
        for unit in _below(s, s.parts[value][1], method, answer):
            s.give(dst, s.number(ASSUMED, unit))
    elif answer is None:
        s.give(dst, value)


def _below(s: State, unit: int, method: str, answer: bool | None) -> list[int]:
    """Return a class, if its objects answer so; else, if they answer otherwise, those below it that do, the class where these are many."""
    said = s.program.answer(unit, method)
    if said is answer:
        return [unit]
    if said is None or answer is None:
        return []
    below = [each for each in sorted(s.program.below.get(unit, ())) if s.program.is_subclass(each, unit)]  # some are no longer
    found = [each for each in below if s.program.answer(each, method) is answer]
    return found if len(found) <= MOST_BELOW else [unit]


MOST_BELOW = 8
"""Classes below one that are told apart where objects of one of them are assumed."""


def must_be(s: State, value: int, of: int) -> bool:
    """Tell whether a value is an object of a class in any case."""
    kind = s.kinds[value]
    if kind in (INSTANCE, ASSUMED):
        unit = s.parts[value][1]
        return s.program.is_subclass(unit, s.parts[of][1]) if s.kinds[of] == CLASS else s.program.has_base(unit, s.parts[of][1])
    return s.kinds[of] == EXTERNAL and may_be(s, value, of)


def may_be(s: State, value: int, of: int) -> bool:
    """Tell whether a value can be an object of a class."""
    kind = s.kinds[value]
    if kind in (INSTANCE, ASSUMED):
        unit = s.parts[value][1]
        if s.kinds[of] == EXTERNAL:
            return s.program.has_base(unit, s.parts[of][1])
        of_unit = s.parts[of][1]
        return s.program.is_subclass(unit, of_unit) or (kind == ASSUMED and s.program.is_subclass(of_unit, unit))
    if s.kinds[of] == CLASS:
        return False
    dotted = s.parts[of][1]
    dotted = f"builtins.{TYPING_NAMES[dotted]}" if dotted in TYPING_NAMES else dotted
    if kind == CONTAINER:
        return bool(dotted == f"builtins.{s.parts[value][1]}" or not is_type(dotted))
    if kind == EXTERNAL_INSTANCE:
        return bool(dotted == s.parts[value][1] or not (is_type(dotted) and is_type(s.parts[value][1])))
    if kind == CLASS:
        return dotted == "builtins.type" or not is_type(dotted)
    return not is_type(dotted)


def super_of(s: State, c: Constraint, value: int) -> None:
    """Fire (SUPER_OF, class variable, object variable, dst): `super(C, object)`."""
    if s.kinds[value] == CLASS and c[2] >= 0:
        s.install((SUPER_FROM, c[2], c[3], s.parts[value][1]))


def super_from(s: State, c: Constraint, value: int) -> None:
    """Fire (SUPER_FROM, object variable, dst, class unit)."""
    if s.kinds[value] in (INSTANCE, ASSUMED, CLASS):
        s.give(c[2], s.number(SUPER, c[3], value))


def type_of(s: State, c: Constraint, value: int) -> None:
    """Fire (TYPE_OF, src, dst): the class of an object."""
    kind = s.kinds[value]
    if kind in (INSTANCE, ASSUMED):
        s.give(c[2], s.number(CLASS, s.parts[value][1]))
    elif kind == EXTERNAL_INSTANCE:
        s.give(c[2], s.number(EXTERNAL, s.parts[value][1]))


def new_of(s: State, c: Constraint, value: int) -> None:
    """Fire (NEW_OF, class variable, dst): `object.__new__(cls)`."""
    if s.kinds[value] == CLASS:
        s.give(c[2], s.number(INSTANCE, s.parts[value][1]))
