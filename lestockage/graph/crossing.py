"""Crossing: edges at a frontier of nodes, across projects: one to what stands for a symbol of another project leads to that symbol here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.store.external_refs import standing_for, symbols_behind
from lestockage.store.frontier_rows import edges_into, edges_out_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lestockage.store.connection import StoreFile
    from lestockage.store.edge_rows import EdgeRow


def references_into(store: StoreFile, ids: Iterable[int], edge_types: Sequence[str]) -> list[EdgeRow]:
    """Return the edges that lead to one of some nodes, from any project."""
    symbols = list(ids)
    meant = {external: symbol for symbol, external in standing_for(store, symbols, only_linked=True)}
    return [_leading_to(row, meant) for row in edges_into(store, [*symbols, *meant], edge_types)]


def references_out_of(store: StoreFile, ids: Iterable[int], edge_types: Sequence[str]) -> list[EdgeRow]:
    """Return the edges that leave one of some nodes, into any project."""
    rows = edges_out_of(store, ids, edge_types)
    meant = symbols_behind(store, {row[1] for row in rows})
    return [_leading_to(row, meant) for row in rows]


def _leading_to(row: EdgeRow, meant: dict[int, int]) -> EdgeRow:
    return row if row[1] not in meant else (row[0], meant[row[1]], *row[2:])
