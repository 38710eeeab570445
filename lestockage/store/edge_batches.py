"""Edge batches: many edges inserted, brought to what is wanted, or deleted, in one transaction, all or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lestockage.errors import ConstraintError, DuplicateRow, MissingNode, RefusedRow, StoreError, UnknownType
from lestockage.store.deferred_indexes import DeferredIndexes
from lestockage.store.edge_writes import DELETE_EDGE, INSERT_EDGE, UPSERT_EDGE
from lestockage.store.models import Edge, edge_row
from lestockage.store.row_batch import RowBatch, begin
from lestockage.store.type_names import EDGE_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lestockage.store.connection import StoreFile

_COLUMNS: Final = len(Edge.model_fields)
_IDENTITY: Final = 5
_CONFIDENCE: Final = 5


def insert_edges(store: StoreFile, edges: Iterable[Any]) -> int:
    """Insert edges and return how many there were.

    An empty table gets its indexes after the rows. The transaction is open while the iterable is read: a slow one keeps other writers out.

    Raises:
        DuplicateRow, MissingNode, UnknownType, RefusedRow: a row that cannot be, with its index; nothing is written.
    """
    with store.transaction():
        rows, is_large = begin(edges)
        indexes = DeferredIndexes(store, "intel_edges") if is_large else None
        if indexes is not None:
            indexes.take_away()
        written = RowBatch(store.path, rows, _row).write(store, INSERT_EDGE, lambda *refused: _refusal(store, *refused))
        if indexes is not None:
            indexes.put_back()
        return max(written, 0)


def upsert_edges(store: StoreFile, edges: Iterable[Any]) -> int:
    """Bring edges to what is wanted, by identity, and return how many rows were written: those that are equal are left alone.

    Raises:
        MissingNode, UnknownType, RefusedRow: a row that cannot be, with its index; nothing is written.
    """
    with store.transaction():
        written = RowBatch(store.path, edges, _row).write(store, UPSERT_EDGE, lambda *refused: _refusal(store, *refused))
        return max(written, 0)


def delete_edges(store: StoreFile, edges: Iterable[Any]) -> int:
    """Delete edges by identity and return how many of them were there.

    Raises:
        RefusedRow: something is no edge, with its index; nothing is deleted.
    """
    with store.transaction():
        deleted = RowBatch(store.path, edges, _identity).write(store, DELETE_EDGE, lambda *refused: _refusal(store, *refused))
        return max(deleted, 0)


def _row(given: Any) -> tuple[Any, ...]:  # noqa: ANN401  # what a caller gives is looked at here
    """Return an `Edge`, or a tuple in the order of its fields, as a plain row."""
    if isinstance(given, tuple) and len(given) == _COLUMNS:
        return given
    if isinstance(given, Edge):
        return edge_row(given)
    found = f"one of {len(given)}" if isinstance(given, tuple) else type(given).__name__
    msg = f"an edge is an Edge, or a tuple of {_COLUMNS} columns, not {found}"
    raise ValueError(msg)


def _identity(given: Any) -> tuple[Any, ...]:  # noqa: ANN401  # as above
    """Return the identity of an edge, which may be given alone."""
    return given if isinstance(given, tuple) and len(given) == _IDENTITY else _row(given)[:_IDENTITY]


def _refusal(store: StoreFile, error: ConstraintError, row: tuple[Any, ...], index: int) -> StoreError:
    """Return the error that says which constraint a row offends."""
    detail = error.detail
    if detail.startswith("UNIQUE"):
        return DuplicateRow(store.path, row[:_IDENTITY], index)
    if detail.startswith("FOREIGN KEY"):
        for node_id in row[:2]:
            if store.row("SELECT 1 FROM intel_nodes WHERE id = ?", (node_id,)) is None:
                return MissingNode(store.path, node_id, index)
    if detail.startswith("CHECK") and row[2] not in EDGE_TYPES:
        return UnknownType("edge type", row[2], EDGE_TYPES, index)
    if "confidence" in detail:  # its CHECK, or SQLite's word for what is no number, NaN among it
        return RefusedRow(store.path, f"a confidence of {row[_CONFIDENCE]!r} is not a number within 0 and 1", index)
    return RefusedRow(store.path, detail, index)
