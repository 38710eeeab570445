"""Export: what is written in each format is what was there, batch by batch, and no cell is a formula."""

from __future__ import annotations

import datetime
import decimal
import io
import json
import tracemalloc
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import csv, parquet

from lestockage.analytics import Analytics
from lestockage.analytics.catalogue import VIEWS
from lestockage.analytics.export import FORMATS, TEXT_FORMATS, write_view
from lestockage.analytics.export.csv_text import csv_text, plain_text
from lestockage.analytics.export.json_text import json_rows, json_value, ndjson_text
from lestockage.errors import UnwritableOutput
from tests.analytics.test_analytics import shop_churn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA = pa.schema([("n", pa.int64()), ("x", pa.float64()), ("is", pa.bool_()), ("t", pa.timestamp("ms")), ("s", pa.string())])
# UTC without saying so, as in the schema.
TIMES = st.datetimes(datetime.datetime(1970, 1, 1), datetime.datetime(2200, 1, 1)).map(
    lambda t: t.replace(microsecond=t.microsecond // 1000 * 1000)
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ["", "=1+1", "'=1", "-2", "@x", "\t", "a\r\nb", '"', ",", "null"]
)
ROWS = st.lists(
    st.tuples(
        st.none() | st.integers(-(2**63), 2**63 - 1),
        st.none() | st.floats(allow_nan=False, allow_infinity=False),
        st.none() | st.booleans(),
        st.none() | TIMES,
        st.none() | TEXTS,
    ),
    max_size=8,
)


def batches_of(rows: list[tuple[Any, ...]]) -> list[pa.RecordBatch]:
    """Return rows in two batches."""
    table = pa.Table.from_pylist([dict(zip(SCHEMA.names, row, strict=True)) for row in rows], schema=SCHEMA)
    return table.to_batches(max_chunksize=max(1, len(rows) // 2))


def read_csv(text: str, schema: pa.Schema) -> pa.Table:
    """Return a table from CSV as the documentation says: quoted cells are texts, one `'` before a text is taken away."""
    if "\n" not in text.rstrip("\n"):  # pyarrow has no reading of a header alone
        return schema.empty_table()
    table = csv.read_csv(
        io.BytesIO(text.encode()),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=schema, strings_can_be_null=True, quoted_strings_can_be_null=False, null_values=[""]
        ),
    )
    columns = [
        pa.array([None if text is None else plain_text(text) for text in column.to_pylist()], kind) if pa.types.is_string(kind) else column
        for column, kind in zip(table.columns, schema.types, strict=True)
    ]
    return pa.table(columns, schema=schema)


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_csv_is_read_back(rows: list[tuple[Any, ...]]) -> None:
    """Null and the empty text, every number, and texts that look like formulas come back as they were."""
    text = "".join(csv_text(SCHEMA, batches_of(rows)))
    assert text.startswith('"n","x","is","t","s"\n')
    assert read_csv(text, SCHEMA).to_pylist() == [dict(zip(SCHEMA.names, row, strict=True)) for row in rows]


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_no_text_in_csv_is_a_formula(rows: list[tuple[Any, ...]]) -> None:
    """As a spreadsheet reads it, no cell of a text column begins with a sign that starts a formula."""
    import csv as plain_csv  # noqa: PLC0415  # pyarrow's has the name here

    read = list(plain_csv.reader(io.StringIO("".join(csv_text(SCHEMA, batches_of(rows))), newline="")))
    assert not [row[4] for row in read if row and row[4].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_json_is_read_back(rows: list[tuple[Any, ...]]) -> None:
    """Both forms of JSON have the rows, with keys in the order of the columns and times in ISO 8601."""
    expected = [
        {
            name: value.isoformat(timespec="milliseconds") + "Z" if isinstance(value, datetime.datetime) else value
            for name, value in zip(SCHEMA.names, row, strict=True)
        }
        for row in rows
    ]
    array = json.loads("".join(json_rows(SCHEMA, batches_of(rows))))
    lines = [json.loads(line) for line in "".join(ndjson_text(SCHEMA, batches_of(rows))).splitlines()]
    assert array == lines == expected
    assert all(list(row) == SCHEMA.names for row in array)


@pytest.mark.parametrize("name", [view.name for view in VIEWS])
def test_every_view_is_read_back_from_every_format(shop: Path, tmp_path: Path, name: str) -> None:
    """CSV, JSON, NDJSON and Parquet of a view each hold its rows, its columns in their order."""
    with Analytics.connect(shop, projects=["shop"], churn=shop_churn) as analytics:
        expected = analytics.table(name)
        counts = {form: analytics.export(name, form, tmp_path / form) for form in FORMATS}
    assert set(counts.values()) == {expected.num_rows}
    assert parquet.read_table(tmp_path / "parquet") == expected
    assert read_csv((tmp_path / "csv").read_bytes().decode(), expected.schema) == expected
    as_json = json_value(expected.to_pylist())
    assert json.loads((tmp_path / "json").read_text()) == as_json
    assert [json.loads(line) for line in (tmp_path / "ndjson").read_text().splitlines()] == as_json


def test_values_that_sql_can_make() -> None:
    """What JSON has no word for is written in the nearest way."""
    found = json_value(
        [float("nan"), float("inf"), b"\xff", decimal.Decimal(7), decimal.Decimal("0.5"), datetime.date(2026, 1, 2), {"a": (1,)}]
    )
    assert found == [None, None, "ff", 7, 0.5, "2026-01-02", {"a": [1]}]


@pytest.mark.parametrize("form", FORMATS)
def test_memory_does_not_grow_with_the_rows(tmp_path: Path, form: str) -> None:
    """Four times the batches take no more of Python's memory: each is written before the next is made."""
    batch = pa.RecordBatch.from_pylist(
        [{"n": n, "s": f"={n}"} for n in range(500)], schema=pa.schema([("n", pa.int64()), ("s", pa.string())])
    )

    def peak(batches: int) -> int:
        tracemalloc.start()
        try:
            write_view(batch.schema, (batch.slice(0) for _ in range(batches)), form, tmp_path / "out")
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1)
    assert peak(40) < 1.5 * peak(10)


def test_a_file_is_replaced_only_when_complete(tmp_path: Path) -> None:
    """A failure in the middle leaves the old file, and nothing beside it."""
    (tmp_path / "out.csv").write_text("old")

    def failing() -> Iterator[pa.RecordBatch]:
        yield from batches_of([(1, 1.0, True, None, "a")])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_view(SCHEMA, failing(), "csv", tmp_path / "out.csv")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


def test_what_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A folder that is not there, and a format that is none, are refused."""
    with pytest.raises(UnwritableOutput, match="No such file"):
        write_view(SCHEMA, [], "csv", tmp_path / "none" / "out")
    with pytest.raises(UnwritableOutput, match="there are csv, json, ndjson, parquet"):
        write_view(SCHEMA, [], "xml", tmp_path / "out")
    assert set(TEXT_FORMATS) == set(FORMATS) - {"parquet"}
