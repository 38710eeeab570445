"""JSON text: rows as objects, in one array (`json`) or one on each line (`ndjson`)."""

from __future__ import annotations

import datetime
import decimal
import json
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa


def ndjson_text(_schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Iterator[str]:
    """Yield the rows, one object on each line, their keys in the order of the columns."""
    for batch in batches:
        yield "".join(f"{json.dumps(json_value(row))}\n" for row in batch.to_pylist())


def json_rows(_schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Iterator[str]:
    """Yield one array of objects, one object on each line."""
    before = "["
    for batch in batches:
        for row in batch.to_pylist():
            yield f"{before}\n{json.dumps(json_value(row))}"
            before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def json_value(value: Any) -> Any:  # noqa: ANN401  # any of DuckDB's and pyarrow's values
    """Return a value as what JSON has: times in ISO 8601 (UTC where they know no zone), bytes in hexadecimal, nan and infinity as null."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else None
        case dict():
            return {str(key): json_value(each) for key, each in value.items()}
        case list() | tuple():
            return [json_value(each) for each in value]
        case bytes():
            return value.hex()
        case decimal.Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime.datetime():
            return value.isoformat(timespec="milliseconds") + ("Z" if value.tzinfo is None else "")
        case _:
            return str(value)
