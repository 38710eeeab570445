"""Containers: what lists, tuples, dicts, sets and iterators hold, under constant keys where they are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.python.builtin_names import is_type
from lestockage.languages.python.linker.codes import CALL_WITH, COPY_KEY, CROSS, EXTEND_WITH, JOIN_SUM, SPREAD_MAPPING
from lestockage.languages.python.linker.values import (
    ASSUMED,
    BOUND,
    CARRIED,
    CLASS,
    CONTAINER,
    EXTERNAL,
    EXTERNAL_INSTANCE,
    FUNCTION,
    GENERATOR,
    INSTANCE,
    ITEMS,
    KEY,
    MODULE,
    PASSED,
    RUNNABLE,
    UNBOUND,
    WORTHY,
)
from lestockage.languages.python.value_flow.opcodes import ITERATE, METHOD

if TYPE_CHECKING:
    from lestockage.languages.python.linker.solver import Constraint
    from lestockage.languages.python.linker.state import State

SEQUENCES = frozenset({"list", "tuple"})
MAPPINGS = frozenset({"dict", "defaultdict"})


def read_under(s: State, value: int, key: object, dst: int) -> None:
    """Copy what a container holds under a constant key, or under any where it is None."""
    if key is None:
        s.copy(s.elements(value), dst)
        return
    if isinstance(key, int) and key < 0:
        length = s.length(value)
        if length < 0:
            s.copy(s.elements(value), dst)
            return
        key += length
    s.copy(s.element(value, key), dst)
    s.copy(s.element(value, None), dst)


def item(s: State, c: Constraint, value: int) -> None:  # noqa: PLR0912  # a case for each kind
    """Fire (ITEM, base, dst, key, key variable, call)."""
    _, _, dst, key, key_variable, call = c
    kind = s.kinds[value]
    if kind == CONTAINER:
        if dst >= 0:
            read_under(s, value, key, dst)
        if key_variable >= 0 and s.parts[value][1] in MAPPINGS:
            hash_keys(s, key_variable, call)
        if s.parts[value][1] == "defaultdict":
            s.call_factory(value, call)
            if dst >= 0:
                s.copy(s.element(value, None), dst)
    elif kind in (INSTANCE, ASSUMED):
        method, outside = s.program.attribute(s.parts[value][1], "__getitem__")
        if method >= 0:
            s.install((CALL_WITH, method, s.sub_call(call, "__getitem__", dst, (key_variable,)), value, dst))
        elif outside is not None:
            missing, _ = s.program.attribute(s.parts[value][1], "__missing__")
            if missing >= 0:
                s.install((CALL_WITH, missing, s.sub_call(call, "__missing__", dst, (key_variable,)), value, dst))
            if dst >= 0:
                s.copy(s.elements(value), dst)
    elif kind == CLASS:
        method, _ = s.program.attribute(s.parts[value][1], "__class_getitem__")
        if method >= 0:
            s.install((CALL_WITH, method, s.sub_call(call, "__class_getitem__", dst, (key_variable,)), value, dst))
        else:
            metaclass = s.program.metaclass(s.parts[value][1])
            above = -1 if metaclass is None else s.program.attribute(metaclass.number, "__getitem__")[0]
            if above >= 0:
                s.install((CALL_WITH, above, s.sub_call(call, "__getitem__", dst, (key_variable,)), value, dst))
            elif dst >= 0:
                s.give(dst, value)  # a generic class is itself
    elif kind == EXTERNAL and dst >= 0 and is_type(s.parts[value][1]):
        s.give(dst, value)  # a generic class, too


def hash_keys(s: State, variable: int, call: int) -> None:
    """Have a mapping or set ask what it is asked for, or given, for its hash."""
    s.install((METHOD, variable, -1, "__hash__", (), call))


def set_item(s: State, c: Constraint, value: int) -> None:
    """Fire (SETITEM, base, key, key variable, src, call)."""
    _, _, key, key_variable, src, call = c
    kind = s.kinds[value]
    if kind == CONTAINER:
        if src >= 0:
            s.put(src, value, key)
        if key_variable >= 0 and s.parts[value][1] in MAPPINGS:
            s.add_keys(key_variable, value)
            hash_keys(s, key_variable, call)
    elif kind in (INSTANCE, ASSUMED):
        method, outside = s.program.attribute(s.parts[value][1], "__setitem__")
        if method >= 0:
            s.install((CALL_WITH, method, s.sub_call(call, "__setitem__", -1, (key_variable, src)), value, -1))
        elif outside is not None and src >= 0:
            s.put(src, value, None)


def slice_(s: State, c: Constraint, value: int) -> None:
    """Fire (SLICE, base, dst, call, lower, upper, are bounds known): a new list or tuple with elements that are between the bounds."""
    _, _, dst, call, lower, upper, is_bounded = c
    if s.kinds[value] == CONTAINER:
        if dst >= 0:
            length = s.length(value)
            places = range(length)[lower:upper] if is_bounded and length >= 0 else None
            made = s.container(s.parts[value][1], "slice", call, -1 if places is None else len(places))
            if places is None:
                s.hold(s.elements(value), made, None)
            else:
                s.hold(s.element(value, None), made, None)
                for place, of in enumerate(places):
                    s.hold(s.element(value, of), made, place)
            s.give(dst, made)
    else:
        item(s, (c[0], c[1], dst, None, -1, call), value)


def add(s: State, dst: int, value: int, right: int, call: int) -> None:
    """Make the sum of a list or tuple and what another variable holds, in places where these are known."""
    length = s.length(value)
    made = s.container(s.parts[value][1], "sum", call)
    _append(s, value, made, 0 if length >= 0 else -1)
    if right >= 0:
        s.install((JOIN_SUM, right, made, length))
    s.give(dst, made)


def join_sum(s: State, c: Constraint, value: int) -> None:
    """Fire (JOIN_SUM, right, sum value, places before or -1)."""
    if s.kinds[value] == CONTAINER and value != c[2]:
        _append(s, value, c[2], c[3])


def _append(s: State, value: int, made: int, before: int) -> None:
    length = s.length(value)
    if before < 0 or not 0 <= length <= MOST_KEYS:
        s.hold(s.elements(value), made, None)
        return
    s.hold(s.element(value, None), made, None)
    for place in range(length):
        s.hold(s.element(value, place), made, before + place)


def extend(s: State, c: Constraint, value: int) -> None:
    """Fire (EXTEND, src, container variable, call): what a container holds goes into others."""
    _, _, target, call = c
    if s.kinds[value] == CONTAINER and s.parts[value][1] in MAPPINGS:
        s.install((SPREAD_MAPPING, target, value))
    else:
        element = s.temporary(call, "extend")
        s.install((ITERATE, c[1], element, call, False))
        s.install((EXTEND_WITH, target, element))


def extend_with(s: State, c: Constraint, value: int) -> None:
    """Fire (EXTEND_WITH, container variable, element variable)."""
    if s.kinds[value] == CONTAINER:
        s.hold(c[2], value, None)


def spread_mapping(s: State, c: Constraint, value: int) -> None:
    """Fire (SPREAD_MAPPING, container variable, source value): a mapping's elements under their keys, into what a variable holds."""
    if s.kinds[value] == CONTAINER:
        if s.parts[value][1] in MAPPINGS:
            copy_mapping(s, c[2], value)
        else:
            s.hold(s.keys(c[2]), value, None)


def copy_mapping(s: State, source: int, target: int) -> None:
    """Copy what one mapping holds into another, under the same keys."""
    if source == target:
        return
    copy_elements(s, source, target)


def copy_elements(s: State, source: int, target: int) -> None:
    """Copy what one container holds into another, under the same keys where these are few: those of a display, or of arguments."""
    if s.kinds[source] == CONTAINER and (0 < s.length(source) <= MOST_KEYS or s.parts[source][3] == "**"):
        s.hold(s.element(source, None), target, None)
        s.install((COPY_KEY, s.key_names(source), source, target, 0, 0))
    else:
        s.hold(s.elements(source), target, None)
    s.add_keys(s.keys(source), target)


MOST_KEYS = 16
"""Keys of a dict that are told apart when it is copied into another."""


def copy_key(s: State, c: Constraint, value: int) -> None:
    """Fire (COPY_KEY, key names, source value, target value, skipped, offset)."""
    _, _, source, target, skipped, offset = c
    key = s.parts[value][1]
    if type(key) is not int:
        s.hold(s.element(source, key), target, key)
    elif key >= skipped and key - skipped + offset < LONGEST:
        s.hold(s.element(source, key), target, key - skipped + offset)


def hold(s: State, c: Constraint, value: int) -> None:
    """Fire (HOLD, src, dst): anything but containers."""
    kind = s.kinds[value]
    if kind != CONTAINER and (kind in RUNNABLE or not s.values.is_coarse):
        move(s, c[2], value)


def pass_(s: State, c: Constraint, value: int) -> None:
    """Fire (PASS, src, dst): a container crosses a border once it is known to hold something that can run, or while it is empty."""
    if s.kinds[value] == CONTAINER:
        _cross_when_worthy(s, c[2], value)
    else:
        move(s, c[2], value)


def nest(s: State, c: Constraint, value: int) -> None:
    """Fire (NEST, src, element variable): of containers, those that are written where they are used are followed into others."""
    kind = s.kinds[value]
    if kind != CONTAINER:
        if kind in RUNNABLE or not s.values.is_coarse:
            move(s, c[2], value)
    elif type(s.parts[value][2]) is int:
        _cross_when_worthy(s, c[2], value)


def move(s: State, dst: int, value: int) -> None:
    """Give a value to another unit, or to a container.

    Methods that travel are told apart by function only: what calls one passes on any object that it has travelled bound to. Things outside
    are marked: what may be any of them is asked for everything that all of them have, and the names that come of that, given on and asked
    again, would be every name for every thing.
    """
    kind, parts = s.kinds[value], s.parts[value]
    if kind == EXTERNAL:
        if len(parts) == 2:
            s.give(dst, s.number(EXTERNAL, parts[1], PASSED))
        elif parts[2] == PASSED:
            s.give(dst, value)
    elif kind == BOUND and s.kinds[parts[2]] in RECEIVERS:
        if s.kinds[parts[1]] == FUNCTION:
            s.give(s.receivers(parts[1]), parts[2])
            s.give(dst, s.number(CARRIED, parts[1]))
    else:
        s.give(dst, value)


RECEIVERS = frozenset({INSTANCE, ASSUMED, CLASS})
"""Kinds of values of which only the class is known, that methods are bound to."""


def _cross_when_worthy(s: State, dst: int, value: int) -> None:
    further = s.further(value)
    if further < 0:
        return
    if s.length(value) == 0:
        s.give(dst, further)
    else:
        s.install((CROSS, s.worth(value), dst, further))


def cross(s: State, c: Constraint, _value: int) -> None:
    """Fire (CROSS, worth, dst, container value): what a container holds has decided that it is followed."""
    s.give(c[2], c[3])


def worth(s: State, c: Constraint, value: int) -> None:
    """Fire (WORTH, elements, worth): a container is worth following that holds something that can run, or such a container."""
    kind = s.kinds[value]
    if kind == CONTAINER:
        if s.worth(value) != c[2]:
            s.copy(s.worth(value), c[2])
    elif kind not in DULL:
        s.give(c[2], s.number(WORTHY))


DULL = frozenset({UNBOUND, EXTERNAL, EXTERNAL_INSTANCE, KEY, ITEMS, MODULE, GENERATOR})
"""Kinds of values that run nothing of the project's."""


def keys_of(s: State, c: Constraint, value: int) -> None:
    """Fire (KEYS_OF, src, keys variable): functions, classes and objects as keys; containers are not followed there."""
    if s.kinds[value] != CONTAINER:
        s.give(c[2], value)


LONGEST = 8
"""Places up to which elements are told apart: a tuple that is passed on with one more in front, in a circle, would grow for ever."""


def spread_rest(s: State, c: Constraint, value: int) -> None:
    """Fire (SPREAD_REST, src, rest value, skipped, offset): elements of *src from a place on go into a function's *args."""
    _, _, rest, skipped, offset = c
    if s.kinds[value] == CONTAINER and s.parts[value][1] in SEQUENCES:
        if value != rest or skipped != offset:
            s.hold(s.element(value, None), rest, None)
            s.install((COPY_KEY, s.key_names(value), value, rest, skipped, offset))
    elif s.kinds[value] == CONTAINER:
        s.hold(s.elements(value), rest, None)
    elif s.kinds[value] == GENERATOR and s.program.units[s.parts[value][1]].yields >= 0:
        s.hold(s.program.units[s.parts[value][1]].yields, rest, None)


def unpack(s: State, c: Constraint, value: int) -> None:
    """Fire (UNPACK, src, dst, index, call): the element at a place; of what has no places, any."""
    _, _, dst, index, call = c
    if s.kinds[value] == CONTAINER and s.parts[value][1] in SEQUENCES:
        if dst >= 0:
            read_under(s, value, index, dst)
    else:
        s.install((ITERATE, c[1], dst, call, False))


def rest(s: State, c: Constraint, value: int) -> None:
    """Fire (REST, src, dst container value, before, after, call): a starred target's list."""
    _, _, made, before, after, call = c
    if s.kinds[value] == CONTAINER and s.parts[value][1] in SEQUENCES:
        s.hold(s.element(value, None), made, None)
        length = s.length(value)
        if length >= 0:
            for place in range(before, length - after):
                s.hold(s.element(value, place), made, place - before)
        else:
            s.install((COPY_KEY, s.key_names(value), value, made, before, 0))
    else:
        s.install((ITERATE, c[1], s.element(made, None), call, False))
