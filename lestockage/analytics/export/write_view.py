"""Write view: rows into a file, which takes the place of an older one only when it is complete."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

from lestockage.analytics.export.csv_text import csv_text
from lestockage.analytics.export.json_text import json_rows, ndjson_text
from lestockage.errors import UnwritableOutput

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa

TEXT_FORMATS = {"csv": csv_text, "json": json_rows, "ndjson": ndjson_text}
"""What turns rows into pieces of text, by format."""
BINARY_FORMATS = ("parquet",)
FORMATS = (*TEXT_FORMATS, *BINARY_FORMATS)


def write_view(schema: pa.Schema, batches: Iterable[pa.RecordBatch], form: str, output: str | os.PathLike[str]) -> int:
    """Write rows to a file in one of `FORMATS` and return how many there were; in memory is one batch at a time.

    Raises:
        UnwritableOutput: the file cannot be written, or there is no such format; what was there before is left.
    """
    path = os.fspath(output)
    if form not in FORMATS:
        raise UnwritableOutput(path, f"there is no format {form!r}; there are {', '.join(FORMATS)}")
    count = [0]
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{os.path.basename(path)}.", dir=os.path.dirname(os.path.abspath(path)))
        os.close(handle)
        if form in TEXT_FORMATS:
            with open(temporary, "w", encoding="utf-8", newline="") as file:
                file.writelines(TEXT_FORMATS[form](schema, _counted(batches, count)))
        else:
            _write_parquet(schema, _counted(batches, count), temporary)
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except OSError as error:
        raise UnwritableOutput(path, error.strerror or str(error)) from error
    finally:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)
    return count[0]


def _write_parquet(schema: pa.Schema, batches: Iterable[pa.RecordBatch], path: str) -> None:
    from pyarrow import parquet  # noqa: PLC0415  # 20 ms, for one format

    with parquet.ParquetWriter(path, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)


def _counted(batches: Iterable[pa.RecordBatch], count: list[int]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        count[0] += batch.num_rows
        yield batch


def _umask() -> int:
    """Return the mode bits that new files do not get, which can only be read by setting them."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
