"""Registry: every declared query, so that each database has room for its table."""

from __future__ import annotations

import functools
import threading
import weakref
from typing import TYPE_CHECKING, Any, NamedTuple

from blake3 import blake3

if TYPE_CHECKING:
    from lestockage.engine.declaration import Declaration
    from lestockage.engine.runtime import Engine

MEMBERS = "/members"
PRESENCE = "/presence"
"""Endings of the names that an input class's membership and presence are stored under."""


class Declared(NamedTuple):
    """A stored name that stands for a query."""

    declaration: Declaration


class InputField(NamedTuple):
    """A stored name that stands for a field of an input class, its members, or a key's presence."""

    cls: type[Any]
    field: str


declarations: list[Declaration] = []
"""In order of declaration; a declaration's `index` is its place here."""
_databases: weakref.WeakSet[Engine] = weakref.WeakSet()
_lock = threading.Lock()


def register(declaration: Declaration) -> None:
    """Give a declaration its place, in every database that is open too."""
    with _lock:
        declaration.index = len(declarations)
        declarations.append(declaration)
        for db in _databases:
            db.add_table(declaration)


def attach(db: Engine) -> None:
    """Give a new database a table for every declaration, present and future."""
    with _lock:
        for declaration in declarations:
            db.add_table(declaration)
        _databases.add(db)


def named(name: str) -> Declaration | None:
    """The latest declaration of that stable name."""
    for declaration in reversed(declarations):
        if declaration.name == name:
            return declaration
    return None


accumulators: dict[str, type[Any]] = {}
"""Every accumulator class, by its stable name."""
structs: dict[bytes, type[Any]] = {}
"""Every class of tracked structs, by its tag."""
collecting: Declaration | None = None
"""The query that collects what others pushed, once that is declared."""
_inputs: dict[str, InputField] = {}


def input_name(cls: type[Any]) -> str:
    """The stable name of an input class."""
    return f"{cls.__module__}.{cls.__qualname__}"


@functools.cache
def struct_tag(cls: type[Any]) -> bytes:
    """Eight bytes for a class of tracked structs: its name, its fields and their types. Other fields make other structs."""
    shape = cls._shape
    fields = ", ".join(f"{field.name}: {field.annotation}" for field in (*shape.keys, *shape.others))
    return blake3(f"{input_name(cls)}({len(shape.keys)}; {fields})".encode("utf-8", "surrogatepass")).digest(8)


def field_name(cls: type[Any], field: str) -> str:
    """The stable name of a field, with its type: a field of another type is another field."""
    for declared in cls._shape.others:
        if declared.name == field:
            return f"{input_name(cls)}.{field}: {declared.annotation}"
    raise KeyError(field)


def register_input(cls: type[Any]) -> None:
    """Remember an input class under the names that it is stored under."""
    for field in cls._shape.others:
        _inputs[field_name(cls, field.name)] = InputField(cls, field.name)
    for kind in (MEMBERS, PRESENCE):
        _inputs[input_name(cls) + kind] = InputField(cls, kind)


def lookup(name: str) -> Declared | InputField | None:
    """What a stored name stands for in this process."""
    found = _inputs.get(name)
    if found is not None:
        return found
    declaration = named(name)
    return None if declaration is None else Declared(declaration)
