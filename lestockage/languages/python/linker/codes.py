"""Codes: what each constraint does; the first ones are the operations of summaries, by the same numbers."""

from __future__ import annotations

from typing import Final

COPY: Final = 0
DEFINE: Final = 1
LITERAL: Final = 2
MAKE: Final = 3
PUT: Final = 4
EXTEND: Final = 5
LOAD: Final = 6
STORE: Final = 7
ITEM: Final = 8
SETITEM: Final = 9
SLICE: Final = 10
CALL: Final = 11
METHOD: Final = 12
BINARY: Final = 13
ITERATE: Final = 14
UNPACK: Final = 15
REST: Final = 16
AWAIT: Final = 17
DELEGATE: Final = 18
INSTANCE_OF: Final = 19
NARROW: Final = 20
SUPER_OF: Final = 21
IMPORT: Final = 22
STAR: Final = 23
RAISE: Final = 24
ANNOTATED: Final = 25
DEFAULT: Final = 26
METACLASS: Final = 27
DECORATE: Final = 28
PUT_KEY: Final = 29
MATCH_ARGUMENT: Final = 30
DELETE: Final = 32

# What firing leads to.
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
COUNT: Final = 77
