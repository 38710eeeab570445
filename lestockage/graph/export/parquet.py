"""Parquet: a graph as two files, `nodes.parquet` and `edges.parquet`, in a folder, written some thousand rows at a time.

Columns are the attributes; nodes have `id` first, edges `caller_id`, `callee_id` and `key` (`call:12:4`). Bytes stay bytes.
"""

from __future__ import annotations

import os
from itertools import islice
from typing import TYPE_CHECKING, Any

from lestockage.graph.export.columns import column_types, edge_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.graph.build import ProgramGraph

_BATCH = 20_000


def write_parquet(graph: ProgramGraph, folder: str | os.PathLike[str]) -> None:
    """Write a graph into a folder, made when missing; files of these names are replaced.

    Raises:
        OSError: the folder cannot be made or written.
    """
    os.makedirs(folder, exist_ok=True)
    nodes = ({"id": node_id, **facts} for node_id, facts in graph.nodes(data=True))
    _write(os.path.join(folder, "nodes.parquet"), {"id": int} | column_types(facts for _, facts in graph.nodes(data=True)), nodes)
    edges = ({"caller_id": a, "callee_id": b, "key": edge_name(key), **facts} for a, b, key, facts in graph.edges(keys=True, data=True))
    types = {"caller_id": int, "callee_id": int, "key": str} | column_types(facts for *_, facts in graph.edges(data=True))
    _write(os.path.join(folder, "edges.parquet"), types, edges)


def _write(path: str, types: dict[str, type], rows: Iterator[dict[str, Any]]) -> None:
    import pyarrow as pa  # noqa: PLC0415  # costs 150 ms
    from pyarrow import parquet  # noqa: PLC0415  # as above

    kinds = {int: pa.int64(), float: pa.float64(), bool: pa.bool_(), bytes: pa.binary(), str: pa.string()}
    schema = pa.schema([pa.field(name, kinds[kind]) for name, kind in types.items()])
    with parquet.ParquetWriter(path, schema) as writer:
        while batch := list(islice(rows, _BATCH)):
            columns = [[_fitting(row.get(name), kind) for row in batch] for name, kind in types.items()]
            arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
            writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))


def _fitting(value: object, kind: type) -> object:
    """Return a value as its column has it: as text where the column is text and the value is not."""
    return value if value is None or kind is not str or isinstance(value, str) else str(value)
