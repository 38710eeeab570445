"""Attributes: reading and assigning `base.name`, by what base is."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from lestockage.languages.facts import RESULT
from lestockage.languages.python.builtin_names import TYPING_NAMES, has_attribute, is_type
from lestockage.languages.python.linker.codes import (
    BIND,
    BIND_CLASS,
    BIND_DATA,
    BIND_META,
    CALL_WITH,
    DELETE_THROUGH,
    FROM_BASE,
    LOAD_ASSIGNED,
    ONCE_ASSIGNED,
    SET_THROUGH,
)
from lestockage.languages.python.linker.names import module_member
from lestockage.languages.python.linker.values import (
    ASSUMED,
    BOUND,
    CACHED,
    CARRIED,
    CLASS,
    CLASS_METHOD,
    CONTAINER,
    CONTEXT,
    COROUTINE,
    EXTERNAL,
    EXTERNAL_INSTANCE,
    FUNCTION,
    GENERATOR,
    INSTANCE,
    KEY,
    LAST,
    MODULE,
    PROPERTY,
    REGISTRY,
    STATIC,
    SUPER,
    UNBOUND,
    WORTHY,
)
from lestockage.languages.python.value_flow.opcodes import LOAD

if TYPE_CHECKING:
    from lestockage.languages.python.linker.program import Unit
    from lestockage.languages.python.linker.solver import Constraint
    from lestockage.languages.python.linker.state import State
    from lestockage.languages.python.linker.values import Value

IMPLICIT_STATIC = frozenset({"__new__"})
IMPLICIT_CLASS = frozenset({"__init_subclass__", "__class_getitem__"})

TYPE_OF_CONTAINER = {"iterator": "generator", "defaultdict": "dict", "deque": "list", "frozenset": "set"}
"""The builtin type whose methods a container of that kind has, where that is another name."""


def load(s: State, c: Constraint, value: int) -> None:  # noqa: PLR0912  # a case for each kind
    """Fire (LOAD, base, dst, name, call, is base chained)."""
    _, _, dst, name, call, is_chained = c
    kind = s.kinds[value]
    parts = s.parts[value]
    if kind in (INSTANCE, ASSUMED):
        _of_object(s, c, value, parts[1])
    elif kind == CLASS:
        _of_class(s, c, value, parts[1])
    elif kind == MODULE:
        module_member(s, parts[1], parts[2], name, dst, call)
    elif kind == EXTERNAL:
        _outside(s, parts, name, dst, is_chained=is_chained)
    elif kind == EXTERNAL_INSTANCE:
        dotted = f"builtins.{TYPING_NAMES[parts[1]]}" if parts[1] in TYPING_NAMES else parts[1]
        if name == "__class__":
            s.give(dst, s.number(EXTERNAL, dotted))
        elif has_attribute(dotted, name):
            s.give(dst, s.number(EXTERNAL, f"{dotted}.{name}", LAST))
    elif kind == CONTAINER:
        of = f"builtins.{TYPE_OF_CONTAINER.get(parts[1], parts[1])}"
        if has_attribute(of, name):
            s.give(dst, s.number(BOUND, s.number(EXTERNAL, f"{of}.{name}"), value))
        elif name in ("popleft", "appendleft", "extendleft"):
            s.give(dst, s.number(BOUND, s.number(EXTERNAL, f"collections.deque.{name}"), value))
    elif kind == SUPER:
        _of_super(s, value, dst, name, call)
    elif kind in (GENERATOR, COROUTINE, CONTEXT):
        if kind == GENERATOR:
            s.give(dst, s.number(BOUND, s.number(EXTERNAL, f"builtins.generator.{name}"), value))
    elif kind == UNBOUND:
        s.give(dst, value)
    elif kind == PROPERTY:
        s.give(dst, s.number(BOUND, s.number(EXTERNAL, f"builtins.property.{name}"), value))
    elif kind == REGISTRY:
        s.give(dst, s.number(BOUND, s.number(EXTERNAL, f"functools.singledispatch.{name}"), value))
    elif kind == FUNCTION:
        if name == "__wrapped__" or name in s.program.assigned_elsewhere:
            s.copy(s.cell("function attribute", value, name), dst)
    elif kind in (BOUND, CARRIED):
        if name == "__self__":
            if kind == BOUND:
                s.give(dst, parts[2])
            else:
                s.copy(s.receivers(parts[1]), dst)
        elif name == "__func__":
            s.give(dst, parts[1])
        elif s.kinds[parts[1]] == FUNCTION and name in s.program.assigned_elsewhere:
            s.copy(s.cell("function attribute", parts[1], name), dst)


def load_matching(s: State, c: Constraint, value: int) -> None:
    """Fire (LOADS, base, dst, prefix, suffix, call): attributes that the class or module has, whose names begin and end so."""
    _, base, dst, prefix, suffix, call = c
    kind = s.kinds[value]
    holders: list[Unit] = []
    if kind in (INSTANCE, ASSUMED, CLASS):
        holders = [each for each in s.program.units[s.parts[value][1]].order if not isinstance(each, str)]
    elif kind == MODULE:
        module = s.program.module_of(s.parts[value][2])
        holders = [] if module is None else [module]
    for name in dict.fromkeys([name for each in holders for name in each.cells if is_between(name, prefix, suffix)]):
        load(s, (LOAD, base, dst, name, call, False), value)


def is_between(name: str, prefix: str, suffix: str) -> bool:
    """Tell whether a name begins and ends so, with something between."""
    return len(name) > len(prefix) + len(suffix) and name.startswith(prefix) and name.endswith(suffix)


def named(s: State, c: Constraint, value: int) -> None:
    """Fire (NAMED, name variable, object variable, dst, call): `getattr` with a name that is known."""
    if s.kinds[value] == KEY and isinstance(s.parts[value][1], str):
        s.install((LOAD, c[2], c[3], s.parts[value][1], c[4], False))


def _outside(s: State, parts: Value, name: str, dst: int, *, is_chained: bool) -> None:
    """Give an attribute of something outside, so many steps from where it begins: names would grow for ever in loops.

    Where code names it in one chain, all are; of what has travelled, modules, objects and builtin types have one more attribute, and other
    classes and functions none: they are passed about as data, and everything would be asked of each.
    """
    dotted = parts[1]
    if not has_attribute(dotted, name):
        return
    called = dotted.rfind(RESULT)
    if len(parts) > 2 or not is_chained:
        if (len(parts) > 2 and parts[2] == LAST) or (called < 0 and "." in dotted and not is_type(dotted)):
            return
        is_last = True
    elif called < 0:
        is_last = dotted.count(".") >= LONGEST
    else:  # what the standard library's functions give is no other project's code, to which it could lead
        is_last = dotted.count(".", called) >= LONGEST - 1 or dotted.partition(".")[0] in sys.stdlib_module_names
    s.give(dst, s.number(EXTERNAL, f"{dotted}.{name}", *((LAST,) if is_last else ())))


LONGEST = 3
"""Dots of a name outside, or one less behind a call in it, from which on its attributes are the last."""


def _of_object(s: State, c: Constraint, value: int, unit: int) -> None:
    _, base, dst, name, call, _ = c
    if name == "__class__":
        s.give(dst, s.number(CLASS, unit))
        return
    program = s.program
    variable, outside = program.attribute(unit, name)
    if variable >= 0:
        s.install((BIND_DATA if _hides(s, unit, name, call) else BIND, variable, dst, value, call))
    elif outside is None:
        from_open_bases(s, unit, BIND, name, (dst, value, call))
    if name in program.assigned:
        s.copy(s.own(unit, name), dst)
        if name in program.assigned_elsewhere:
            s.install((ONCE_ASSIGNED, s.assigned_to_class(name), base, dst, name, call))
    if outside is not None:
        s.give(dst, s.number(BOUND, s.number(EXTERNAL, outside), value))
    elif variable < 0 and has_attribute("builtins.object", name):
        s.give(dst, s.number(BOUND, s.number(EXTERNAL, f"builtins.object.{name}"), value))
    elif variable < 0 and name not in program.assigned:
        fallback, _ = s.program.attribute(unit, "__getattr__")
        if fallback >= 0:
            asked = s.holding(s.number(KEY, name))
            s.install((CALL_WITH, fallback, s.sub_call(call, "__getattr__", dst, (asked,)), value, dst))


def _of_class(s: State, c: Constraint, value: int, unit: int) -> None:
    _, base, dst, name, call, _ = c
    variable, outside = s.program.attribute(unit, name)
    if variable >= 0:
        s.install((BIND, variable, dst, value, call))
        if _is_enumeration(s, unit):
            s.give(dst, s.number(INSTANCE, unit))
    elif outside is None:
        from_open_bases(s, unit, BIND, name, (dst, value, call))
    if name in s.program.assigned_elsewhere:
        s.install((ONCE_ASSIGNED, s.assigned_to_class(name), base, dst, name, call))
    if outside is not None:
        s.give(dst, s.number(BOUND, s.number(EXTERNAL, outside), value))
    elif variable < 0:
        metaclass = s.program.metaclass(unit)
        if metaclass is not None:
            above, _ = s.program.attribute(metaclass.number, name)
            if above >= 0:
                s.install((BIND_META, above, dst, value, call))
                return
        if name != "__class__" and has_attribute("builtins.object", name):
            s.give(dst, s.number(BOUND, s.number(EXTERNAL, f"builtins.object.{name}"), value))


def once_assigned(s: State, c: Constraint, _value: int) -> None:
    """Fire (ONCE_ASSIGNED, whether it is, base, dst, name, call): code assigns that name to some class."""
    _, _, base, dst, name, call = c
    s.install((LOAD_ASSIGNED, base, dst, name, call))


def load_assigned(s: State, c: Constraint, value: int) -> None:
    """Fire (LOAD_ASSIGNED, base, dst, name, call): what code assigns to a class, read through it or its objects."""
    _, _, dst, name, call = c
    if s.kinds[value] in (INSTANCE, ASSUMED, CLASS):
        s.install((BIND, s.inherited("class", s.parts[value][1], name), dst, value, call))


def _hides(s: State, unit: int, name: str, call: int) -> bool:
    """Tell whether every object of a class has an attribute of its own where it is read: an initializer may read it before."""
    if name not in s.program.set_first(unit):
        return False
    return s.program.units[s.calls[call].owner].name != "__init__"


def from_open_bases(s: State, unit: int, code: int, name: str, rest: tuple[int, ...]) -> None:
    """Do something with what a class has under a name from bases that only values tell."""
    for base in s.program.open_bases(unit):
        s.install((FROM_BASE, base, code, name, rest))


def from_base(s: State, c: Constraint, value: int) -> None:
    """Fire (FROM_BASE, base variable, code, name, rest): install a constraint on what a base has under a name."""
    _, _, code, name, rest = c
    if s.kinds[value] == CLASS:
        unit = s.parts[value][1]
        variable, _ = s.program.attribute(unit, name)
        if variable >= 0:
            s.install((code, variable, *rest))
        else:
            from_open_bases(s, unit, code, name, rest)


def _is_enumeration(s: State, unit: int) -> bool:
    return any(isinstance(each, str) and each.startswith("enum.") for each in s.program.units[unit].order)


def _of_super(s: State, value: int, dst: int, name: str, call: int) -> None:
    _, start, receiver = s.parts[value]
    kind, of = s.kinds[receiver], s.parts[receiver][1]
    variable, outside = s.program.behind(of, start, name)
    if variable >= 0:
        s.install((BIND, variable, dst, receiver, call))
    elif outside is None and s.program.units[start].open_bases:
        from_open_bases(s, start, BIND, name, (dst, receiver, call))
    elif outside is not None or has_attribute("builtins.object", name):
        dotted = outside if outside is not None else f"builtins.object.{name}"
        if kind == CLASS and s.program.has_base(of, "builtins.type") and outside is None:
            dotted = f"builtins.type.{name}"
        s.give(dst, s.number(BOUND, s.number(EXTERNAL, dotted), receiver))


def bind(s: State, c: Constraint, value: int) -> None:  # noqa: PLR0912  # a case for each kind
    """Fire (BIND, cell, dst, receiver, call): what a class holds under a name, read through an object or the class itself."""
    _, _, dst, receiver, call = c
    kind = s.kinds[value]
    is_object = s.kinds[receiver] != CLASS
    if kind == FUNCTION:
        name = s.program.units[s.parts[value][1]].name
        if name in IMPLICIT_STATIC:
            s.give(dst, value)
        elif name in IMPLICIT_CLASS:
            s.give(dst, bound(s, value, class_of(s, receiver)))
        else:
            s.give(dst, bound(s, value, receiver) if is_object else value)
    elif kind == STATIC:
        s.copy(s.parts[value][1], dst)
    elif kind == CLASS_METHOD:
        s.install((BIND_CLASS, s.parts[value][1], dst, class_of(s, receiver)))
    elif kind == PROPERTY:
        if is_object:
            if s.parts[value][1] >= 0:
                s.install((CALL_WITH, s.parts[value][1], s.sub_call(call, "get", dst), receiver, dst))
        else:
            s.give(dst, value)
    elif kind == CACHED:
        if is_object:
            s.install((CALL_WITH, s.parts[value][1], s.sub_call(call, "get", dst), receiver, dst))
        else:
            s.give(dst, value)
    elif kind in (INSTANCE, ASSUMED):
        getter, _ = s.program.attribute(s.parts[value][1], "__get__")
        if getter >= 0:
            one = s.temporary(s.calls[call].root, ("receiver", receiver))
            s.give(one, receiver)
            s.install((CALL_WITH, getter, s.sub_call(call, "get", dst, (one, -1)), value, dst))
        else:
            s.give(dst, value)
    else:
        s.give(dst, value)


def bind_data(s: State, c: Constraint, value: int) -> None:
    """Fire (BIND_DATA, cell, dst, receiver, call): of an attribute that the object has itself, properties and what has `__set__` alone."""
    is_object = s.kinds[value] in (INSTANCE, ASSUMED)
    if s.kinds[value] == PROPERTY or (is_object and s.program.attribute(s.parts[value][1], "__set__")[0] >= 0):
        bind(s, c, value)


def bind_meta(s: State, c: Constraint, value: int) -> None:
    """Fire (BIND_META, cell, dst, class value, call): what a metaclass has is bound to the class."""
    _, _, dst, receiver, call = c
    if s.kinds[value] == FUNCTION:
        s.give(dst, bound(s, value, receiver))
    elif s.kinds[value] == PROPERTY:
        if s.parts[value][1] >= 0:
            s.install((CALL_WITH, s.parts[value][1], s.sub_call(call, "get", dst), receiver, dst))
    else:
        bind(s, c, value)


def bound(s: State, function: int, receiver: int) -> int:
    """Return a function as a method of something; one that no class defines, but code has put there, is one method of all of them."""
    container = s.program.units[s.parts[function][1]].container
    if container is not None and container.kind == "class":
        return s.number(BOUND, function, receiver)
    s.give(s.receivers(function), receiver)
    return s.number(CARRIED, function)


def class_of(s: State, receiver: int) -> int:
    """Return the class of an object, or a class as it is."""
    return s.number(CLASS, s.parts[receiver][1]) if s.kinds[receiver] in (INSTANCE, ASSUMED) else receiver


def bind_class(s: State, c: Constraint, value: int) -> None:
    """Fire (BIND_CLASS, variable, dst, class value): what a class method is called with."""
    _, _, dst, receiver = c
    s.give(dst, bound(s, value, receiver) if s.kinds[value] == FUNCTION else value)


def store(s: State, c: Constraint, value: int) -> None:
    """Fire (STORE, base, src, name, call)."""
    _, _, src, name, call = c
    kind = s.kinds[value]
    parts = s.parts[value]
    if kind in (INSTANCE, ASSUMED):
        unit = parts[1]
        variable, _ = s.program.attribute(unit, name)
        if variable >= 0:
            s.install((SET_THROUGH, variable, src, value, call))
        setter, _ = s.program.attribute(unit, "__setattr__")
        if setter >= 0:
            s.install((CALL_WITH, setter, s.sub_call(call, "__setattr__", -1, (-1, src)), value, -1))
        if src >= 0:
            s.copy(src, s.own(unit, name) if kind == INSTANCE else s.inherited("assumed", unit, name))
    elif src < 0:
        return
    elif kind == CLASS:
        s.copy(src, s.inherited("class", parts[1], name))
        s.give(s.assigned_to_class(name), s.number(WORTHY))
    elif kind == MODULE:
        module = s.program.module_of(parts[2])
        if module is not None:
            s.copy(src, s.others(module.number, name))
    elif kind == FUNCTION:
        s.copy(src, s.cell("function attribute", value, name))
    elif kind == CARRIED or (kind == BOUND and s.kinds[parts[1]] == FUNCTION):
        s.copy(src, s.cell("function attribute", parts[1], name))


def set_through(s: State, c: Constraint, value: int) -> None:
    """Fire (SET_THROUGH, cell, src, receiver, call): a property or another descriptor takes the value."""
    _, _, src, receiver, call = c
    kind = s.kinds[value]
    if kind == PROPERTY:
        if s.parts[value][2] >= 0:
            s.install((CALL_WITH, s.parts[value][2], s.sub_call(call, "set", -1, (src,)), receiver, -1))
    elif kind in (INSTANCE, ASSUMED):
        setter, _ = s.program.attribute(s.parts[value][1], "__set__")
        if setter >= 0:
            one = s.temporary(s.calls[call].root, ("receiver", receiver))
            s.give(one, receiver)
            s.install((CALL_WITH, setter, s.sub_call(call, "set", -1, (one, src)), value, -1))


def delete(s: State, c: Constraint, value: int) -> None:
    """Fire (DELETE, base, name, call): a property's deleter, or a descriptor's `__delete__`."""
    if s.kinds[value] in (INSTANCE, ASSUMED):
        variable, _ = s.program.attribute(s.parts[value][1], c[2])
        if variable >= 0:
            s.install((DELETE_THROUGH, variable, value, c[3]))


def delete_through(s: State, c: Constraint, value: int) -> None:
    """Fire (DELETE_THROUGH, cell, receiver, call)."""
    _, _, receiver, call = c
    kind = s.kinds[value]
    if kind == PROPERTY:
        if s.parts[value][3] >= 0:
            s.install((CALL_WITH, s.parts[value][3], s.sub_call(call, "delete", -1), receiver, -1))
    elif kind in (INSTANCE, ASSUMED):
        method, _ = s.program.attribute(s.parts[value][1], "__delete__")
        if method >= 0:
            one = s.temporary(s.calls[call].root, ("receiver", receiver))
            s.give(one, receiver)
            s.install((CALL_WITH, method, s.sub_call(call, "delete", -1, (one,)), value, -1))


def match_argument(s: State, c: Constraint, value: int) -> None:
    """Fire (MATCH_ARGUMENT, class variable, base, dst, index, call): what a class pattern takes by position."""
    _, _, base, dst, index, call = c
    if s.kinds[value] == CLASS:
        fields = s.match_names(s.parts[value][1])
        if index < len(fields):
            s.install((LOAD, base, dst, fields[index], call, False))
    elif s.kinds[value] == EXTERNAL and index == 0:
        s.copy(base, dst)
