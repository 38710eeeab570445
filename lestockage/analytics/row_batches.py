"""Row batches: rows of tuples as pyarrow's batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


def batches_of_rows(schema: pa.Schema, lists: Iterable[Sequence[Sequence[Any]]]) -> Iterator[pa.RecordBatch]:
    """Yield a batch for each list of rows that is not empty, its columns in the order of the schema."""
    for rows in lists:
        if rows:
            yield batch_of_columns(schema, list(zip(*rows, strict=True)))


def batch_of_columns(schema: pa.Schema, columns: Iterable[Any]) -> pa.RecordBatch:
    """Return columns, each a sequence or an array of numpy's, as a batch."""
    made = [_array(column, kind) for column, kind in zip(columns, schema.types, strict=True)]
    return pa.RecordBatch.from_arrays(made, schema=schema)


def _array(values: Any, kind: pa.DataType) -> pa.Array:  # noqa: ANN401  # a sequence or an array
    if pa.types.is_boolean(kind):
        return pa.array(values).cast(kind)  # SQLite has 0 and 1
    return pa.array(values, kind, from_pandas=pa.types.is_floating(kind))  # nan is null
