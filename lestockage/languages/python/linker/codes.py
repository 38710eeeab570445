"""Codes: what each constraint does that firing leads to; those of the operations of summaries, below 60, are in `value_flow.opcodes`."""

from __future__ import annotations

from typing import Final

BIND: Final = 60  # (_, cell, dst, receiver value, call): what a class holds under a name, read through an object
CALL_WITH: Final = 61  # (_, variable, call, first value, dst): call what a variable holds, with a first argument before the others
NARROW_TO: Final = 62  # (_, src, dst, class value)
NARROW_FROM: Final = 63
SUPER_FROM: Final = 64  # (_, object variable, dst, class unit)
REFLECTED: Final = 65  # (_, right, dst, left, name, call)
NEXT: Final = 66  # (_, iterator, dst, call, is_async): elements of what `__iter__` gave
SPREAD: Final = 67  # (_, src, dst, place): the element of *src that fills a parameter
SPREAD_KEYWORDS: Final = 68  # (_, src, unit, first place): **src fills parameters
NEW_OF: Final = 69  # (_, class variable, dst): object.__new__
TYPE_OF: Final = 70  # (_, src, dst)
SET_THROUGH: Final = 71  # (_, cell, src, receiver value, call): an assignment to an attribute that the class holds, perhaps a descriptor
ITEMS_OF: Final = 73  # (_, src, dst): an element that is a pair, of which 1 is the value: dict(pairs)
CONTEXT_OF: Final = 74  # (_, src, dst): function to what contextlib.contextmanager makes of it
IDENTITY_OF: Final = 75  # (_, src, dst, call): what a decorator outside the project gives back
INSTANTIATE: Final = 76  # (_, class variable, call, dst): type.__call__
BIND_CLASS: Final = 77  # (_, variable, dst, class value)
SPREAD_REST: Final = 78  # (_, src, rest value, skipped, offset): what is left of *src goes into *args
COPY_KEY: Final = 79  # (_, key names, container value, target value, skipped, offset): an element under its key into another container
SPREAD_MAPPING: Final = 80  # (_, src, target value): {**src}
EXTEND_WITH: Final = 81  # (_, container variable, element variable)
RETURNED: Final = 82  # (_, iterator, dst)
DICT_OF: Final = 83  # (_, src, made value, call)
ITERATOR_OF: Final = 84  # (_, src, dst)
REGISTER: Final = 85  # (_, src, registry variable, dst)
WRAPPER_OF: Final = 86  # (_, src, dst)
HOLD: Final = 88  # (_, src, dst): copied, but for containers
KEYS_OF: Final = 89  # (_, src, keys variable)
CROSS: Final = 90  # (_, worth, dst, container value): over a border once it holds something
WORTH: Final = 91  # (_, elements, worth)
PASS: Final = 92  # (_, src, dst): copied over the border of a unit
NEST: Final = 93  # (_, src, element): put into a container
DELETE_THROUGH: Final = 94  # (_, cell, receiver value, call): a deletion of an attribute that the class holds, perhaps a descriptor
JOIN_SUM: Final = 95  # (_, right, sum value): what the right operand of a sum holds
FILL: Final = 96  # (_, cell, call, attribute variable): a field's default factory
SET_NAME: Final = 97  # (_, cell, class value, call): objects that are told which class they are an attribute of
BIND_DATA: Final = 98  # (_, cell, dst, receiver value, call): what goes before an attribute of the object itself
FROM_BASE: Final = 99  # (_, base variable, code, name, rest): a constraint on what a base has under a name
CLASSES_OF: Final = 100  # (_, metaclass variable, dst): type.__new__
NAMED: Final = 101  # (_, name variable, object variable, dst, call): getattr(object, name)
BIND_META: Final = 102  # (_, cell, dst, class value, call): what a metaclass holds under a name, read through a class
ONCE_ASSIGNED: Final = 103  # (_, whether it is, base, dst, name, call): code assigns that name to some class
LOAD_ASSIGNED: Final = 104  # (_, base, dst, name, call): what code assigns to a class
COUNT: Final = 105
