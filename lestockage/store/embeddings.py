"""Embeddings: vectors of nodes in and out as numpy arrays, and the nodes whose vectors are nearest to one.

A vector is stored as little-endian float32. All vectors of a project have one size, which the first one sets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lestockage.errors import MissingExtra, MissingNode, RefusedRow, WrongDimension
from lestockage.store.clock import now

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from lestockage.store.connection import StoreFile

_BLOCK: Final = 2_048
"""Vectors that are compared at once: 2,048 of 1,024 components are 8 MB, and 16 MB as doubles."""

_OF_PROJECT: Final = "SELECT id, embedding FROM intel_nodes WHERE project_id = ? AND embedding IS NOT NULL"


class Embedded(NamedTuple):
    """The vectors of many nodes: `ids[i]` is the node of the row `vectors[i]`."""

    ids: NDArray[np.int64]
    vectors: NDArray[np.float32]


def set_embeddings(store: StoreFile, node_ids: Iterable[int], vectors: ArrayLike) -> int:
    """Store the vector of each node, all or none, and return how many rows were written: equal ones are left alone.

    `vectors` is a matrix, one row for each node; its values become float32.

    Raises:
        MissingExtra: numpy is not installed.
        MissingNode: there is no such node.
        WrongDimension: the vectors are not of the size of those that the project has.
        RefusedRow: these are no vectors, as many as ids and of one size, or one has a component that is not finite.
    """
    np = _numpy()
    matrix = np.ascontiguousarray(_numbers(store, vectors, "<f4"))
    ids = [int(node_id) for node_id in node_ids]
    if matrix.ndim != 2 or len(matrix) != len(ids) or not matrix.shape[1]:
        raise RefusedRow(store.path, f"vectors of the shape {matrix.shape} are none for {len(ids)} nodes")
    finite = np.isfinite(matrix).all(axis=1)
    if not finite.all():
        raise RefusedRow(store.path, "a component is not finite", int(finite.argmin()))
    at = now()
    written = 0
    with store.transaction():
        sized: set[int] = set()
        for index, node_id in enumerate(ids):
            row = store.row("SELECT project_id, embedding FROM intel_nodes WHERE id = ?", (node_id,))
            if row is None:
                raise MissingNode(store.path, node_id, index)
            if row[0] not in sized:
                _require_dimension(store, row[0], matrix.shape[1])
                sized.add(row[0])
            blob = matrix[index].tobytes()
            if blob != row[1]:
                store.execute("UPDATE intel_nodes SET embedding = ?, updated_at = ? WHERE id = ?", (blob, at, node_id))
                written += 1
    return written


def get_embedding(store: StoreFile, node_id: int) -> NDArray[np.float32] | None:
    """Return the vector of a node, or None where it has none.

    Raises:
        MissingNode: there is no such node.
    """
    np = _numpy()
    row = store.row("SELECT embedding FROM intel_nodes WHERE id = ?", (node_id,))
    if row is None:
        raise MissingNode(store.path, node_id)
    return None if row[0] is None else np.frombuffer(row[0], "<f4")


def get_embeddings(store: StoreFile, project_id: int) -> Embedded:
    """Return all vectors of a project, by node id."""
    np = _numpy()
    rows = store.query(f"{_OF_PROJECT} ORDER BY id", (project_id,))
    return Embedded(np.array([row[0] for row in rows], np.int64), _matrix(np, rows))


def clear_embeddings(store: StoreFile, project_id: int) -> int:
    """Forget all vectors of a project, and their size, so that those of another model may be stored; return how many there were."""
    with store.transaction():
        cleared = store.execute(
            "UPDATE intel_nodes SET embedding = NULL, updated_at = ? WHERE project_id = ? AND embedding IS NOT NULL", (now(), project_id)
        ).rowcount
        store.execute("UPDATE projects SET embedding_dimension = NULL WHERE id = ? AND embedding_dimension IS NOT NULL", (project_id,))
        return cleared


def nearest(store: StoreFile, vector: ArrayLike, k: int, project_id: int) -> list[tuple[int, float]]:
    """Return the `k` nodes of a project whose vectors have the greatest cosine with a vector, and that cosine, greatest first, then by id.

    Exact: every vector of the project is compared, in doubles, a block at a time. A vector of zeros has the cosine 0 with any.

    Raises:
        WrongDimension: the vector is not of the size of the project's.
        RefusedRow: it is no vector, or has a component that is not finite.
    """
    np = _numpy()
    sought = _numbers(store, vector, "<f8")
    if sought.ndim != 1:
        raise RefusedRow(store.path, f"what is sought has the shape {sought.shape}, which is that of no vector")
    if not np.isfinite(sought).all():
        raise RefusedRow(store.path, "a component of the vector that is sought is not finite")
    with store.snapshot():
        dimension = _dimension(store, project_id)
        if dimension is None:
            return []
        if dimension != len(sought):
            raise WrongDimension(store.path, dimension, len(sought))
        best: list[tuple[float, int]] = []
        length = float(np.sqrt((sought * sought).sum()))
        for rows in store.stream(_OF_PROJECT, (project_id,), size=_BLOCK):
            matrix = _matrix(np, rows).astype(np.float64)
            # Row by row, not as one matrix product: equal vectors get equal cosines wherever they are.
            products = (matrix * sought).sum(axis=1)
            lengths = np.sqrt((matrix * matrix).sum(axis=1)) * length
            cosines = np.divide(products, lengths, out=np.zeros_like(products), where=lengths > 0)
            best = sorted([*best, *zip((-cosines).tolist(), (row[0] for row in rows), strict=True)])[: max(k, 0)]
    return [(node_id, min(1.0, max(-1.0, 0.0 - negated))) for negated, node_id in best]


def _numbers(store: StoreFile, given: ArrayLike, kind: str) -> Any:  # noqa: ANN401  # an array
    """Return what a caller gave as an array of numbers.

    Raises:
        RefusedRow: it holds something else, or rows of different lengths.
    """
    np = _numpy()
    try:
        with np.errstate(over="ignore"):  # what overflows is not finite, which is looked at by row
            return np.asarray(given, dtype=kind)
    except (TypeError, ValueError) as error:
        raise RefusedRow(store.path, f"a vector holds numbers only, and all of one batch are of one size ({error})") from error


def _matrix(np: Any, rows: list[Any]) -> NDArray[np.float32]:  # noqa: ANN401  # the module
    """Return rows of (id, vector) as a matrix."""
    joined = np.frombuffer(b"".join([row[1] for row in rows]), "<f4")
    return joined.reshape(len(rows), -1) if rows else joined.reshape(0, 0)  # type: ignore[no-any-return]  # numpy is loaded late


def _require_dimension(store: StoreFile, project_id: int, found: int) -> None:
    """Record the size of a project's vectors where there is none yet, and refuse another."""
    expected = _dimension(store, project_id)
    if expected is None:
        store.execute("UPDATE projects SET embedding_dimension = ?, updated_at = ? WHERE id = ?", (found, now(), project_id))
    elif expected != found:
        raise WrongDimension(store.path, expected, found)


def _dimension(store: StoreFile, project_id: int) -> int | None:
    """Return the size of a project's vectors, None before the first."""
    row = store.row("SELECT embedding_dimension FROM projects WHERE id = ?", (project_id,))
    return None if row is None else row[0]


def _numpy() -> Any:  # noqa: ANN401  # the module
    """Return numpy, which only embeddings need."""
    try:
        import numpy as np  # noqa: PLC0415  # as above
    except ImportError as error:
        feature = "Embeddings"
        raise MissingExtra(feature, "embeddings") from error
    return np
