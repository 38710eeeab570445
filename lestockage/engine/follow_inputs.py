"""Follow inputs: cells, members and presence in memory become what another process has recorded.

A cell that was set here since the last look keeps its value. An input that another process has deleted is gone here too, unless it was
changed here: then it comes back with the next flush.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.engine import registry
from lestockage.engine.inputs import Input, vanish
from lestockage.engine.keys import distinct
from lestockage.engine.mark import mark
from lestockage.engine.node import Cell

if TYPE_CHECKING:
    from lestockage.engine.durable import Durable
    from lestockage.engine.inputs import InputTable
    from lestockage.engine.memostore import Member, Row


def follow_inputs(durable: Durable, *, is_ahead: bool) -> None:
    """Take inputs over; the caller holds `db.exclusive` and a snapshot. `is_ahead`: numbers of this process lie above the file's."""
    for cls, table in list(durable.db.inputs.items()):
        if durable.names.is_stored(registry.input_name(cls)):
            _follow_members(durable, cls, table)
    cells = {number: node for number, node in durable.nodes.by_id.items() if type(node) is Cell}
    for row in durable.store.rows(list(cells)):
        _follow_cell(durable, cells[row.id], row, is_ahead=is_ahead)


def _follow_cell(durable: Durable, cell: Cell, row: Row, *, is_ahead: bool) -> None:
    inputs = durable.inputs
    known = cell.stored.digest
    cell.stored.digest = row.digest
    if inputs.is_touched(cell):
        if row.changed_at > cell.changed_at:  # set here, and back: for those who have met the other's value since, it changes now
            _change_now(durable, (cell,))
            cell.before = None
        return
    if not row.is_sound:
        return
    if row.digest == known and row.changed_at <= cell.changed_at:
        return
    if isinstance(cell.owner, Input):
        cell.value = inputs.value(type(cell.owner), cell.name, row)
        cell.before = None
    cell.digest = None
    cell.changed_at = durable.db.revision if is_ahead else row.changed_at
    mark(durable.db, cell)


def _follow_members(durable: Durable, cls: type[Input], table: InputTable) -> None:
    """Take over which inputs of a class there are, as far as memory knows any."""
    inputs = durable.inputs
    is_listed = inputs.is_listed(cls)
    if not is_listed and not table.handles and not table.presence:
        return
    stored: dict[Any, tuple[tuple[Any, ...], Member]] = {}
    for member in durable.store.members(durable.names.of(registry.input_name(cls))):
        key = inputs.key_of(cls, member.key)
        if key is not None:
            stored[distinct(key)] = (key, member)
    before = set(table.handles)
    for identity, handle in list(table.handles.items()):
        _follow_handle(durable, handle, stored[identity][1] if identity in stored else None)
    for identity, (key, member) in stored.items():
        if not inputs.is_deleted_here(cls, identity) and identity not in table.handles and (is_listed or identity in before):
            inputs.make(cls, key, member)
    table.members.digest = None  # kept up step by step where inputs come and go, and here they may be back that were never away
    changed: list[Cell] = []
    if is_listed and before != set(table.handles):
        changed.append(table.members)
    for identity, cell in table.presence.items():
        is_there = identity in table.handles or (identity in stored and not inputs.is_deleted_here(cls, identity))
        if is_there != (identity in before):
            changed.append(cell)
    for cell in changed:
        cell.digest = None
        cell.changed_at = durable.db.revision
        mark(durable.db, cell)


def _change_now(durable: Durable, cells: tuple[Cell, ...]) -> None:
    """Have cells count as changed after everything in the file: others may have read other values from their rows."""
    for cell in cells:
        cell.changed_at = durable.db.revision
        mark(durable.db, cell)


def _follow_handle(durable: Durable, handle: Input, member: Member | None) -> None:
    """Take over what has become of one input in memory, given what is stored under its key."""
    inputs = durable.inputs
    cells = handle._cells or ()
    if inputs.is_made_here(type(handle), distinct(handle._key)):
        if member is not None:
            inputs.merge(handle, member)
            _change_now(durable, cells)
    elif member is None and any(inputs.is_touched(cell) for cell in cells):
        inputs.created(handle)
        _change_now(durable, cells)
    elif member is None or tuple(cell.stored.id if cell.stored is not None else 0 for cell in cells) != member.cells:
        vanish(durable.db, handle)
