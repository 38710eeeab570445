"""Rules: what each constraint does when it fires, by its code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.python.linker import attributes, calls, codes, containers, creation, iteration, narrowing, operators
from lestockage.languages.python.linker.models import builtin_containers, decorators, iterating
from lestockage.languages.python.linker.values import CLASS, CONTAINER, INSTANCE
from lestockage.languages.python.value_flow import opcodes

if TYPE_CHECKING:
    from lestockage.languages.python.linker.solver import Constraint, Rule
    from lestockage.languages.python.linker.state import State


def _raise(s: State, c: Constraint, value: int) -> None:
    """Fire (RAISE, src, call): a class that is raised is instantiated; an object may be caught anywhere."""
    if s.kinds[value] == CLASS:
        calls.instantiate(s, c[2], value, s.raised())
    elif s.kinds[value] == INSTANCE:
        s.give(s.raised(), value)


def _caught(s: State, c: Constraint, value: int) -> None:
    """Fire (CAUGHT, class variable, dst): of objects of the project's own classes, those that are raised somewhere."""
    kind = s.kinds[value]
    if kind == CONTAINER and s.parts[value][1] == "tuple":
        s.install((opcodes.CAUGHT, s.elements(value), c[2]))
        return
    narrowing.instance_of(s, (opcodes.INSTANCE_OF, c[1], c[2]), value)
    if kind == CLASS:
        s.install((codes.NARROW_TO, s.raised(), c[2], value))


def _instantiate(s: State, c: Constraint, value: int) -> None:
    """Fire (INSTANTIATE, class variable, call, dst): `type.__call__`."""
    if s.kinds[value] == CLASS:
        calls.construct(s, c[2], value, c[3])


def _put(s: State, c: Constraint, value: int) -> None:
    """Fire (PUT, container variable, key, src)."""
    if s.kinds[value] == CONTAINER:
        s.copy(c[3], s.element(value, c[2]))


def _put_key(s: State, c: Constraint, value: int) -> None:
    """Fire (PUT_KEY, container variable, key variable)."""
    if s.kinds[value] == CONTAINER:
        s.add_keys(c[2], value)


def _where(s: State, c: Constraint, _value: int) -> None:
    """Fire (WHERE, what, src, dst): there is something for which the code is as it is here."""
    s.copy(c[2], c[3])


def _nothing(s: State, c: Constraint, value: int) -> None:  # noqa: ARG001  # the rules' shape
    raise AssertionError(c, value)


RULES: list[Rule] = [_nothing] * codes.COUNT
for _code, _rule in {
    opcodes.PUT: _put,
    opcodes.PUT_KEY: _put_key,
    opcodes.EXTEND: containers.extend,
    opcodes.LOAD: attributes.load,
    opcodes.LOADS: attributes.load_matching,
    codes.NAMED: attributes.named,
    codes.BIND_META: attributes.bind_meta,
    codes.ONCE_ASSIGNED: attributes.once_assigned,
    codes.LOAD_ASSIGNED: attributes.load_assigned,
    opcodes.STORE: attributes.store,
    opcodes.ITEM: containers.item,
    opcodes.SETITEM: containers.set_item,
    opcodes.SLICE: containers.slice_,
    opcodes.CALL: calls.call,
    opcodes.METHOD: operators.method,
    opcodes.BINARY: operators.binary,
    opcodes.ITERATE: iteration.iterate,
    opcodes.UNPACK: containers.unpack,
    opcodes.REST: containers.rest,
    opcodes.AWAIT: iteration.await_,
    opcodes.DELEGATE: iteration.delegate,
    opcodes.INSTANCE_OF: narrowing.instance_of,
    opcodes.NARROW: narrowing.narrow,
    opcodes.ANSWERS: narrowing.answers,
    opcodes.WHERE: _where,
    opcodes.SUPER_OF: narrowing.super_of,
    opcodes.MATCH_ARGUMENT: attributes.match_argument,
    opcodes.DELETE: attributes.delete,
    codes.DELETE_THROUGH: attributes.delete_through,
    codes.JOIN_SUM: containers.join_sum,
    opcodes.RAISE: _raise,
    opcodes.CAUGHT: _caught,
    opcodes.CREATE: creation.create,
    codes.SET_NAME: creation.set_name,
    codes.CLASSES_OF: creation.classes_of,
    codes.BIND_DATA: attributes.bind_data,
    codes.FROM_BASE: attributes.from_base,
    opcodes.DECORATE: calls.decorate,
    codes.BIND: attributes.bind,
    codes.BIND_CLASS: attributes.bind_class,
    codes.CALL_WITH: calls.call_with,
    codes.NARROW_TO: narrowing.narrow_to,
    codes.NARROW_FROM: narrowing.narrow_from,
    codes.SUPER_FROM: narrowing.super_from,
    codes.REFLECTED: operators.reflected,
    codes.NEXT: iteration.next_,
    codes.SPREAD: calls.spread,
    codes.SPREAD_KEYWORDS: calls.spread_keywords,
    codes.SPREAD_REST: containers.spread_rest,
    codes.SPREAD_MAPPING: containers.spread_mapping,
    codes.COPY_KEY: containers.copy_key,
    codes.EXTEND_WITH: containers.extend_with,
    codes.NEW_OF: narrowing.new_of,
    codes.TYPE_OF: narrowing.type_of,
    codes.SET_THROUGH: attributes.set_through,
    codes.ITEMS_OF: builtin_containers.items_of,
    codes.DICT_OF: builtin_containers.dict_of,
    codes.CONTEXT_OF: decorators.context_of,
    codes.IDENTITY_OF: calls.identity_of,
    codes.WRAPPER_OF: calls.wrapper_of,
    codes.HOLD: containers.hold,
    codes.KEYS_OF: containers.keys_of,
    codes.CROSS: containers.cross,
    codes.WORTH: containers.worth,
    codes.PASS: containers.pass_,
    codes.NEST: containers.nest,
    codes.FILL: calls.fill,
    codes.INSTANTIATE: _instantiate,
    codes.RETURNED: iteration.returned,
    codes.ITERATOR_OF: iterating.iterator_of,
    codes.REGISTER: decorators.register,
}.items():
    RULES[_code] = _rule
