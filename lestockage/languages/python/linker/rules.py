"""Rules: what each constraint does when it fires, by its code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.python.linker import attributes, calls, codes, containers, creation, iteration, narrowing, operators
from lestockage.languages.python.linker.models import builtin_containers, decorators, iterating
from lestockage.languages.python.linker.values import CLASS, CONTAINER, INSTANCE

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
        s.install((codes.CAUGHT, s.elements(value), c[2]))
        return
    narrowing.instance_of(s, (codes.INSTANCE_OF, c[1], c[2]), value)
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


def _nothing(s: State, c: Constraint, value: int) -> None:  # noqa: ARG001  # the rules' shape
    raise AssertionError(c, value)


RULES: list[Rule] = [_nothing] * codes.COUNT
for _code, _rule in {
    codes.PUT: _put,
    codes.PUT_KEY: _put_key,
    codes.EXTEND: containers.extend,
    codes.LOAD: attributes.load,
    codes.LOADS: attributes.load_matching,
    codes.NAMED: attributes.named,
    codes.BIND_META: attributes.bind_meta,
    codes.ONCE_ASSIGNED: attributes.once_assigned,
    codes.LOAD_ASSIGNED: attributes.load_assigned,
    codes.STORE: attributes.store,
    codes.ITEM: containers.item,
    codes.SETITEM: containers.set_item,
    codes.SLICE: containers.slice_,
    codes.CALL: calls.call,
    codes.METHOD: operators.method,
    codes.BINARY: operators.binary,
    codes.ITERATE: iteration.iterate,
    codes.UNPACK: containers.unpack,
    codes.REST: containers.rest,
    codes.AWAIT: iteration.await_,
    codes.DELEGATE: iteration.delegate,
    codes.INSTANCE_OF: narrowing.instance_of,
    codes.NARROW: narrowing.narrow,
    codes.SUPER_OF: narrowing.super_of,
    codes.MATCH_ARGUMENT: attributes.match_argument,
    codes.DELETE: attributes.delete,
    codes.DELETE_THROUGH: attributes.delete_through,
    codes.JOIN_SUM: containers.join_sum,
    codes.RAISE: _raise,
    codes.CAUGHT: _caught,
    codes.CREATE: creation.create,
    codes.SET_NAME: creation.set_name,
    codes.CLASSES_OF: creation.classes_of,
    codes.BIND_DATA: attributes.bind_data,
    codes.FROM_BASE: attributes.from_base,
    codes.DECORATE: calls.decorate,
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
