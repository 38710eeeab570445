"""Embedding access: the functions of an intelligence store that write, read and compare the vectors of nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from lestockage.store import embeddings
from lestockage.store.json_lists import id_list
from lestockage.store.models import Node, stored_nodes
from lestockage.store.node_lookup import rows_by_ids
from lestockage.store.store_access import StoreAccess

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from lestockage.store.models import Project


class NearNode(NamedTuple):
    """A node, and the cosine of its vector with the one that was sought, from -1 to 1."""

    node: Node
    similarity: float


class EmbeddingAccess(StoreAccess):
    """The part of `IntelStore` that is about embeddings; it needs numpy (`pip install 'lestockage[embeddings]'`)."""

    __slots__ = ()

    def set_embedding(self, node_id: int, vector: ArrayLike) -> bool:
        """Store the vector of a node as float32, and tell whether anything was written; the first of a project sets the size of all.

        Raises:
            MissingNode: there is no such node.
            WrongDimension: it has not as many components as those of the project.
            RefusedRow: it is no vector, or a component is not finite.
            MissingExtra: numpy is not installed.
        """
        return bool(embeddings.set_embeddings(self.file, [node_id], cast("ArrayLike", [vector])))

    def set_embeddings(self, node_ids: Iterable[int], vectors: ArrayLike) -> int:
        """Store a vector for each node, the rows of a matrix, in one transaction, and return how many were written.

        Raises:
            MissingNode, WrongDimension, RefusedRow, MissingExtra: as `set_embedding`, with the row's index.
        """
        return embeddings.set_embeddings(self.file, node_ids, vectors)

    def get_embedding(self, node_id: int) -> NDArray[np.float32] | None:
        """Return the vector of a node, read-only, or None where it has none.

        Raises:
            MissingNode: there is no such node.
        """
        return embeddings.get_embedding(self.file, node_id)

    def get_embeddings(self, project: str | int | Project) -> embeddings.Embedded:
        """Return the vectors of a project: `ids` of shape (n,), int64, and `vectors` of shape (n, dimension), float32, read-only.

        Raises:
            UnknownProject: there is no such project.
        """
        return embeddings.get_embeddings(self.file, self._project_id(project))

    def clear_embeddings(self, project: str | int | Project) -> int:
        """Forget the vectors of a project and their size, so that another model's may be stored; return how many there were.

        Raises:
            UnknownProject: there is no such project.
        """
        return embeddings.clear_embeddings(self.file, self._project_id(project))

    def nearest_nodes(self, vector: ArrayLike, k: int, project: str | int | Project) -> list[NearNode]:
        """Return the `k` nodes of a project whose vectors are nearest by cosine, nearest first, then by id; every vector is compared.

        Raises:
            UnknownProject: there is no such project.
            WrongDimension: the vector is not of the size of the project's.
        """
        with self.file.snapshot():
            found = dict(embeddings.nearest(self.file, vector, k, self._project_id(project)))
            nodes = {node.id: node for node in stored_nodes(rows_by_ids(self.file, id_list(found)))}
        return [NearNode(nodes[node_id], similarity) for node_id, similarity in found.items()]
