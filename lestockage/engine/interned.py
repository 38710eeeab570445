"""Interned values: equal data, identical handle, so that a key is compared by identity and costs nothing to pass around."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, dataclass_transform
from weakref import WeakValueDictionary

from lestockage.engine.frame import current
from lestockage.engine.handle import Handle, KeyField, declare_shape
from lestockage.engine.inputs import cell
from lestockage.engine.keys import distinct

if TYPE_CHECKING:
    from lestockage.engine.runtime import Engine


class InternedTable:
    """The interned values of one class in one database.

    A value interned inside a query lives as long as a memo, or anything else, holds its handle; one interned outside, as the database.
    """

    __slots__ = ("handles", "immortal")

    def __init__(self) -> None:
        self.handles: WeakValueDictionary[Any, Interned] = WeakValueDictionary()
        self.immortal: set[Interned] = set()


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(cell,))
class _Fields:
    """Carries the type checkers' view of a class with fields."""

    __slots__ = ()


class Interned(Handle, _Fields):
    """Base of interned classes: every field identifies. `Name(db, text="x") is Name(db, text="x")`."""

    __slots__ = ()

    if TYPE_CHECKING:
        db: Engine = cell(kw_only=False)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._shape = declare_shape(cls, all_keys=True, depth=2)
        for index, field in enumerate(cls._shape.keys):
            setattr(cls, field.name, KeyField(index, field.name))

    if not TYPE_CHECKING:

        def __new__(cls, db: Engine, /, **values: Any) -> Self:
            """See the class."""
            key, _ = cls._shape.split(values, need_all=True)
            return intern(db, cls, key)


def intern(db: Engine, cls: type[Interned], key: tuple[Any, ...]) -> Any:
    """The one handle of these (checked) field values."""
    table = db.interned.get(cls)
    if table is None:
        table = db.interned.setdefault(cls, InternedTable())
    identity = distinct(key)
    handle = table.handles.get(identity)
    if handle is None:
        fresh = object.__new__(cls)
        fresh._db = db
        fresh._key = key
        fresh._keyed = None
        with db.lock:
            handle = table.handles.get(identity)
            if handle is None:
                handle = table.handles[identity] = fresh
    if current() is None:
        table.immortal.add(handle)
    return handle
