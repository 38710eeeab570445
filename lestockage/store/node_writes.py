"""Node writes: the statements that insert and change node rows, the same for the indexer and for those who bring their own graph."""

# ruff: noqa: S608  # SQL is put together from constants of this package; values are always parameters

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lestockage.store.node_rows import NodeFacts, NodeRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lestockage.store.connection import StoreFile

INSERT_NODE: Final = f"INSERT INTO intel_nodes ({', '.join(NodeRow._fields)}) VALUES ({', '.join('?' * len(NodeRow._fields))})"
"""Takes a `NodeRow`."""

_FACTS: Final = NodeFacts._fields
POSITION: Final = _FACTS.index("start_line")
"""Where the position starts in a `NodeFacts`; what is before it is what the symbol is."""

_CHANGE: Final = (
    f"UPDATE intel_nodes SET file_path = ?, {', '.join(f'{fact} = ?' for fact in _FACTS)}, stale = ?, updated_at = ? WHERE id = ?"
)
_MOVE: Final = f"UPDATE intel_nodes SET {', '.join(f'{fact} = ?' for fact in _FACTS[POSITION:])}, stale = ? WHERE id = ?"


def change_nodes(store: StoreFile, rows: Iterable[Sequence[Any]]) -> int:
    """Write (file, facts…, stale, time, id) of nodes that are something else now, and return how many there were."""
    return store.executemany(_CHANGE, rows)


def move_nodes(store: StoreFile, rows: Iterable[Sequence[Any]]) -> int:
    """Write (position…, stale, id) of nodes that are somewhere else now, and return how many there were: their time stays."""
    return store.executemany(_MOVE, rows)
