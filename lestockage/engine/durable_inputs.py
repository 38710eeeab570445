"""Durable inputs: input classes, their cells and who is a member, in the store.

A class is stored under three kinds of names: one a field (a node per cell), one for presence (a node for each key that a query looked
up), one for membership (one node). A cell's row holds the digest of its value; a lazy cell's, its fingerprint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lestockage.engine import registry
from lestockage.engine.codec import Codec, codec_for, digest
from lestockage.engine.durable_membership import MEMBERS_LENGTH, Membership
from lestockage.engine.handle_codec import decode_for, handle_extension, key_codec
from lestockage.engine.inputs import Input, looked_up
from lestockage.engine.keys import distinct
from lestockage.engine.lazy import Unloaded, is_lazy
from lestockage.engine.memostore import Member, Row
from lestockage.engine.node import MISSING, Cell, Node
from lestockage.engine.stored import GONE, Stored
from lestockage.errors import CodecError, UnencodableType

if TYPE_CHECKING:
    from lestockage.engine.durable import Durable

_UNLOADED_PREFIX = b"\xc1"
"""No encoding starts with this byte (msgpack never uses it), so a fingerprint is never taken for a value."""


def _identity(data: bytes) -> bytes:
    """The digest of a cell's encoded value; a fingerprint is its own, so that it can be read back."""
    return data if data[:1] == _UNLOADED_PREFIX else digest(data)


class MemberChange(NamedTuple):
    """An input that was created, or deleted (`present` is None), and the revision in which that happened."""

    key: tuple[Any, ...]
    present: Input | None
    revision: int


class DurableInputs:
    """The inputs of one store."""

    def __init__(self, durable: Durable) -> None:
        self._durable = durable
        self._codecs: dict[tuple[type[Input], str], Codec | None] = {}
        self._changed: dict[Cell, None] = {}
        """Cells that were set since the last commit."""
        self._members: dict[tuple[type[Input], Any], MemberChange] = {}
        """Inputs created since the last commit, and the keys of those deleted."""
        self._unswept: tuple[dict[Cell, None], dict[tuple[type[Input], Any], None]] = ({}, {})
        """What of both the stored memos have not heard of."""
        self._moved_at: dict[int, int] = {}
        """When presence and membership that stored memos have looked at changed since the last commit, by row."""
        self._is_loaded: set[type[Input]] = set()
        self._membership = Membership(durable)

    @property
    def has_changes(self) -> bool:
        """Whether inputs changed since the last commit."""
        return bool(self._changed or self._members)

    @property
    def change_count(self) -> int:
        """How many cells and inputs changed since the last commit."""
        return len(self._changed) + len(self._members)

    @property
    def has_unswept(self) -> bool:
        """Whether inputs changed that the stored memos have not heard of."""
        return bool(self._unswept[0] or self._unswept[1])

    # -- what happens to inputs

    def touch(self, cell: Cell) -> None:
        """A cell was set."""
        self._changed[cell] = None
        self._unswept[0][cell] = None

    def created(self, handle: Input) -> None:
        """An input was created."""
        self._moved_member(handle, handle)
        for cell in handle._cells or ():
            self._revive(cell)
            self.touch(cell)

    def deleted(self, handle: Input, cells: tuple[Cell, ...]) -> None:
        """An input was deleted."""
        self._moved_member(handle, None)
        for cell in cells:
            self.touch(cell)

    def _revive(self, cell: Cell) -> None:
        """Give the cell of an input that is back the row that it had: so what was read of it is recognised."""
        names = self._durable.names
        name = registry.field_name(type(cell.owner), cell.name)
        if not names.is_stored(name) or names.of(name) in names.fresh:
            return
        row = self._durable.store.find(names.of(name), self._cell_key(cell))
        if row is None:
            return
        before = self._durable.nodes.by_id.get(row.id)
        if before is not None:
            self._changed.pop(before, None)  # type: ignore[call-overload]  # only cells have rows of cells
        cell.stored = Stored(row.id, row.digest)
        self._durable.nodes.by_id[row.id] = cell

    def _moved_member(self, handle: Input, present: Input | None) -> None:
        identity = type(handle), distinct(handle._key)
        self._members[identity] = MemberChange(handle._key, present, self._durable.db.revision)
        self._membership.changed(type(handle), handle._key, is_there=present is not None)
        self._unswept[1][identity] = None

    # -- beside other processes

    def is_touched(self, cell: Cell) -> bool:
        """Whether a cell was set here since the last commit."""
        return cell in self._changed

    def is_made_here(self, cls: type[Input], identity: Any) -> bool:
        """Whether an input was created here since the last commit."""
        change = self._members.get((cls, identity))
        return change is not None and change.present is not None

    def is_deleted_here(self, cls: type[Input], identity: Any) -> bool:
        """Whether an input was deleted here since the last commit."""
        change = self._members.get((cls, identity))
        return change is not None and change.present is None

    def is_listed(self, cls: type[Input]) -> bool:
        """Whether memory knows every input of a class."""
        return cls in self._is_loaded

    def merge(self, handle: Input, member: Member) -> None:
        """Join an input that was created here with the one of the same key that another process has recorded: its cells, our values."""
        self._members.pop((type(handle), distinct(handle._key)))
        self._unswept[1].pop((type(handle), distinct(handle._key)), None)
        rows = {row.id: row for row in self._durable.store.rows([number for number in member.cells if number])}
        for index, cell in enumerate(handle._cells or ()):
            row = rows.get(member.cells[index]) if index < len(member.cells) else None
            if row is not None and cell.stored is None:
                cell.stored = Stored(row.id, row.digest)
                self._durable.nodes.by_id[row.id] = cell

    def renew(self) -> None:
        """Have the stored memos hear again of what was changed here: others may have found them to hold. All of it changed now."""
        revision = self._durable.db.revision
        self._members = {identity: change._replace(revision=revision) for identity, change in self._members.items()}
        self._moved_at.clear()
        self._unswept = (dict(self._changed), dict.fromkeys(self._members))

    def make(self, cls: type[Input], key: tuple[Any, ...], member: Member) -> Input:
        """Bring an input that another process has created into memory."""
        return self._handle(cls, key, *self._with_rows([member])[0])

    # -- names and codecs

    def codec(self, cls: type[Input], field: str) -> Codec | None:
        """The codec of a field; None when its values cannot be stored."""
        if (cls, field) not in self._codecs:
            try:
                self._codecs[cls, field] = codec_for(cls._fields[field].field.annotation, extra=handle_extension)
            except UnencodableType:
                self._codecs[cls, field] = None
        return self._codecs[cls, field]

    def name(self, cell: Cell) -> int:
        """The id of the name that a cell is stored under."""
        owner = cell.owner
        if isinstance(owner, Input):
            return self._durable.names.of(registry.field_name(type(owner), cell.name))
        _, cls, kind = owner
        return self._durable.names.of(registry.input_name(cls) + kind)

    def _cell_key(self, cell: Cell) -> bytes:
        if isinstance(cell.owner, Input):
            return key_codec(type(cell.owner)).encode(cell.owner._key)
        _, cls, kind = cell.owner
        if kind == registry.MEMBERS:
            return b""
        return key_codec(cls).encode(cell.value)

    def digest(self, cell: Cell) -> bytes | None:
        """The identity of a cell's value; None when it cannot be stored."""
        found = cell.digest
        if found is None and not isinstance(cell.owner, Input):
            if cell is self._durable.db.untracked or cell is GONE:
                return None
            found = cell.digest = self._membership.digest(cell.owner.cls, cell.owner.kind, cell)
        elif found is None:
            data = self._data(cell)
            if data is not None:
                found = cell.digest = _identity(data)
        return found

    def _data(self, cell: Cell) -> bytes | None:
        owner = cell.owner
        value = cell.value
        if value is MISSING:
            return b""
        if type(value) is Unloaded:
            return _UNLOADED_PREFIX + value.fingerprint
        codec = self.codec(type(owner), cell.name)
        return None if codec is None else codec.encode(value)

    def is_known(self, cell: Cell) -> bool:
        """Whether a memo that read this cell can be stored: the cell has, or can get, a row."""
        if cell.stored is not None:
            return True
        if isinstance(cell.owner, Input):
            return self.codec(type(cell.owner), cell.name) is not None and cell.owner._cells is not None
        return cell is not self._durable.db.untracked and cell is not GONE

    # -- writing, inside a transaction

    def unswept(self) -> list[int]:
        """The rows of changed inputs that the stored memos have not heard of; to be swept by the caller, who then calls `swept`."""
        cells, members = self._unswept
        changed = [cell.stored.id for cell in cells if cell.stored is not None]
        for identity in members:
            changed += self._moved(identity[0], self._members[identity])
        return changed

    def swept(self) -> None:
        """What `unswept` gave is known to the stored memos."""
        self._unswept = ({}, {})

    def write(self) -> None:
        """Write what changed; `written` is to be called once that is committed."""
        store = self._durable.store
        known = [cell for cell in self._changed if cell.stored is not None]
        fresh = [cell for cell in self._changed if cell.stored is None and cell.value is not MISSING and self.is_known(cell)]
        self._durable.number(fresh, store.new_ids(len(fresh)) if fresh else ())
        values: list[tuple[bytes, bytes]] = []
        store.update([self._row(cell, values) for cell in known])
        store.insert([self._row(cell, values) for cell in fresh])
        store.put_values(values)
        moved: dict[type[Input], tuple[list[bytes], list[bytes]]] = {}
        made: list[tuple[int, Member]] = []
        for (cls, _), member in self._members.items():
            added, removed = moved.setdefault(cls, ([], []))
            name = self._durable.names.of(registry.input_name(cls))
            encoded = key_codec(cls).encode(member.key)
            was_there = name not in self._durable.names.fresh and store.member(name, encoded) is not None
            if member.present is None:
                store.delete_member(name, encoded)
                removed += (encoded,) if was_there else ()
            else:
                cells = tuple(cell.stored.id if cell.stored is not None else 0 for cell in member.present._cells or ())
                made.append((name, Member(encoded, cells)))
                added += () if was_there else (encoded,)
        store.put_members(made)
        for cls, (added, removed) in moved.items():
            self._membership.write(cls, added, removed, self._moved_at)

    def written(self) -> None:
        """What `write` wrote is committed: others may have looked at it, so it cannot be taken back any more."""
        for cell in self._changed:
            cell.before = None
        self._changed.clear()
        self._members.clear()
        self._moved_at.clear()

    def _moved(self, cls: type[Input], member: MemberChange) -> list[int]:
        """The rows of presence and membership that a change of one input is a change of, if stored memos have looked at any."""
        store = self._durable.store
        found = []
        for kind, key in ((registry.PRESENCE, key_codec(cls).encode(member.key)), (registry.MEMBERS, b"")):
            stored_name = registry.input_name(cls) + kind
            if not self._durable.names.is_stored(stored_name):
                continue
            name = self._durable.names.of(stored_name)
            row = store.find(name, key)
            if row is not None:
                self._moved_at[row.id] = max(member.revision, self._moved_at.get(row.id, 0))
                found.append(row.id)
        return found

    def _row(self, cell: Cell, values: list[tuple[bytes, bytes]]) -> Row:
        """A cell's row as it is now; encoded values that are kept apart are added to `values`."""
        data = self._data(cell)
        found = cell.stored.digest = cell.digest = None if data is None else _identity(data)
        if data is not None and found is not data:
            values.append((digest(data), data))
        return Row(cell.stored.id, self.name(cell), self._cell_key(cell), found, cell.changed_at, cell.changed_at)

    def write_read(self, cells: set[Cell]) -> None:
        """Give a row to every cell that a stored memo reads and that has none yet: those of membership and presence."""
        store = self._durable.store
        keys = {cell: (self.name(cell), self._cell_key(cell)) for cell in cells if cell.stored is None}
        new = self._durable.names.fresh
        found = {cell: row for cell, (name, key) in keys.items() if name not in new and (row := store.find(name, key)) is not None}
        fresh = [cell for cell in keys if cell not in found]
        for cell, row in found.items():
            cell.changed_at = max(cell.changed_at, row.changed_at)  # a cell made late does not know when its row has moved
        self._durable.number(list(found), [row.id for row in found.values()])
        self._durable.number(fresh, store.new_ids(len(fresh)) if fresh else ())
        rows = []
        for cell, (name, key) in keys.items():
            cell.stored.digest = found[cell].digest if cell in found else self.digest(cell)
            if cell not in found:
                rows.append(Row(cell.stored.id, name, key, cell.stored.digest, cell.changed_at, cell.changed_at))
        store.insert(rows)

    # -- loading

    def find(self, cls: type[Input], key: tuple[Any, ...]) -> Input | None:
        """The input of a key that is stored and not yet in memory."""
        with self._durable.lock:
            found = self._durable.db.input_table(cls).handles.get(distinct(key))
            return self._find(cls, key) if found is None else found  # another thread may have loaded it meanwhile

    def _find(self, cls: type[Input], key: tuple[Any, ...]) -> Input | None:
        if cls in self._is_loaded or (cls, distinct(key)) in self._members:
            return None
        name = self._durable.names.of(registry.input_name(cls)) if self._is_stored(cls) else None
        if name is None:
            return None
        encoded = key_codec(cls).encode(key)
        store = self._durable.store
        found = self._durable.following.read(
            lambda: self._with_rows([member for member in (store.member(name, encoded),) if member is not None])
        )
        handles = self._durable.db.input_table(cls).handles
        if not found or distinct(key) in handles:  # memory may have followed meanwhile
            return handles.get(distinct(key))
        return self._handle(cls, key, *found[0])

    def _is_stored(self, cls: type[Input]) -> bool:
        return self._durable.names.is_stored(registry.input_name(cls))

    def load_all(self, cls: type[Input]) -> None:
        """Bring every stored input of a class into memory, with its cells but not their values."""
        if cls in self._is_loaded:
            return
        with self._durable.lock:
            if self._is_stored(cls):
                table = self._durable.db.input_table(cls)
                name = self._durable.names.of(registry.input_name(cls))
                store = self._durable.store
                for member, rows in self._durable.following.read(lambda: self._with_rows(store.members(name))):
                    key = self.key_of(cls, member.key)
                    if key is None:
                        continue
                    identity = distinct(key)
                    if identity not in table.handles and (cls, identity) not in self._members:
                        self._handle(cls, key, member, rows)
            self._is_loaded.add(cls)

    def key_of(self, cls: type[Input], data: bytes) -> tuple[Any, ...] | None:
        """The Key fields of a stored input; None when it is named by another input that is gone, so that nobody can name it."""
        try:
            key: tuple[Any, ...] = decode_for(self._durable.db, key_codec(cls), data)
        except CodecError:
            return None
        return key

    def _with_rows(self, members: list[Member]) -> list[tuple[Member, dict[int, Row]]]:
        """Members with the rows of their cells."""
        ids = [number for member in members for number in member.cells if number]
        rows = {row.id: row for row in self._durable.store.rows(ids)}
        return [(member, rows) for member in members]

    def _handle(self, cls: type[Input], key: tuple[Any, ...], member: Member, rows: dict[int, Row]) -> Input:
        handle = object.__new__(cls)
        handle._db = self._durable.db
        handle._key = key
        handle._keyed = None
        cells = []
        for index, field in enumerate(cls._shape.others):
            row = rows.get(member.cells[index]) if index < len(member.cells) else None
            if row is not None and not row.is_sound:
                cells.append(self._damaged(handle, field.name, row))
                continue
            if row is None or row.name != self._durable.names.of(registry.field_name(cls, field.name)):
                cells.append(Cell(handle, field.name, cls._shape._value(field, {}), self._durable.db.revision))
                continue
            cell = Cell(handle, field.name, self.value(cls, field.name, row), row.changed_at)
            cell.stored = Stored(row.id, row.digest)
            self._durable.nodes.by_id[row.id] = cell
            cells.append(cell)
        handle._cells = tuple(cells)
        table = self._durable.db.input_table(cls)
        table.version += 1
        table.ordered = None
        return table.handles.setdefault(distinct(key), handle)

    def _damaged(self, handle: Input, field: str, row: Row) -> Cell:
        """A cell that holds nothing: reading it raises, setting it heals its row."""
        self._durable.db.counts.damaged += 1
        cell = Cell(handle, field, MISSING, self._durable.db.revision)
        cell.stored = Stored(row.id, None)
        self._durable.nodes.by_id[row.id] = cell
        return cell

    def value(self, cls: type[Input], field: str, row: Row) -> Any:
        """What a cell's row says that it holds; MISSING when that cannot be read."""
        found = row.digest or b""
        if is_lazy(cls._fields[field].field.annotation) and found[:1] == _UNLOADED_PREFIX:
            return Unloaded(found[1:])
        data = self._durable.store.value(found)
        codec = self.codec(cls, field)
        if data is None or codec is None:
            return MISSING
        try:
            return decode_for(self._durable.db, codec, data)
        except CodecError:
            return MISSING

    def node(self, declared: registry.InputField, row: Row) -> Node:
        """The cell of a stored row that a dirty memo read."""
        cls: type[Input] = declared.cls
        kind = declared.field
        found = self._durable.nodes.by_id.get(row.id)
        if found is not None:
            return found
        if kind in (registry.MEMBERS, registry.PRESENCE):
            table = self._durable.db.input_table(cls)
            if kind == registry.MEMBERS:
                cell = table.members
            else:
                key = self.key_of(cls, row.key)
                if key is None:
                    return GONE
                cell = table.presence.setdefault(distinct(key), looked_up(cls, key))
        else:
            key = self.key_of(cls, row.key)
            handle = None if key is None else self._durable.db.find_input(cls, key)
            found = self._durable.nodes.by_id.get(row.id)
            if handle is None or found is None:
                return GONE
            return found
        cell.changed_at = max(cell.changed_at, row.changed_at, self._moved_at.get(row.id, 0))
        if kind == registry.MEMBERS and not self._members and len(row.digest or b"") == MEMBERS_LENGTH:
            cell.digest = row.digest
        cell.stored = Stored(row.id, row.digest)
        self._durable.nodes.by_id[row.id] = cell
        return cell
