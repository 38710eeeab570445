"""Inputs: what is set from outside, one cell a field, with creation, look-up, enumeration and deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self, dataclass_transform

from lestockage.engine import registry
from lestockage.engine.effects import discard_keyed
from lestockage.engine.equality import equality_for
from lestockage.engine.frame import current
from lestockage.engine.handle import NO_DEFAULT, Field, Handle, KeyField, declare_shape
from lestockage.engine.keys import distinct
from lestockage.engine.lazy import Unloaded, is_lazy
from lestockage.engine.mark import mark
from lestockage.engine.node import MISSING, Cell
from lestockage.engine.protection import copier
from lestockage.engine.write import set_cell
from lestockage.errors import DamagedInput, DeletedHandle, ForeignDatabase

if TYPE_CHECKING:
    from lestockage.engine.runtime import Engine


def cell(*, kw_only: bool = True, default: Any = NO_DEFAULT) -> Any:
    """The field specifier that type checkers know; `kw_only=False` makes a positional field."""
    del kw_only
    return default


class CellField:
    """Reads one cell and records the read; setting it starts a new revision."""

    __slots__ = ("are_equal", "copy", "default_of_field", "field", "index", "is_lazy")

    def __init__(self, index: int, field: Field) -> None:
        self.index = index
        self.field = field
        self.default_of_field = field.default
        self.are_equal = equality_for(field.annotation)
        self.copy = copier(field.annotation)
        self.is_lazy = is_lazy(field.annotation)

    def __get__(self, handle: Input | None, owner: type | None = None) -> Any:
        if handle is None:
            return self
        cells = handle._cells
        frame = current()
        if cells is None or frame is None or frame.db is not handle._db:
            value = self.read(handle)
        else:  # as `read`, which most reads need not call
            found = cells[self.index]
            frame.reads[found] = None
            value = found.value
            if value is MISSING:
                raise DamagedInput(repr(handle), self.field.name)
        if self.is_lazy and type(value) is Unloaded:
            return handle._db.load_cell(handle, self.field.name)
        return value if self.copy is None else self.copy(value)

    def read(self, handle: Input) -> Any:
        """What the cell holds, recorded as a read of the running query."""
        cells = handle._cells
        if cells is None:
            raise _deleted(handle)
        found = cells[self.index]
        frame = current()
        if frame is not None:
            if frame.db is not handle._db:
                raise foreign(frame, handle)
            frame.reads[found] = None
        value = found.value
        if value is MISSING:
            raise DamagedInput(repr(handle), self.field.name)
        return value

    def __set__(self, handle: Input, value: Any) -> None:
        cells = handle._cells
        if cells is None:
            raise _deleted(handle)
        type(handle)._shape.check(self.field, value)
        with handle._db.exclusive:
            self.update(handle, value)

    def update(self, handle: Input, value: Any) -> None:
        """Set a checked value if it differs; an equal one is no change. The caller holds `db.exclusive`."""
        if handle._cells is None:
            raise _deleted(handle)
        found = handle._cells[self.index]
        if type(found.value) is not type(value) or not self.are_equal(found.value, value):
            set_cell(handle._db, found, self.kept(value))

    def kept(self, value: Any) -> Any:
        """The value as the cell keeps it: nobody else holds what could be changed."""
        return value if self.copy is None or type(value) is Unloaded else self.copy(value)


class Look(NamedTuple):
    """The owner of a cell that tells which inputs there are: how people write the look, and what it was at."""

    text: str
    cls: type[Input]
    kind: str

    def __repr__(self) -> str:
        return repr(self.text)


def looked_up(cls: type[Input], key: tuple[Any, ...]) -> Cell:
    """A new presence cell, for a key that is looked up for the first time."""
    return Cell(Look(f"{cls.__name__}.get{key!r}", cls, registry.PRESENCE), "", key, 1)


class InputTable:
    """The inputs of one class in one database.

    `members` changes when an input is created or deleted; a presence cell, made for each key that a query looked up, when that one is.
    """

    __slots__ = ("handles", "members", "ordered", "presence", "version")

    def __init__(self, cls: type[Input]) -> None:
        self.handles: dict[Any, Input] = {}
        self.members = Cell(Look(f"{cls.__name__}.all()", cls, registry.MEMBERS), "", None, 1)
        self.presence: dict[Any, Cell] = {}
        self.ordered: tuple[Input, ...] | None = None
        self.version = 0
        """Counts changes of membership, so that a list made meanwhile is not kept."""


@dataclass_transform(kw_only_default=True, field_specifiers=(cell,))
class _Fields:
    """Carries the type checkers' view of a class with fields."""

    __slots__ = ()


class _Cells(Handle):
    """An input's cells, apart from the class that type checkers read fields from."""

    __slots__ = ("_cells",)

    _cells: tuple[Cell, ...] | None


class Input(_Cells, _Fields):
    """Base of input classes: annotate fields, mark those that identify as `Key`; without a Key field the class is a singleton.

    `SourceFile(db, path=…, text=…)` creates the input of that key, or updates the one there is, and returns its handle.
    """

    if TYPE_CHECKING:
        db: Engine = cell(kw_only=False)
    _fields: ClassVar[dict[str, CellField]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._shape = declare_shape(cls, all_keys=False, depth=2)
        for index, field in enumerate(cls._shape.keys):
            setattr(cls, field.name, KeyField(index, field.name))
        cls._fields = {field.name: CellField(index, field) for index, field in enumerate(cls._shape.others)}
        for name, descriptor in cls._fields.items():
            setattr(cls, name, descriptor)
        registry.register_input(cls)

    if not TYPE_CHECKING:

        def __new__(cls, db: Engine, /, **values: Any) -> Self:
            """See the class."""
            with db.exclusive:
                key, given = cls._shape.split(values, need_all=False)
                table = db.input_table(cls)
                handle = db.find_input(cls, key)
                if handle is None:
                    return _create(cls, db, table, key, cls._shape.split(values, need_all=True)[1])
                for name, value in given.items():
                    cls._fields[name].update(handle, value)
                return handle

    @classmethod
    def get(cls, db: Engine, **key: Any) -> Self | None:
        """The input of that key, or None; in a query, a dependency on whether it is there."""
        values, _ = cls._shape.split(key, need_all=False)
        identity = distinct(values)
        table = db.input_table(cls)
        frame = current()
        if frame is not None:
            if frame.db is not db:
                raise foreign(frame, cls.__name__)
            presence = table.presence.get(identity)
            if presence is None:
                presence = table.presence.setdefault(identity, looked_up(cls, values))
            frame.reads[presence] = None
            return db.find_input(cls, values)
        return db.looked(lambda: db.find_input(cls, values))

    @classmethod
    def all(cls, db: Engine) -> tuple[Self, ...]:
        """Every input of the class, in order of their keys; in a query, a dependency on which there are."""
        table = db.input_table(cls)
        frame = current()
        if frame is not None:
            if frame.db is not db:
                raise foreign(frame, cls.__name__)
            frame.reads[table.members] = None
        if db.store is not None:
            if frame is None:
                db.looked(lambda: db.store.inputs.load_all(cls))
            else:
                db.store.inputs.load_all(cls)
        ordered = table.ordered
        if ordered is None:
            version = table.version
            ordered = tuple(_in_order(list(table.handles.values())))
            with db.lock:
                if table.version == version:
                    table.ordered = ordered
        return ordered  # type: ignore[return-value]  # the table is of this class

    def delete(self) -> None:
        """Take the input away; whatever was computed for its handle goes with it, and using the handle raises from now on."""
        db = self._db
        with db.exclusive:
            cells = self._cells
            if cells is None:
                raise _deleted(self)
            identity = distinct(self._key)
            db.exclusive.next_revision()
            vanish(db, self)
            _membership_changed(db, db.input_table(type(self)), identity)
            db.input_deleted(self, cells)


def vanish(db: Engine, handle: Input) -> None:
    """Take an input out of memory, its handle and what was computed for it, as of this revision; the caller holds `db.exclusive`."""
    table = db.input_table(type(handle))
    with db.lock:
        del table.handles[distinct(handle._key)]
        table.version += 1
        table.ordered = None
    for found in handle._cells or ():
        found.value = MISSING
        found.digest = None
        found.before = None
        found.changed_at = db.revision
        mark(db, found)
    handle._cells = None
    db.died_at = db.revision
    discard_keyed(db, handle)


def _create(cls: type[Input], db: Engine, table: InputTable, key: tuple[Any, ...], values: dict[str, Any]) -> Input:
    handle = object.__new__(cls)
    handle._db = db
    handle._key = key
    handle._keyed = None
    # The row of a cell that was there before may have been read in this revision, by whoever shares the store.
    revision = db.revision if db.store is None else db.exclusive.next_revision()
    handle._cells = tuple(Cell(handle, name, field.kept(values[name]), revision) for name, field in cls._fields.items())
    identity = distinct(key)
    table.handles[identity] = handle
    _membership_changed(db, table, identity)
    db.input_created(handle)
    return handle


def _membership_changed(db: Engine, table: InputTable, identity: Any) -> None:
    with db.lock:
        table.version += 1
        table.ordered = None
    for found in (table.members, table.presence.get(identity)):
        # What a store has seen read the membership cannot be told from memory alone.
        if found is not None and (found.dependents is not None or db.store is not None):
            found.changed_at = db.exclusive.next_revision()
            mark(db, found)


def _in_order(handles: Any) -> list[Any]:
    try:
        return sorted(handles, key=lambda handle: handle._key)
    except TypeError:
        return sorted(handles, key=lambda handle: repr(handle._key))


def _deleted(handle: Handle) -> DeletedHandle:
    return DeletedHandle(
        f"{handle!r} was deleted: its handle stands for nothing any more. Look it up again with {type(handle).__name__}.get(db, …)."
    )


def foreign(frame: Any, what: Any) -> ForeignDatabase:
    """The error for reading another database inside a query."""
    return ForeignDatabase(
        f"{frame.memo.describe()} read {what!r} of another database, whose changes this one cannot see. "
        "Copy what is needed into an input of this database."
    )
