"""Arrow tables: nodes and edges as columns of pyarrow, in the schemas that are given out and taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from lestockage.store.bulk_rows import stream_edge_rows, stream_node_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lestockage.store.connection import StoreFile

_TIME: Final = pa.int64()  # milliseconds since 1970 (UTC), as everywhere in the file

NODE_SCHEMA: Final = pa.schema(
    [
        pa.field("id", pa.int64()),
        pa.field("project_id", pa.int64(), nullable=False),
        pa.field("file_path", pa.string()),
        pa.field("qualified_name", pa.string(), nullable=False),
        pa.field("ordinal", pa.int64(), nullable=False),
        pa.field("symbol_name", pa.string(), nullable=False),
        pa.field("node_type", pa.string(), nullable=False),
        pa.field("language", pa.string()),
        pa.field("signature", pa.string()),
        pa.field("visibility", pa.string()),
        pa.field("complexity", pa.int64()),
        pa.field("content_hash", pa.binary()),
        pa.field("start_line", pa.int64()),
        pa.field("start_column", pa.int64()),
        pa.field("end_line", pa.int64()),
        pa.field("end_column", pa.int64()),
        pa.field("stale", pa.int64(), nullable=False),
        pa.field("created_at", _TIME),
        pa.field("updated_at", _TIME),
    ]
)
"""The columns of a `NodeRow`. Taken in, `id` and the times may be null or left out: they are given by the store then."""

EDGE_SCHEMA: Final = pa.schema(
    [
        pa.field("caller_id", pa.int64(), nullable=False),
        pa.field("callee_id", pa.int64(), nullable=False),
        pa.field("edge_type", pa.string(), nullable=False),
        pa.field("site_line", pa.int64(), nullable=False),
        pa.field("site_column", pa.int64(), nullable=False),
        pa.field("confidence", pa.float64(), nullable=False),
        pa.field("provenance", pa.string(), nullable=False),
    ]
)
"""The columns of an `EdgeRow`."""


def read_nodes(store: StoreFile, project_id: int) -> pa.Table:
    """Return a project's nodes as a table of `NODE_SCHEMA`, by file and qualified name."""
    return _table(NODE_SCHEMA, stream_node_rows(store, project_id))


def read_edges(store: StoreFile, project_id: int, edge_types: Sequence[str] = ()) -> pa.Table:
    """Return the edges that leave a project's nodes as a table of `EDGE_SCHEMA`, grouped by caller; of some types, or of all."""
    return _table(EDGE_SCHEMA, stream_edge_rows(store, project_id, edge_types))


def _table(schema: pa.Schema, lists: Iterable[list[Any]]) -> pa.Table:
    """Return rows as a table, made list by list, so that the rows of one list alone are in memory beside it."""
    return pa.Table.from_batches([_batch(schema, rows) for rows in lists], schema=schema)


def _batch(schema: pa.Schema, rows: list[Any]) -> pa.RecordBatch:
    """Return rows as columns."""
    columns = zip(*rows, strict=True)
    return pa.RecordBatch.from_arrays([pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)], schema=schema)
