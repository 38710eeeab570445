"""Compact graph: a directed graph as sorted node ids and compressed rows, for those who compute over all of it.

Parallel edges are one edge with a count; an edge to itself stays. 100,000 nodes and 1,000,000 edges take 12 MB.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]


class CompactGraph:
    """A directed graph; every array that a metric returns is in the order of `ids`, which are sorted.

    `indptr` and `indices` are the rows of callers: the successors of the node at place `i` are `indices[indptr[i]:indptr[i + 1]]`, sorted;
    `counts` says how many parallel edges each stands for.
    """

    def __init__(self, ids: Integers, indptr: Integers, indices: Integers, counts: Floats) -> None:
        self.ids = ids
        self.indptr = indptr
        self.indices = indices
        self.counts = counts

    @classmethod
    def of_edges(cls, ids: ArrayLike, callers: ArrayLike, callees: ArrayLike) -> Self:
        """Return the graph over `ids` with an edge from each caller to the callee beside it; edges with an end outside are left out."""
        known = np.unique(np.asarray(ids, dtype=np.int64))
        rows, row_is_known = _places(known, np.asarray(callers, dtype=np.int64))
        columns, column_is_known = _places(known, np.asarray(callees, dtype=np.int64))
        is_inside = row_is_known & column_is_known
        rows, columns = rows[is_inside], columns[is_inside]
        matrix = csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(known), len(known)))
        matrix.sum_duplicates()
        return cls(known, matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), matrix.data)

    def __len__(self) -> int:
        """Return how many nodes there are."""
        return len(self.ids)

    @property
    def edge_count(self) -> int:
        """How many edges there are, parallel ones counted once."""
        return len(self.indices)

    @cached_property
    def sources(self) -> Integers:
        """The caller's place of every edge, beside `indices`."""
        return np.repeat(np.arange(len(self), dtype=np.int64), np.diff(self.indptr))

    @cached_property
    def adjacency(self) -> Any:  # noqa: ANN401  # scipy ships no types
        """The adjacency matrix, 1.0 for an edge, rows being callers."""
        return csr_array((np.ones(self.edge_count), self.indices, self.indptr), shape=(len(self), len(self)))

    @cached_property
    def transposed(self) -> Any:  # noqa: ANN401  # scipy ships no types
        """The adjacency matrix of the reversed graph."""
        return self.adjacency.T.tocsr()

    def reversed(self) -> CompactGraph:
        """Return the graph whose edges run the other way."""
        turned = csr_array((self.counts, self.indices, self.indptr), shape=(len(self), len(self))).T.tocsr()
        return CompactGraph(self.ids, turned.indptr.astype(np.int64), turned.indices.astype(np.int64), turned.data)

    def places(self, ids: ArrayLike) -> Integers:
        """Return where nodes stand in `ids`.

        Raises:
            KeyError: one of them is not in the graph.
        """
        wanted = np.asarray(ids, dtype=np.int64)
        found, is_known = _places(self.ids, wanted)
        if not is_known.all():
            raise KeyError(int(wanted[~is_known][0]))
        return found

    def out_edges(self, places: Integers) -> tuple[Integers, Integers]:
        """Return the edges that leave some places, as two arrays of places: from and to."""
        starts = self.indptr[places]
        lengths = self.indptr[places + 1] - starts
        ends = np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        picked = np.repeat(starts - ends + lengths, lengths) + np.arange(total, dtype=np.int64)
        return np.repeat(places, lengths), self.indices[picked]


def _places(known: Integers, wanted: Integers) -> tuple[Integers, Flags]:
    """Return the place of each wanted id in sorted ones, and whether it is there at all."""
    if not len(known):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=bool)
    if known[0] >= 0 and known[-1] < 4 * len(known) + 1_000:
        # Ids that are close to each other, as those of a store are: one look into a table is quicker than a search.
        table = np.full(known[-1] + 2, -1, dtype=np.int64)
        table[known] = np.arange(len(known))
        found = table[np.clip(wanted, -1, known[-1] + 1)]  # what lies outside finds the last entry, which is none
        return np.maximum(found, 0), found >= 0
    found = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return found, known[found] == wanted
