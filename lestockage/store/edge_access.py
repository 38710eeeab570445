"""Edge access: the functions of an intelligence store that write and read edges."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from lestockage.store import edge_batches, edge_lookup
from lestockage.store.bulk_rows import stream_edge_rows
from lestockage.store.json_lists import id_list
from lestockage.store.models import Edge, Node, stored_nodes
from lestockage.store.node_lookup import rows_by_ids
from lestockage.store.row_source import rows_of
from lestockage.store.store_access import StoreAccess

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pyarrow as pa

    from lestockage.store.edge_rows import EdgeRow
    from lestockage.store.models import Project
    from lestockage.store.type_names import Direction

    Edges: TypeAlias = Iterable[Edge] | Iterable[tuple[Any, ...]] | pa.Table | pa.RecordBatch | pa.RecordBatchReader


class CallGraph(NamedTuple):
    """The calls of a project: `nodes` by id are its callers and what they call, `edges` one for each call site."""

    nodes: dict[int, Node]
    edges: list[Edge]


class EdgeAccess(StoreAccess):
    """The half of `IntelStore` that is about edges."""

    __slots__ = ()

    # -- writing -------------------------------------------------------------------------------------------------------------------

    def insert_edge(self, edge: Edge) -> None:
        """Store a new edge.

        Raises:
            DuplicateRow: an edge of its identity is stored.
            MissingNode: one of its ends is not.
        """
        edge_batches.insert_edges(self.file, [edge])

    def upsert_edge(self, edge: Edge) -> bool:
        """Store an edge, or bring the one of its identity to what is wanted; tell whether anything was written.

        Raises:
            MissingNode: one of its ends is not stored.
        """
        return bool(edge_batches.upsert_edges(self.file, [edge]))

    def batch_insert_edges(self, edges: Edges) -> int:
        """Store new edges in one transaction, all or none, and return how many there were.

        `edges` are read lazily: an iterable of `Edge`, or of tuples in the order of its fields (quicker), or a table of pyarrow with
        columns of `arrow_tables.EDGE_SCHEMA`.

        Raises:
            DuplicateRow, MissingNode, UnknownType, RefusedRow: the first row that cannot be, by its index.
        """
        return edge_batches.insert_edges(self.file, rows_of(self.path, edges, "edge"))

    def batch_upsert_edges(self, edges: Edges) -> int:
        """Bring edges to what is wanted in one transaction, and return how many were written; `edges` as in `batch_insert_edges`.

        Raises:
            MissingNode, UnknownType, RefusedRow: the first row that cannot be, by its index.
        """
        return edge_batches.upsert_edges(self.file, rows_of(self.path, edges, "edge"))

    def batch_delete_edges(self, edges: Edges) -> int:
        """Delete edges in one transaction, and return how many were there.

        `edges` as in `batch_insert_edges`; of tuples the identity (caller, callee, type, site line, site column) will do.

        Raises:
            RefusedRow: something is no edge; nothing is deleted.
        """
        return edge_batches.delete_edges(self.file, rows_of(self.path, edges, "edge"))

    # -- reading -------------------------------------------------------------------------------------------------------------------

    def get_edges_by_node(self, node_id: int, direction: Direction = "both", edge_types: str | Sequence[str] = ()) -> list[Edge]:
        """Return the edges that leave a node (`out`), that lead to it (`in`), or both, of some types or of all, by their identity.

        A node that is not stored has none.

        Raises:
            UnknownType: there is no such edge type or direction.
        """
        return Edge.of_rows(edge_lookup.edges_of_node(self.file, node_id, direction, edge_types))

    def get_edges_by_type(self, edge_type: str, *, project: str | int | Project | None = None) -> list[Edge]:
        """Return the edges of a type: those that leave the nodes of a project, or all.

        Raises:
            UnknownType: there is no such edge type.
            UnknownProject: there is no such project.
        """
        lists = edge_lookup.stream_edges_of_type(self.file, edge_type, self._project_id_or_all(project))
        return list(chain.from_iterable(map(Edge.of_rows, lists)))

    def get_call_graph(self, project: str | int | Project) -> CallGraph:
        """Return the calls that leave the nodes of a project, with the nodes at both ends, those of other projects and externals too.

        Raises:
            UnknownProject: there is no such project.
        """
        with self.file.snapshot():
            edges = self.get_edges_by_type("call", project=project)
            ends = {end for edge in edges for end in (edge.caller_id, edge.callee_id)}
            nodes = stored_nodes(rows_by_ids(self.file, id_list(ends)))
        return CallGraph({node.id: node for node in nodes if node.id is not None}, edges)

    def iter_edges(self, project: str | int | Project, edge_types: str | Sequence[str] = ()) -> Iterator[Edge]:
        """Give the edges that leave the nodes of a project one by one, all of one moment, grouped by caller; of some types, or of all.

        Raises:
            UnknownProject, UnknownType: there is no such project or edge type.
        """
        lists = stream_edge_rows(self.file, self._project_id(project), edge_types)
        return chain.from_iterable(map(Edge.of_rows, lists))

    def iter_edge_rows(self, project: str | int | Project, edge_types: str | Sequence[str] = ()) -> Iterator[EdgeRow]:
        """Give the edges that leave the nodes of a project as plain tuples, which is quicker than as models.

        Raises:
            UnknownProject, UnknownType: there is no such project or edge type.
        """
        return chain.from_iterable(stream_edge_rows(self.file, self._project_id(project), edge_types))

    def read_edges(self, project: str | int | Project, edge_types: str | Sequence[str] = ()) -> pa.Table:
        """Return the edges that leave the nodes of a project as a table of pyarrow, of `arrow_tables.EDGE_SCHEMA`.

        Raises:
            UnknownProject, UnknownType: there is no such project or edge type.
        """
        from lestockage.store import arrow_tables  # noqa: PLC0415  # pyarrow costs 150 ms

        return arrow_tables.read_edges(self.file, self._project_id(project), edge_types)
