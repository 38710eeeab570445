"""Node batches: many nodes inserted, or brought to what is wanted, in one transaction, all or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lestockage.errors import ConstraintError, DuplicateRow, MissingNode, RefusedRow, StoreError, UnknownType, WrongProject
from lestockage.store.clock import now
from lestockage.store.deferred_indexes import DeferredIndexes
from lestockage.store.models import Node, node_row
from lestockage.store.node_ids import next_node_id
from lestockage.store.node_rows import NodeRow, node_of_key
from lestockage.store.node_writes import INSERT_NODE, POSITION, change_nodes, move_nodes
from lestockage.store.row_batch import RowBatch, begin
from lestockage.store.type_names import NODE_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lestockage.store.connection import StoreFile

_COLUMNS: Final = len(NodeRow._fields)
_FIRST, _STALE, _CREATED = (NodeRow._fields.index(name) for name in ("file_path", "stale", "created_at"))
_TYPE: Final = NodeRow._fields.index("node_type")
_WHAT: Final = _FIRST + 1 + POSITION
"""Where the position starts in a row; what is before it, from the file on, is what the symbol is."""

_TWINS: Final = (
    "SELECT project_id, file_path, qualified_name, ordinal, json_group_array(id) FROM intel_nodes GROUP BY 1, 2, 3, 4 HAVING count(*) > 1"
)


class Upserted(NamedTuple):
    """What a batch of wanted nodes did: the id of each, in their order, and how many rows were written."""

    ids: list[int]
    inserted: int
    updated: int


class _Insertion:
    """Ids for nodes that are inserted, and the rows that they get."""

    __slots__ = ("at", "ids", "next_id")

    def __init__(self, store: StoreFile) -> None:
        self.at = now()
        self.ids: list[int] = []
        self.next_id = next_node_id(store)

    def row(self, given: Any) -> tuple[Any, ...]:  # noqa: ANN401  # what a caller gives is looked at here
        """Return the row to insert for a node; an id or a time that is given is kept, another is made."""
        row = as_row(given)
        node_id = row[0]
        if node_id is None:
            node_id = self.next_id
        if node_id >= self.next_id:
            self.next_id = node_id + 1
        self.ids.append(node_id)
        created, updated = row[_CREATED:]
        at = self.at
        return (node_id, *row[1:_CREATED], at if created is None else created, at if updated is None else updated)


def as_row(given: Any) -> tuple[Any, ...]:  # noqa: ANN401  # as above
    """Return a `Node`, or a tuple in the order of `NodeRow`, as a plain row.

    Raises:
        ValueError: it is neither.
    """
    if isinstance(given, Node):
        return node_row(given)
    if not isinstance(given, tuple) or len(given) != _COLUMNS:
        msg = f"a node is a Node, or a tuple of {_COLUMNS} columns, not {_described(given)}"
        raise ValueError(msg)  # becomes a RefusedRow that names the row
    return given


def insert_nodes(store: StoreFile, nodes: Iterable[Any]) -> list[int]:
    """Insert nodes and return their ids, in their order.

    An empty table gets its indexes after the rows. The transaction is open while the iterable is read: a slow one keeps other writers out.

    Raises:
        DuplicateRow, WrongProject, UnknownType, RefusedRow: a row that cannot be, with its index; nothing is written.
    """
    with store.transaction():
        rows, is_large = begin(nodes)
        insertion = _Insertion(store)
        indexes = DeferredIndexes(store, "intel_nodes") if is_large else None
        if indexes is not None:
            indexes.take_away()
        RowBatch(store.path, rows, insertion.row).write(store, INSERT_NODE, lambda *refused: _refusal(store, *refused))
        if indexes is not None:
            try:
                indexes.put_back()
            except ConstraintError as error:
                raise _twin(store, insertion.ids) from error
        return insertion.ids


def upsert_nodes(store: StoreFile, nodes: Iterable[Any]) -> Upserted:
    """Bring nodes to what is wanted, by identity: insert what is missing, change what differs, leave alone what is equal.

    An id that is given must be the one that the identity has, or be free. `updated_at` changes with the facts, not with a position; times
    that are given count for nodes that are inserted only.

    Raises:
        DuplicateRow, WrongProject, UnknownType, RefusedRow: a row that cannot be, with its index; nothing is written.
    """
    ids: list[int] = []
    inserted = updated = 0
    with store.transaction():
        insertion = _Insertion(store)
        for index, given in enumerate(nodes):
            try:
                row = as_row(given)
                stored = node_of_key(store, row[1:5])
                if stored is None:
                    store.execute(INSERT_NODE, insertion.row(row))
                    node_id = insertion.ids.pop()
                    inserted += 1
                else:
                    node_id = stored[0]
                    if row[0] not in (None, node_id):
                        raise RefusedRow(store.path, f"its identity has the id {node_id}, not {row[0]}", index)
                    updated += update_row(store, stored, row, insertion.at)
            except (ConstraintError, ValueError, TypeError, IndexError) as error:
                raise _named(store, error, given, index) from error
            ids.append(node_id)
    return Upserted(ids, inserted, updated)


def update_row(store: StoreFile, stored: tuple[Any, ...], wanted: tuple[Any, ...], at: int) -> int:
    """Write a node where it differs from what is stored, and return how many rows that were; the ids are one, times are the store's."""
    if wanted[_FIRST:_WHAT] != stored[_FIRST:_WHAT]:
        return change_nodes(store, [(*wanted[_FIRST:_CREATED], at, stored[0])])
    if wanted[_WHAT:_CREATED] != stored[_WHAT:_CREATED]:
        return move_nodes(store, [(*wanted[_WHAT:_CREATED], stored[0])])
    return 0


def delete_node(store: StoreFile, node_id: int) -> None:
    """Delete a node with its edges.

    Raises:
        MissingNode: there is no such node.
    """
    with store.transaction():
        if not store.execute("DELETE FROM intel_nodes WHERE id = ?", (node_id,)).rowcount:
            raise MissingNode(store.path, node_id)


def refused_update(store: StoreFile, error: ConstraintError, row: tuple[Any, ...]) -> StoreError:
    """Return the error that says what is wrong with one row."""
    return _refusal(store, error, row, None)


def _refusal(store: StoreFile, error: ConstraintError, row: tuple[Any, ...], index: int | None) -> StoreError:
    """Return the error that says which constraint a row offends."""
    detail = error.detail
    if detail.startswith("UNIQUE"):
        return DuplicateRow(store.path, row[:1] if "intel_nodes.id" in detail else row[1:5], index)
    if detail.startswith("FOREIGN KEY"):
        return WrongProject(store.path, row[1], None, index)
    if detail.startswith("CHECK") and row[_TYPE] not in NODE_TYPES:
        return UnknownType("node type", row[_TYPE], NODE_TYPES, index)
    return RefusedRow(store.path, detail, index)


def _named(store: StoreFile, error: Exception, given: object, index: int) -> StoreError:
    """Return the error of one row of an upsert, with its index."""
    if isinstance(error, RefusedRow):
        return error
    if isinstance(error, ConstraintError):
        return _refusal(store, error, as_row(given), index)
    return RefusedRow(store.path, str(error), index)


def _twin(store: StoreFile, ids: list[int]) -> DuplicateRow:
    """Return the error for the first row of a batch that has the identity of an earlier one, which only the index has found."""
    import json  # noqa: PLC0415  # only a duplicate needs it

    place = {node_id: index for index, node_id in enumerate(ids)}
    twins = [(sorted(place[node_id] for node_id in json.loads(found[4]))[1], found[:4]) for found in store.query(_TWINS)]
    index, identity = min(twins)
    return DuplicateRow(store.path, identity, index)


def _described(given: object) -> str:
    """Return the words for something that is no row."""
    return f"one of {len(given)}" if isinstance(given, tuple) else type(given).__name__
