"""CSV text: rows as RFC 4180 has them, in which no spreadsheet finds a formula.

Text is quoted, and null is nothing without quotes, so that the empty text and null are told apart. A text that a spreadsheet might run,
one that begins with `=`, `+`, `-`, `@`, a tab or a line end (OWASP, "CSV Injection"), gets a `'` before it; so does one that begins with
`'`, so that taking one `'` away gives every text back (`plain_text`).
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

import pyarrow as pa
from pyarrow import compute, csv

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

GUARD: Final = "'"
_DANGEROUS: Final = r"^['=+\-@\t\r\n]"


def csv_text(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Iterator[str]:
    """Yield the header, then the rows of each batch."""
    yield _written(pa.RecordBatch.from_pylist([], schema=schema), has_header=True)
    for batch in batches:
        yield _written(pa.RecordBatch.from_arrays([_guarded(column) for column in batch.columns], schema=schema), has_header=False)


def plain_text(cell: str) -> str:
    """Return a text as it was before it was guarded."""
    return cell.removeprefix(GUARD)


def _guarded(column: pa.Array) -> pa.Array:
    if not pa.types.is_string(column.type):
        return column
    is_dangerous = compute.match_substring_regex(column, _DANGEROUS)
    return compute.if_else(is_dangerous, compute.binary_join_element_wise(GUARD, column, ""), column)


def _written(batch: pa.RecordBatch, *, has_header: bool) -> str:
    sink = io.BytesIO()
    csv.write_csv(batch, sink, csv.WriteOptions(include_header=has_header))
    return sink.getvalue().decode()
