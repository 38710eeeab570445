"""Codes: what each constraint does that firing leads to; those of the operations of summaries are in `value_flow.opcodes`."""

from __future__ import annotations

from typing import Final

BIND: Final = 40  # (_, cell, dst, receiver value, call): what a class holds under a name, read through an object
CALL_WITH: Final = 41  # (_, variable, call, first value, dst): call what a variable holds, with a first argument before the others
NARROW_TO: Final = 42  # (_, src, dst, class value)
NARROW_FROM: Final = 43
SUPER_FROM: Final = 44  # (_, object variable, dst, class unit)
REFLECTED: Final = 45  # (_, right, dst, left, name, call)
NEXT: Final = 46  # (_, iterator, dst, call, is_async): elements of what `__iter__` gave
SPREAD: Final = 47  # (_, src, dst, place): the element of *src that fills a parameter
SPREAD_KEYWORDS: Final = 48  # (_, src, unit, first place): **src fills parameters
NEW_OF: Final = 49  # (_, class variable, dst): object.__new__
TYPE_OF: Final = 50  # (_, src, dst)
SET_THROUGH: Final = 51  # (_, cell, src, receiver value, call): an assignment to an attribute that the class holds, perhaps a descriptor
ITEMS_OF: Final = 53  # (_, src, dst): an element that is a pair, of which 1 is the value: dict(pairs)
CONTEXT_OF: Final = 54  # (_, src, dst): function to what contextlib.contextmanager makes of it
IDENTITY_OF: Final = 55  # (_, src, dst, call): what a decorator outside the project gives back
INSTANTIATE: Final = 56  # (_, class variable, call, dst): type.__call__
BIND_CLASS: Final = 57  # (_, variable, dst, class value)
SPREAD_REST: Final = 58  # (_, src, rest value, skipped, offset): what is left of *src goes into *args
COPY_KEY: Final = 59  # (_, key names, container value, target value, skipped, offset): an element under its key into another container
SPREAD_MAPPING: Final = 60  # (_, src, target value): {**src}
EXTEND_WITH: Final = 61  # (_, container variable, element variable)
RETURNED: Final = 62  # (_, iterator, dst)
DICT_OF: Final = 63  # (_, src, made value, call)
ITERATOR_OF: Final = 64  # (_, src, dst)
REGISTER: Final = 65  # (_, src, registry variable, dst)
WRAPPER_OF: Final = 66  # (_, src, dst)
HOLD: Final = 68  # (_, src, dst): copied, but for containers
KEYS_OF: Final = 69  # (_, src, keys variable)
CROSS: Final = 70  # (_, worth, dst, container value): over a border once it holds something
WORTH: Final = 71  # (_, elements, worth)
PASS: Final = 72  # (_, src, dst): copied over the border of a unit
NEST: Final = 73  # (_, src, element): put into a container
DELETE_THROUGH: Final = 74  # (_, cell, receiver value, call): a deletion of an attribute that the class holds, perhaps a descriptor
JOIN_SUM: Final = 75  # (_, right, sum value): what the right operand of a sum holds
FILL: Final = 76  # (_, cell, call, attribute variable): a field's default factory
SET_NAME: Final = 77  # (_, cell, class value, call): objects that are told which class they are an attribute of
BIND_DATA: Final = 78  # (_, cell, dst, receiver value, call): what goes before an attribute of the object itself
FROM_BASE: Final = 79  # (_, base variable, code, name, rest): a constraint on what a base has under a name
CLASSES_OF: Final = 80  # (_, metaclass variable, dst): type.__new__
NAMED: Final = 81  # (_, name variable, object variable, dst, call): getattr(object, name)
BIND_META: Final = 82  # (_, cell, dst, class value, call): what a metaclass holds under a name, read through a class
ONCE_ASSIGNED: Final = 83  # (_, whether it is, base, dst, name, call): code assigns that name to some class
LOAD_ASSIGNED: Final = 84  # (_, base, dst, name, call): what code assigns to a class
COUNT: Final = 86  # with `opcodes.WHERE`
