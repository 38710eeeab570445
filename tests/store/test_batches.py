"""Batches: many rows in one transaction, from any source, all or nothing, and the offending one by name."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lestockage.errors import ConstraintError, DuplicateRow, MissingNode, RefusedRow, StoreError, UnknownType, WrongProject
from lestockage.store import Edge, IntelStore, Node
from lestockage.store.arrow_tables import EDGE_SCHEMA, NODE_SCHEMA
from lestockage.store.bulk_rows import stream_node_rows
from lestockage.store.row_batch import LARGE
from lestockage.store.type_names import EDGE_TYPES, NODE_TYPES
from tests.store.test_migrations import schema_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.store.connection import StoreFile

MANY = LARGE + 500
"""Enough that an empty table is filled without its indexes."""


@pytest.fixture
def intel(store: StoreFile, project: int) -> IntelStore:
    """Return a store with one project, whose id is 1."""
    assert project == 1
    return IntelStore(store)


def row(number: int, **facts: Any) -> tuple[Any, ...]:
    """Return a node as a tuple."""
    values = dict.fromkeys(NODE_SCHEMA.names) | {
        "project_id": 1,
        "file_path": f"m{number % 7}.py",
        "qualified_name": f"m.f{number}",
        "ordinal": 0,
        "symbol_name": f"f{number}",
        "node_type": "function",
        "stale": 0,
    }
    return tuple((values | facts).values())


def node(number: int, **facts: Any) -> Node:
    """Return a node as a model."""
    return Node(**{"project_id": 1, "file_path": f"m{number % 7}.py", "qualified_name": f"m.f{number}", "node_type": "function", **facts})


@pytest.mark.parametrize("size", [0, 1, 10, MANY])
@pytest.mark.parametrize("is_model", [False, True])
def test_batch_is_stored(intel: IntelStore, size: int, *, is_model: bool) -> None:
    """All rows are stored under ids in their order, the indexes are there afterwards, and foreign keys hold."""
    before = schema_of(intel.file)
    make = node if is_model else row
    ids = intel.batch_insert_nodes(make(number) for number in range(size))
    assert ids == list(range(1, size + 1))
    found = {found.qualified_name: found.id for found in intel.iter_nodes(1)}
    assert found == {f"m.f{number}": number + 1 for number in range(size)}
    edges = [(a, b, "call", 0, 0, 1.0, "") for a in ids for b in ids[:2]]
    assert intel.batch_insert_edges(
        Edge(**dict(zip(EDGE_SCHEMA.names, values, strict=True))) if is_model else values
        for values in edges  # type: ignore[arg-type]  # either
    ) == len(edges)
    assert sorted(intel.iter_edge_rows(1)) == edges
    assert schema_of(intel.file) == before
    assert intel.file.query("PRAGMA integrity_check") == [("ok",)]
    assert intel.file.query("PRAGMA foreign_key_check") == []


BAD_NODES: list[tuple[Any, type[StoreError], str]] = [
    (row(-1, file_path=None, id=3), DuplicateRow, r"\(3,\) is there already"),
    (row(-1, project_id=9), WrongProject, "project 9 is not in the file"),
    (row(-1, node_type="verb"), UnknownType, "no node type 'verb'"),
    (row(-1, qualified_name=None), RefusedRow, "NOT NULL"),
    (row(-1, ordinal="x"), RefusedRow, "TEXT value in INTEGER"),
    (row(-1, stale=7), RefusedRow, "CHECK"),
    (row(-1, signature="\udc80"), RefusedRow, "cannot be stored"),
    (row(-1, complexity=1 << 70), RefusedRow, "cannot be stored"),
    (row(-1, signature=object()), RefusedRow, "bind"),
    (row(-1, id="x"), RefusedRow, "not supported between"),
    (row(-1)[:-1], RefusedRow, "not one of 18"),
    ("m.f", RefusedRow, "not str"),
    (None, RefusedRow, "not NoneType"),
]


@pytest.mark.parametrize(("bad", "kind", "told"), BAD_NODES, ids=[told for *_, told in BAD_NODES])
@pytest.mark.parametrize("verb", ["insert", "upsert"])
def test_bad_node_is_named(intel: IntelStore, bad: object, kind: type[StoreError], told: str, verb: str) -> None:
    """One row that cannot be keeps the whole batch out; the error is of its kind and has its index."""
    batch = intel.batch_insert_nodes if verb == "insert" else intel.batch_upsert_nodes
    with pytest.raises(kind, match=told) as caught:
        batch([*map(row, range(5)), bad, row(7)])  # type: ignore[arg-type]  # it is bad
    assert caught.value.index == 5  # type: ignore[attr-defined]  # every kind of the list has one
    assert "row 5: " in str(caught.value)
    assert intel.get_nodes_by_project(1) == []
    assert intel.batch_insert_nodes([row(0)]) == [1]


BAD_EDGES: list[tuple[Any, type[StoreError], str]] = [
    ((1, 2, "call", 3, 0, 0.5, ""), DuplicateRow, "'call', 3, 0"),
    ((1, 99, "call", 0, 0, 1.0, ""), MissingNode, "no node 99"),
    ((98, 1, "call", 0, 0, 1.0, ""), MissingNode, "no node 98"),
    ((1, 2, "calls", 0, 0, 1.0, ""), UnknownType, "no edge type 'calls'"),
    ((1, 2, "call", 0, 0, 1.5, ""), RefusedRow, "1.5 is not a number within 0 and 1"),
    ((1, 2, "call", 0, 0, float("nan"), ""), RefusedRow, "nan is not a number within 0 and 1"),
    ((1, 2, "call", 0, 0, None, ""), RefusedRow, "None is not a number within 0 and 1"),
    (Edge(caller_id=1, callee_id=2, edge_type="call").model_copy(update={"confidence": 7}), RefusedRow, "7 is not a number within 0 and 1"),
    ((1, 2, "call", None, 0, 1.0, ""), RefusedRow, "NOT NULL"),
    ((1, 2, "call", 0, 0, 1.0), RefusedRow, "not one of 6"),
    ([1, 2, "call", 0, 0, 1.0, ""], RefusedRow, "not list"),
]


def test_twin_in_a_small_batch_is_named(intel: IntelStore) -> None:
    """A row that repeats an earlier one is a duplicate to an insertion."""
    with pytest.raises(DuplicateRow) as caught:
        intel.batch_insert_nodes([*map(row, range(5)), row(3)])
    assert (caught.value.index, caught.value.identity) == (5, (1, "m3.py", "m.f3", 0))


@pytest.mark.parametrize(("bad", "kind", "told"), BAD_EDGES, ids=[told for *_, told in BAD_EDGES])
def test_bad_edge_is_named(intel: IntelStore, bad: object, kind: type[StoreError], told: str) -> None:
    """One row that cannot be keeps the whole batch out; the error is of its kind and has its index."""
    intel.batch_insert_nodes(map(row, range(3)))
    good = [(1, 2, "call", line, 0, 1.0, "") for line in range(4)]
    with pytest.raises(kind, match=told) as caught:
        intel.batch_insert_edges([*good, bad])  # type: ignore[list-item]  # it is bad
    assert caught.value.index == 4  # type: ignore[attr-defined]  # every kind of the list has one
    assert intel.get_edges_by_type("call") == []


@pytest.mark.parametrize("file_path", ["m.py", None])
def test_twin_in_a_large_batch_is_named(intel: IntelStore, file_path: str | None) -> None:
    """Of a batch that fills an empty table, the first row that repeats another is named, though only the index finds it."""
    rows = [row(number, file_path=file_path) for number in range(MANY)]
    rows[700] = rows[20]
    rows[1200] = rows[10]
    with pytest.raises(DuplicateRow) as caught:
        intel.batch_insert_nodes(rows)
    assert (caught.value.index, caught.value.identity) == (700, (1, file_path, "m.f20", 0))
    assert intel.batch_insert_nodes([row(0)]) == [1]


def test_error_of_the_iterable_passes(intel: IntelStore) -> None:
    """What a caller's iterable raises reaches the caller as it is, and nothing is written."""

    def broken() -> Iterator[tuple[Any, ...]]:
        yield row(1)
        raise ValueError("broken")

    for batch in (intel.batch_insert_nodes, intel.batch_upsert_nodes):
        with pytest.raises(ValueError, match="broken"):
            batch(broken())
    assert intel.get_nodes_by_project(1) == []


def test_iterable_is_read_lazily(intel: IntelStore) -> None:
    """Rows are taken one by one: an endless iterable with a bad row ends there."""
    taken = count()
    with pytest.raises(UnknownType) as caught:
        intel.batch_insert_nodes(row(number, node_type="verb" if number == 3 * LARGE else "class") for number in taken)
    assert caught.value.index == 3 * LARGE
    assert next(taken) == 3 * LARGE + 1


def test_rows_may_be_made_from_the_same_store(intel: IntelStore) -> None:
    """A batch that is fed by a stream of the store it goes to is stored, however large."""
    intel.batch_insert_nodes(map(row, range(MANY)))
    before = schema_of(intel.file)
    for size in (MANY // 5, 10 * MANY):
        ids = (found[0] for rows in stream_node_rows(intel.file, 1, size=size) for found in rows)
        assert intel.batch_insert_edges((node_id, node_id, "call", 0, 0, 1.0, "") for node_id in ids) == MANY
        assert schema_of(intel.file) == before
        assert intel.batch_delete_edges(intel.get_edges_by_type("call")) == MANY


def test_ids_are_kept_where_given(intel: IntelStore) -> None:
    """Given ids and times stay, others come after the greatest; a copy of a store keeps its ids."""
    assert intel.batch_insert_nodes([row(0), row(1, id=50, created_at=3, updated_at=4), row(2), node(3, id=20), row(4)]) == [
        1,
        50,
        51,
        20,
        52,
    ]
    assert intel.file.query("SELECT created_at, updated_at FROM intel_nodes WHERE id = 50") == [(3, 4)]
    copy = intel.get_nodes_by_project(1)
    intel.delete_project("zoo")
    intel.file.execute("INSERT INTO projects (id, name, root, created_at, updated_at) VALUES (1, 'zoo', '/', 1, 1)")
    intel.batch_insert_nodes(copy)
    assert intel.get_nodes_by_project(1) == copy


def test_upserted_batch_tells_what_it_did(intel: IntelStore) -> None:
    """Ids come in the order of the rows; new, changed and equal rows are told apart, a row that comes twice is written as it comes last."""
    intel.batch_insert_nodes([row(0), row(1)])
    done = intel.batch_upsert_nodes([row(2), node(1, complexity=3), row(0), row(2, complexity=5)])
    assert done == ([3, 2, 1, 3], 1, 2)
    assert [found.complexity for found in intel.get_nodes_by_symbol("f2")] == [5]


# -- Arrow -------------------------------------------------------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4)
NUMBER = st.none() | st.integers(-(1 << 63), (1 << 63) - 1)
NODES = st.lists(
    st.tuples(
        st.none(), st.just(1), st.none() | TEXT, TEXT, st.integers(0, 3), TEXT, st.sampled_from(NODE_TYPES), st.none() | TEXT,
        st.none() | TEXT, st.none() | TEXT, NUMBER, st.none() | st.binary(max_size=4), NUMBER, NUMBER, NUMBER, NUMBER,
        st.integers(0, 1), NUMBER, NUMBER,
    ),
    unique_by=lambda made: made[1:5], max_size=8,
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nodes=NODES, data=st.data())
def test_table_comes_back(intel: IntelStore, nodes: list[tuple[Any, ...]], data: st.DataObject) -> None:
    """Whatever nodes and edges a table holds, the store gives the same table back, however it was cut into batches."""
    intel.file.execute("DELETE FROM intel_nodes")
    table = pa.Table.from_pylist([dict(zip(NODE_SCHEMA.names, made, strict=True)) for made in nodes], pa.schema(_nullable(NODE_SCHEMA)))
    half = len(nodes) // 2
    ids = intel.batch_insert_nodes(pa.concat_tables([table[:half], table[half:]]))
    given_columns = NODE_SCHEMA.names[1:-2]
    stored = intel.read_nodes(1)
    assert sorted(map(repr, stored.select(given_columns).to_pylist())) == sorted(map(repr, table.select(given_columns).to_pylist()))
    if not ids:
        return
    end, site = st.sampled_from(ids), st.integers(0, 9)
    edges = data.draw(
        st.lists(st.tuples(end, end, st.sampled_from(EDGE_TYPES), site, site, st.floats(0, 1), TEXT), unique_by=lambda made: made[:5])
    )
    rows = pa.Table.from_pylist([dict(zip(EDGE_SCHEMA.names, made, strict=True)) for made in edges], EDGE_SCHEMA)
    for source in (rows, pa.RecordBatchReader.from_batches(EDGE_SCHEMA, rows.to_batches())):
        assert intel.batch_insert_edges(source) == len(edges)
        assert sorted(intel.read_edges(1).to_pylist(), key=repr) == sorted(rows.to_pylist(), key=repr)
        assert intel.batch_delete_edges(source if source is rows else intel.read_edges(1)) == len(edges)


def _nullable(schema: Any) -> list[Any]:
    """Return a schema's fields, each of which may be null."""
    return [field.with_nullable(nullable=True) for field in schema]


def test_columns_may_be_left_out_or_of_a_kindred_type(intel: IntelStore) -> None:
    """A narrow table is filled with what the models fill in; smaller integers and dictionaries are cast."""
    narrow = pa.record_batch(
        {
            "qualified_name": pa.array(["a.b", "c"]).dictionary_encode(),
            "project_id": pa.array([1, 1], pa.int8()),
            "node_type": ["class", "module"],
        }
    )
    a, c = intel.batch_insert_nodes(narrow)
    assert [(found.symbol_name, found.ordinal, found.stale, found.file_path) for found in map(intel.get_node, (a, c))] == [
        ("b", 0, False, None),
        ("c", 0, False, None),
    ]
    intel.batch_insert_edges(pa.table({"caller_id": [a], "callee_id": [c], "edge_type": ["call"]}))
    assert intel.get_edges_by_node(a) == [Edge(caller_id=a, callee_id=c, edge_type="call")]


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"caller_id": [1], "callee_id": [1], "edge_type": ["call"], "colour": ["red"]}, "the columns colour"),
        ({"caller_id": ["x"], "callee_id": [1], "edge_type": ["call"]}, "caller_id cannot be read as int64"),
        ({"caller_id": [1.5], "callee_id": [1], "edge_type": ["call"]}, "caller_id cannot be read as int64"),
        ({"caller_id": [1], "edge_type": ["call"]}, "row 0: NOT NULL constraint failed: intel_edges.callee_id"),
        ({"caller_id": [1], "callee_id": [1], "edge_type": ["call"], "confidence": [2.0]}, "row 0: a confidence of 2.0"),
        ({"caller_id": [1], "callee_id": [1], "edge_type": [None]}, "row 0: "),
    ],
)
def test_table_that_does_not_fit_is_refused(intel: IntelStore, columns: dict[str, list[Any]], told: str) -> None:
    """A column too many, of another type, or too few, is named."""
    intel.insert_node(node(0))
    with pytest.raises(ConstraintError, match=told):
        intel.batch_insert_edges(pa.table(columns))
