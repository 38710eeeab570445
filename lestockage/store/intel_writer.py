"""Intel writer: brings nodes and edges to what is wanted by writing only the rows that differ.

The order that keeps every edge: first `replace_nodes` for every changed file, then `replace_edges` for every caller whose edges may have
changed. A deleted node takes its incoming edges with it; the callers that lost one that way are in `cut_callers`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from lestockage.store.clock import now
from lestockage.store.deferred_indexes import DeferredIndexes
from lestockage.store.edge_changes import EdgeChanges
from lestockage.store.node_changes import NodeChanges
from lestockage.store.node_ids import NodeIds
from lestockage.store.written_rows import WrittenRows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType

    from lestockage.store.connection import StoreFile, Transaction
    from lestockage.store.edge_rows import EdgeFacts
    from lestockage.store.node_rows import NodeFacts, NodeKey


class IntelWriter:
    """A block that writes nodes and edges in one transaction (or as a part of the one that is open), all or nothing.

    Entered once. Leaving it deletes the external nodes whose last edge went.
    """

    __slots__ = ("_at", "_block", "_edges", "_nodes", "_store", "written")

    _nodes: NodeChanges
    _edges: EdgeChanges
    _block: Transaction

    def __init__(self, store: StoreFile, *, at: int | None = None) -> None:
        """Prepare to write; rows are stamped with `at` (milliseconds since 1970), or with the time of entering."""
        self._store = store
        self._at = at
        self.written = WrittenRows()

    def __enter__(self) -> Self:
        self._block = self._store.transaction()
        self._block.__enter__()
        try:
            node_indexes = DeferredIndexes(self._store, "intel_nodes")
            edge_indexes = DeferredIndexes(self._store, "intel_edges")
            ids = NodeIds(self._store, is_complete=node_indexes.is_filling)
            stamp = now() if self._at is None else self._at
            self._nodes = NodeChanges(self._store, ids, self.written, stamp, node_indexes, edge_indexes)
            self._edges = EdgeChanges(self._store, ids, self.written, self._nodes, edge_indexes)
        except BaseException as error:
            self._block.__exit__(type(error), error, error.__traceback__)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            try:
                self._nodes.finish()
            except BaseException as failure:
                self._block.__exit__(type(failure), failure, failure.__traceback__)
                raise
        self._block.__exit__(kind, error, trace)

    @property
    def cut_callers(self) -> set[int]:
        """The ids of nodes that lost an outgoing edge because its other end was deleted, and were not written since."""
        return self._nodes.cut_callers

    @property
    def new_externals(self) -> list[tuple[int, int, str]]:
        """The external nodes that were inserted: id, project, dotted name."""
        return self._nodes.new_externals

    def replace_nodes(self, project_id: int, path: str, wanted: Iterable[NodeFacts]) -> None:
        """Make the nodes of a file those that are wanted, none of them stale; with none wanted, delete them.

        A node keeps its id while its qualified name and ordinal are there. `updated_at` changes with the facts, not with a position.

        Raises:
            ConstraintError: two wanted nodes have the same identity, or a value is not allowed.
        """
        self._nodes.replace(project_id, path, wanted)

    def move_nodes(self, project_id: int, path: str, positions: Iterable[tuple[str, int, int, int, int, int]]) -> None:
        """Change the positions of nodes of a file, leaving everything else alone.

        A position is (qualified name, ordinal, start line, start column, end line, end column); one that is stored already, or whose node
        does not exist, writes nothing.
        """
        self._nodes.move(project_id, path, positions)

    def mark_stale(self, project_id: int, path: str) -> None:
        """Mark the nodes of a file as its last good state."""
        self._nodes.mark(project_id, path, stale=1)

    def mark_current(self, project_id: int, path: str) -> None:
        """Take the mark of `mark_stale` back."""
        self._nodes.mark(project_id, path, stale=0)

    def replace_edges(self, wanted: Mapping[NodeKey, Iterable[EdgeFacts]]) -> None:
        """Make the outgoing edges of each caller those that are wanted.

        A callee without a file that is not stored yet becomes an external node. Two wanted edges that differ in confidence or provenance
        only are one: the more confident, or the first by name of provenance.

        Raises:
            MissingNode: a caller, or a callee that has a file, is not stored.
            ConstraintError: a value is not allowed.
        """
        self._edges.replace(wanted)
