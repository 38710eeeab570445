"""Tracked structs: values that a query makes, with an identity that survives the query's next execution and one dependency a field.

Made again with the same Key fields, a struct is the same struct; only readers of the fields that came out different run again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self, dataclass_transform

from lestockage.engine import registry
from lestockage.engine.equality import equality_for
from lestockage.engine.fetch import refresh
from lestockage.engine.frame import Frame, current
from lestockage.engine.handle import Field, Handle, KeyField, declare_shape
from lestockage.engine.inputs import cell, foreign
from lestockage.engine.keys import distinct
from lestockage.engine.mark import rewind
from lestockage.engine.node import Facet, add
from lestockage.engine.protection import copier
from lestockage.errors import DuplicateStruct

if TYPE_CHECKING:
    from lestockage.engine.node import Memo
    from lestockage.engine.runtime import Engine


class FacetField:
    """Reads one tracked field and records the read; it is set by making the struct again."""

    __slots__ = ("are_equal", "copy", "default_of_field", "field", "index")

    def __init__(self, index: int, field: Field) -> None:
        self.index = index
        self.field = field
        self.default_of_field = field.default
        self.are_equal = equality_for(field.annotation)
        self.copy = copier(field.annotation)

    def __get__(self, handle: Tracked | None, owner: type | None = None) -> Any:
        if handle is None:
            return self
        db = handle._db
        db.refuse_dead(handle)
        facets = handle._facets
        assert facets is not None  # noqa: S101  # refused just now otherwise
        facet = facets[self.index]
        if facet.suspects is not None:
            refresh(db, facet.owner)
            db.refuse_dead(handle)
        frame = current()
        if frame is not None:
            if frame.db is not db:
                raise foreign(frame, handle)
            frame.reads[facet] = None
        return facet.value if self.copy is None else self.copy(facet.value)

    def kept(self, value: Any) -> Any:
        """The value as the struct keeps it: nobody else holds what could be changed."""
        return value if self.copy is None else self.copy(value)

    def __set__(self, handle: Tracked, value: Any) -> None:
        raise DuplicateStruct(
            f"{handle!r}.{self.field.name} cannot be set: make the struct again, in the query that made it, with the new value."
        )


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(cell,))
class _Fields:
    """Carries the type checkers' view of a class with fields."""

    __slots__ = ()


class _Facets(Handle):
    """A struct's facets, apart from the class that type checkers read fields from.

    `_owner` is the memo that made it and `_ordinal` its place among equals; `_address` is what a store calls it, None until it was asked.
    """

    __slots__ = ("_address", "_facets", "_ordinal", "_owner")

    _facets: tuple[Facet, ...] | None
    _owner: Memo
    _ordinal: int
    _address: bytes | None


class Tracked(_Facets, _Fields):
    """Base of tracked structs: made inside a query; Key fields are its identity, the others are tracked one by one."""

    if TYPE_CHECKING:
        db: Engine = cell(kw_only=False)
    _fields: ClassVar[tuple[FacetField, ...]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._shape = declare_shape(cls, all_keys=False, depth=2)
        for index, field in enumerate(cls._shape.keys):
            setattr(cls, field.name, KeyField(index, field.name))
        cls._fields = tuple(FacetField(index, field) for index, field in enumerate(cls._shape.others))
        for descriptor in cls._fields:
            setattr(cls, descriptor.field.name, descriptor)
        registry.structs[registry.struct_tag(cls)] = cls

    if not TYPE_CHECKING:

        def __new__(cls, db: Engine, /, **values: Any) -> Self:
            """See the class."""
            frame = current()
            if frame is None:
                raise DuplicateStruct(f"{cls.__name__} was made outside of a query: a tracked struct belongs to the query that makes it.")
            if frame.db is not db:
                raise foreign(frame, cls.__name__)
            key, rest = cls._shape.split(values, need_all=True)
            return make(db, frame, cls, key, rest)


def blank(db: Engine, cls: type[Tracked], key: tuple[Any, ...], owner: Memo, ordinal: int) -> Any:
    """A struct without its fields."""
    handle = object.__new__(cls)
    handle._db = db
    handle._key = key
    handle._keyed = None
    handle._owner = owner
    handle._ordinal = ordinal
    handle._address = None
    return handle


def make(db: Engine, frame: Frame, cls: type[Tracked], key: tuple[Any, ...], values: dict[str, Any]) -> Tracked:
    """Make a struct of these (checked) values on behalf of a frame, or make the one of its identity again."""
    left = frame.left()
    counted = (cls, distinct(key))
    ordinal = left.ordinals.get(counted, 0)
    left.ordinals[counted] = ordinal + 1
    identity = (*counted, ordinal)
    memo = frame.memo
    handle: Tracked | None = db.created.get(memo, {}).get(identity)
    with db.lock:
        if handle is None:
            handle = blank(db, cls, key, memo, ordinal)
            sides = tuple(Facet(memo, field.field.name, field.kept(values[field.field.name]), db.revision, handle) for field in cls._fields)
            handle._facets = sides
            facets = db.facets.setdefault(memo, {})
            for facet in sides:
                facets[handle, facet.name] = facet
                memo.dependents = add(memo.dependents, facet)
        else:
            assert handle._facets is not None  # noqa: S101  # only living structs are kept in `created`
            for descriptor, facet in zip(cls._fields, handle._facets, strict=True):
                value = values[facet.name]
                if not descriptor.are_equal(facet.value, value):
                    if facet.changed_at == db.revision:
                        rewind(db, facet)
                    facet.value = descriptor.kept(value)
                    facet.digest = None
                    facet.changed_at = db.revision
                facet.suspects = None
                facet.verified_at = db.revision
        left.created[identity] = handle
    return handle
