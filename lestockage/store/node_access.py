"""Node access: the functions of an intelligence store that write and read nodes."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from lestockage.errors import ConstraintError, MissingNode, RefusedRow, WrongProject
from lestockage.store import node_batches, node_lookup
from lestockage.store.bulk_rows import stream_node_rows
from lestockage.store.clock import now
from lestockage.store.models import Node, node_row, stored_nodes
from lestockage.store.node_rows import NodeKey, NodeRow, get_node, node_of_key, nodes_of_file
from lestockage.store.row_source import rows_of
from lestockage.store.store_access import StoreAccess

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa

    from lestockage.store.models import Project
    from lestockage.store.node_batches import Upserted

    Nodes: TypeAlias = Iterable[Node] | Iterable[tuple[Any, ...]] | pa.Table | pa.RecordBatch | pa.RecordBatchReader


class NodeAccess(StoreAccess):
    """The half of `IntelStore` that is about nodes."""

    __slots__ = ()

    # -- writing -------------------------------------------------------------------------------------------------------------------

    def insert_node(self, node: Node) -> Node:
        """Store a new node and return it as it is stored, with its id and times; an id that is given is kept.

        Raises:
            DuplicateRow: a node of its identity, or its id, is stored.
            WrongProject: its project is not.
        """
        with self.file.transaction():
            (node_id,) = node_batches.insert_nodes(self.file, [node])
            return self.get_node(node_id)

    def upsert_node(self, node: Node) -> Node:
        """Store a node, or bring the one of its identity to what is wanted; what is stored already is not written. Its id is stable.

        Raises:
            WrongProject: its project is not stored.
            RefusedRow: it has an id, which is not that of its identity.
        """
        with self.file.transaction():
            (node_id,) = node_batches.upsert_nodes(self.file, [node]).ids
            return self.get_node(node_id)

    def update_node(self, node_id: int, **changes: Any) -> Node:  # noqa: ANN401  # a value of any field, checked by the model
        """Change fields of a node, its identity too, and return it; its id and its edges stay. Equal values write nothing.

        Raises:
            MissingNode: there is no such node.
            WrongProject: a node does not move to another project.
            DuplicateRow: another node has that identity.
            RefusedRow: the id and the times are the store's to give.
            UnknownType, pydantic.ValidationError: a value is not one of its field.
        """
        with self.file.transaction():
            stored = self.get_node(node_id)
            for name in ("id", "created_at", "updated_at"):
                if changes.get(name, getattr(stored, name)) != getattr(stored, name):
                    raise RefusedRow(self.path, f"{name} of a node is the store's to give")
            if changes.get("project_id", stored.project_id) != stored.project_id:
                raise WrongProject(self.path, changes["project_id"], stored.project_id)
            row = node_row(Node(**{**dict(stored), **changes}))
            try:
                node_batches.update_row(self.file, node_row(stored), row, now())
            except ConstraintError as error:
                raise node_batches.refused_update(self.file, error, row) from error
            return self.get_node(node_id)

    def delete_node(self, node_id: int) -> None:
        """Delete a node with the edges that leave it and those that lead to it.

        Raises:
            MissingNode: there is no such node.
        """
        node_batches.delete_node(self.file, node_id)

    def batch_insert_nodes(self, nodes: Nodes) -> list[int]:
        """Store new nodes in one transaction, all or none, and return their ids in their order.

        `nodes` are read lazily: an iterable of `Node`, or of tuples in the order of `NodeRow` (quicker; id and times may be None), or a
        table of pyarrow with columns of `arrow_tables.NODE_SCHEMA`.

        Raises:
            DuplicateRow, WrongProject, UnknownType, RefusedRow: the first row that cannot be, by its index.
        """
        return node_batches.insert_nodes(self.file, rows_of(self.path, nodes, "node"))

    def batch_upsert_nodes(self, nodes: Nodes) -> Upserted:
        """Bring nodes to what is wanted, by identity, in one transaction; `nodes` as in `batch_insert_nodes`. Equal ones are not written.

        Raises:
            DuplicateRow, WrongProject, UnknownType, RefusedRow: the first row that cannot be, by its index.
        """
        return node_batches.upsert_nodes(self.file, rows_of(self.path, nodes, "node"))

    # -- reading -------------------------------------------------------------------------------------------------------------------

    def get_node(self, node: int | NodeKey) -> Node:
        """Return the node of an id or of an identity.

        Raises:
            MissingNode: there is none.
            TypeError: it is named by something else; names may stand for several nodes (`get_nodes_by_symbol`).
        """
        if not isinstance(node, int | NodeKey):
            msg = f"a node is named by its id or a NodeKey, not {node!r}; get_nodes_by_symbol finds nodes by name"
            raise TypeError(msg)
        row = get_node(self.file, node) if isinstance(node, int) else node_of_key(self.file, node)
        if row is None:
            raise MissingNode(self.path, node)
        return stored_nodes([row])[0]

    def get_nodes_by_symbol(self, symbol: str, *, project: str | int | Project | None = None) -> list[Node]:
        """Return the nodes of a name, a qualified name, or the end of one (`Graph.add_node`), of a project or of all, by qualified name."""
        return stored_nodes(node_lookup.rows_by_symbol(self.file, symbol, self._project_id_or_all(project)))

    def get_nodes_by_hash(self, content_hash: bytes, *, project: str | int | Project | None = None) -> list[Node]:
        """Return the nodes of a content hash: the same code, wherever it is, of a project or of all, by qualified name."""
        return stored_nodes(node_lookup.rows_by_hash(self.file, content_hash, self._project_id_or_all(project)))

    def get_nodes_by_file(self, project: str | int | Project, file_path: str) -> list[Node]:
        """Return the nodes of a file, by qualified name; a file that is not known has none.

        Raises:
            UnknownProject: there is no such project.
        """
        return stored_nodes(nodes_of_file(self.file, self._project_id(project), file_path))

    def get_nodes_by_project(self, project: str | int | Project) -> list[Node]:
        """Return all nodes of a project, by file and qualified name; `iter_nodes` needs less memory, `read_nodes` less time.

        Raises:
            UnknownProject: there is no such project.
        """
        return list(self.iter_nodes(project))

    def iter_nodes(self, project: str | int | Project) -> Iterator[Node]:
        """Give the nodes of a project one by one, all of one moment, by file and qualified name.

        Raises:
            UnknownProject: there is no such project.
        """
        return chain.from_iterable(map(stored_nodes, stream_node_rows(self.file, self._project_id(project))))

    def iter_node_rows(self, project: str | int | Project) -> Iterator[NodeRow]:
        """Give the nodes of a project as rows, which is quicker than as models.

        Raises:
            UnknownProject: there is no such project.
        """
        return map(NodeRow._make, chain.from_iterable(stream_node_rows(self.file, self._project_id(project))))

    def read_nodes(self, project: str | int | Project) -> pa.Table:
        """Return all nodes of a project as a table of pyarrow, of `arrow_tables.NODE_SCHEMA`.

        Raises:
            UnknownProject: there is no such project.
        """
        from lestockage.store import arrow_tables  # noqa: PLC0415  # pyarrow costs 150 ms

        return arrow_tables.read_nodes(self.file, self._project_id(project))
