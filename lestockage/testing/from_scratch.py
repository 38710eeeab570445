"""From scratch: the oracle of every incremental answer: a new database with the same inputs, in which nothing was remembered.

```python
assert_from_scratch(db, total)                 # asks both, compares, and returns the answer
fresh = from_scratch(db)                       # or ask it whatever you like
```

Handles belong to their database. Those among arguments are looked up in the new one by their class and key; those in answers are compared
by class, key and fields.
"""

# ruff: noqa: S101, SLF001, ANN401
# a test's assertions, in a place where users find them; looks inside handles; values of any type

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from lestockage.database import Database
from lestockage.engine.handle import Handle
from lestockage.engine.inputs import Input
from lestockage.engine.interned import Interned, intern
from lestockage.engine.keys import distinct
from lestockage.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Concatenate, ParamSpec, TypeVar

    from lestockage.engine.runtime import Engine

    P = ParamSpec("P")
    R = TypeVar("R")


def from_scratch(db: Engine) -> Database:
    """Return a database in memory with the inputs of another, and the loaders of their lazy fields, and nothing else.

    Inputs that a stored database has not looked at are copied too, as far as this process declares their classes.

    Raises:
        ArgumentError: for inputs that hold each other in a circle.
    """
    fresh = Database()
    fresh.loaders.update(db.loaders)
    waiting = [handle for cls in _input_classes(Input) for handle in cls.all(db)]
    while waiting:
        held = [handle for handle in waiting if not _copy_input(fresh, handle)]
        if len(held) == len(waiting):
            raise ArgumentError(f"{held[0]!r} and others hold each other in a circle, and cannot be copied one after the other.")
        waiting = held
    return fresh


def assert_from_scratch(db: Database, query: Callable[Concatenate[Database, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Assert that a call answers as in a new database with the same inputs, by value or by exception; returns the answer.

    Raises:
        AssertionError: with both answers.
        Exception: what the call raises, when it raises the same from scratch.
    """
    fresh = from_scratch(db)
    moved = [_moved(fresh, value) for value in args]
    named = {name: _moved(fresh, value) for name, value in kwargs.items()}
    error: Exception | None = None
    answer: Any = None
    try:
        answer = query(db, *args, **kwargs)
    except Exception as raised:  # noqa: BLE001  # compared with what the other raises
        error = raised
    try:
        expected: Any = spelled(query(fresh, *moved, **named))
    except Exception as raised:  # noqa: BLE001  # as above
        expected = _told(raised)
    found = spelled(answer) if error is None else _told(error)
    name = getattr(query, "__qualname__", repr(query))
    assert found == expected, f"{name} answers   {found!r}\nfrom scratch   {expected!r}"
    if error is not None:
        raise error
    result: R = answer
    return result


def spelled(value: Any) -> Any:
    """Return a value with everything that belongs to a database, at any depth, replaced by what tells it apart: equal in all of them."""
    if isinstance(value, Handle):
        fields = [] if isinstance(value, (Input, Interned)) else [getattr(value, field.name) for field in type(value)._shape.others]
        return (type(value).__qualname__, *map(spelled, value._key), *map(spelled, fields))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return (type(value).__qualname__, *(spelled(getattr(value, field.name)) for field in dataclasses.fields(value)))
    if isinstance(value, dict):
        return (type(value).__qualname__, *((spelled(key), spelled(item)) for key, item in value.items()))
    if isinstance(value, (tuple, list)):
        return (type(value).__qualname__, *map(spelled, value))
    if isinstance(value, (set, frozenset)):
        return type(value).__qualname__, frozenset(map(spelled, value))
    return distinct(value) if type(value) in (bool, float, complex) else value


def _told(error: Exception) -> tuple[str, str]:
    return type(error).__qualname__, str(error)


def _input_classes(base: type[Input]) -> Iterator[type[Input]]:
    for cls in base.__subclasses__():
        yield cls
        yield from _input_classes(cls)


def _copy_input(fresh: Database, handle: Input) -> bool:
    """Create an input like another; False while one that it holds is not there yet."""
    cls = type(handle)
    try:
        key = {field.name: _moved(fresh, value) for field, value in zip(cls._shape.keys, handle._key, strict=True)}
        values = {name: _moved(fresh, getattr(handle, name)) for name in cls._fields}
    except _Absent:
        return False
    make: Callable[..., Input] = cls
    make(fresh, **key, **values)
    return True


class _Absent(Exception):  # noqa: N818  # never seen outside: the input is copied later
    """An input is not in the new database yet."""


def _moved(fresh: Database, value: Any) -> Any:
    """Return a value with its handles replaced by those of another database."""
    if isinstance(value, Handle):
        cls = type(value)
        key = tuple(_moved(fresh, part) for part in value._key)
        if isinstance(value, Interned):
            return intern(fresh, type(value), key)
        if not isinstance(value, Input):
            raise ArgumentError(f"{value!r} is made by a query: ask a query from scratch that makes its {cls.__name__} by itself.")
        found = fresh.find_input(type(value), key)
        if found is None:
            raise _Absent(repr(value))
        return found
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return tuple(_moved(fresh, part) for part in value)
    if isinstance(value, tuple):
        return type(value)(*(_moved(fresh, part) for part in value))
    if type(value) in (list, set, frozenset):
        return type(value)(_moved(fresh, part) for part in value)
    if type(value) is dict:
        return {_moved(fresh, key): _moved(fresh, part) for key, part in value.items()}
    return value
