"""Arrow tables: nodes and edges as columns of pyarrow, in the schemas that are given out and taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from lestockage.errors import ConstraintError
from lestockage.store.bulk_rows import stream_edge_rows, stream_node_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lestockage.store.connection import StoreFile

_ROWS: Final = 65_536
"""Rows of a table that are taken in at once."""

_DEFAULTS: Final = {"ordinal": 0, "stale": 0, "site_line": 0, "site_column": 0, "confidence": 1.0, "provenance": ""}

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


def read_edges(store: StoreFile, project_id: int, edge_types: str | Sequence[str] = ()) -> pa.Table:
    """Return the edges that leave a project's nodes as a table of `EDGE_SCHEMA`, grouped by caller; of some types, or of all."""
    return _table(EDGE_SCHEMA, stream_edge_rows(store, project_id, edge_types))


def _table(schema: pa.Schema, lists: Iterable[list[Any]]) -> pa.Table:
    """Return rows as a table, made list by list, so that the rows of one list alone are in memory beside it."""
    return pa.Table.from_batches([_batch(schema, rows) for rows in lists], schema=schema)


def _batch(schema: pa.Schema, rows: list[Any]) -> pa.RecordBatch:
    """Return rows as columns."""
    columns = zip(*rows, strict=True)
    return pa.RecordBatch.from_arrays([pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)], schema=schema)


def rows_of_arrow(path: str, source: Any, schema: pa.Schema) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401  # one of pyarrow's types
    """Give the rows of a Table, a RecordBatch or a RecordBatchReader in the order of a schema's columns, a batch at a time.

    Columns are found by name and cast to the schema's types where no value is lost. One that is left out is all null, except
    `ordinal`, `stale`, `symbol_name` (the last part of the qualified name), `site_line`, `site_column`, `confidence` and `provenance`,
    which get what the models give them.

    Raises:
        ConstraintError: a column has no place in the schema, or cannot be cast to its type; `path` is the store's.
    """
    surplus = set(source.schema.names).difference(schema.names)
    if surplus:
        raise ConstraintError(path, f"a table has the columns {', '.join(sorted(surplus))}, which are none of {', '.join(schema.names)}")
    if isinstance(source, pa.RecordBatch):
        source = pa.Table.from_batches([source])
    for batch in source.to_batches(max_chunksize=_ROWS) if isinstance(source, pa.Table) else source:
        yield from zip(*_columns(path, batch, schema), strict=True)


def _columns(path: str, batch: pa.RecordBatch, schema: pa.Schema) -> list[list[Any]]:
    """Return the columns of a schema as lists."""
    names = set(batch.schema.names)
    columns: dict[str, list[Any]] = {}
    for field in schema:
        if field.name in names:
            column = batch.column(field.name)
            try:
                columns[field.name] = _values(column if column.type == field.type else column.cast(field.type))
            except pa.ArrowException as error:
                raise ConstraintError(path, f"the column {field.name} cannot be read as {field.type} ({error})") from error
        elif field.name == "symbol_name":
            columns[field.name] = [name and name.rpartition(".")[2] for name in columns["qualified_name"]]
        else:
            columns[field.name] = [_DEFAULTS.get(field.name)] * batch.num_rows
    return [columns[name] for name in schema.names]


def _values(column: pa.Array) -> list[Any]:
    """Return a column's values; a text that is there many times is made once."""
    if not pa.types.is_string(column.type):
        values: list[Any] = column.to_pylist()
        return values
    encoded = column.dictionary_encode()
    texts = [*encoded.dictionary.to_pylist(), None]
    return [texts[-1 if place is None else place] for place in encoded.indices.to_pylist()]
