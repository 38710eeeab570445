"""Intel store: what it costs to fill a file with 100,000 nodes and 1,000,000 edges, and to look a symbol up in it.

Run it alone with `pytest benchmarks/test_intel_store.py -s`. Ratios are of processor time within one run, against `executemany` of the same
rows into the same schema, indexes and foreign keys on; each way has its own file, and both are compared row for row.
"""

# ruff: noqa: S101, S311, T201  # results are asserted, figures are printed; chance is to be the same every time

from __future__ import annotations

import gc
import random
import statistics
import time
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from lestockage.store import Edge, IntelStore, Node
from lestockage.store.arrow_tables import EDGE_SCHEMA, NODE_SCHEMA
from lestockage.store.edge_writes import INSERT_EDGE
from lestockage.store.models import stored_nodes
from lestockage.store.node_writes import INSERT_NODE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NODES = 100_000
EDGES = 1_000_000
_TYPES = (*["call"] * 7, "data_dependency", "import", "containment")

Rows = list[tuple[Any, ...]]


def node_rows() -> Rows:
    """Return nodes as a large project has them: fifty to a file, ten to a class, some names many times."""
    rows: Rows = []
    for number in range(NODES):
        part, module, name = f"part{number // 5000}", f"mod{number // 50}", f"method{number % 20_000}"
        line = number % 50 * 9 + 1
        rows.append(
            (
                number + 1, 1, f"pkg/{part}/{module}.py", f"pkg.{part}.{module}.C{number // 10}.{name}", 0, name, "method", "python",
                "(self, first, second=None)", "public", number % 13, random.Random(number).randbytes(32), line, 4, line + 7, 20, 0, 1, 1,
            )
        )  # fmt: skip
    return rows


def edge_rows() -> Rows:
    """Return ten edges for each node, to any."""
    chosen = random.Random(1)
    return [
        (number // 10 + 1, chosen.randrange(NODES) + 1, _TYPES[number % 10], number % 10, number % 80, 1.0, "name")
        for number in range(EDGES)
    ]


@pytest.fixture(scope="module")
def rows() -> Iterator[tuple[Rows, Rows]]:
    """The rows, with the collector of garbage paused as a loading program would."""
    gc.disable()
    yield node_rows(), edge_rows()
    gc.enable()


@pytest.fixture(scope="module")
def bare(rows: tuple[Rows, Rows], tmp_path_factory: pytest.TempPathFactory) -> tuple[float, Path]:
    """Seconds of processor time of the bare statements, and their file."""
    path = tmp_path_factory.mktemp("bare") / "bare.db"
    with IntelStore.open(path) as store:
        store.insert_project("zoo")
        started = time.process_time()
        with store.transaction():
            store.file.executemany(INSERT_NODE, rows[0])
            store.file.executemany(INSERT_EDGE, rows[1])
        return time.process_time() - started, path


@pytest.mark.parametrize("kind", ["rows", "models", "new models", "arrow"])
def test_batch_insert(rows: tuple[Rows, Rows], bare: tuple[float, Path], tmp_path: Path, kind: str) -> None:
    """An empty file filled through the public functions: from tuples, models made before or (and validated) on the way, tables of Arrow."""
    nodes: Any
    edges: Any
    nodes, edges = rows
    if kind == "models":
        nodes, edges = stored_nodes(nodes), Edge.of_rows(edges)
    elif kind == "new models":
        node_names, edge_names = tuple(Node.model_fields), tuple(Edge.model_fields)
        nodes = (Node(**dict(zip(node_names, (*row[:16], False, *row[17:]), strict=True))) for row in rows[0])
        edges = (Edge(**dict(zip(edge_names, row, strict=True))) for row in rows[1])
    elif kind == "arrow":
        nodes, edges = (
            pa.table([pa.array(column, field.type) for column, field in zip(zip(*given, strict=True), schema, strict=True)], schema=schema)
            for given, schema in ((nodes, NODE_SCHEMA), (edges, EDGE_SCHEMA))
        )
    seconds, path = bare
    with IntelStore.open(tmp_path / "public.db") as store:
        store.insert_project("zoo")
        started = time.process_time()
        ids = store.batch_insert_nodes(nodes)
        count = store.batch_insert_edges(edges)
        spent = time.process_time() - started
        assert (len(ids), count) == (NODES, EDGES)
        assert store.file.query("PRAGMA foreign_keys") == [(1,)]
        store.file.execute("ATTACH ? AS bare", (str(path),))
        for table in ("intel_nodes", "intel_edges"):
            for one, other in (("main", "bare"), ("bare", "main")):
                assert store.file.row(f"SELECT * FROM {one}.{table} EXCEPT SELECT * FROM {other}.{table} LIMIT 1") is None  # noqa: S608  # ours
        schemas = [store.file.query(f"SELECT name, sql FROM {name}.sqlite_schema ORDER BY 1") for name in ("main", "bare")]  # noqa: S608  # ours
        assert schemas[0] == schemas[1]
    print(f"\nbatch insert, {kind}: {spent:.2f} s, {spent / seconds:.2f} x executemany ({seconds:.2f} s) (aim 1.5)")


def test_symbol_look_up(bare: tuple[float, Path]) -> None:
    """One symbol's nodes, five of them, as models: the distribution over 5,000 look-ups, of all projects and of one."""
    names = [f"method{number}" for number in random.Random(2).sample(range(20_000), 5_000)]
    with IntelStore.open(bare[1]) as store:
        for told, project in (("all projects", None), ("one project", "zoo")):
            taken = []
            for name in names:
                started = time.perf_counter()
                found = store.get_nodes_by_symbol(name, project=project)
                taken.append(time.perf_counter() - started)
                assert len(found) == 5
            cuts = statistics.quantiles(taken, n=20)
            print(
                f"\nlook-up by symbol, {told}: median {cuts[9] * 1e3:.3f} ms (aim 0.2), 95th percentile {cuts[18] * 1e3:.3f} ms (aim 10),"
                f" greatest {max(taken) * 1e3:.1f} ms"
            )


def test_bulk_read(rows: tuple[Rows, Rows], bare: tuple[float, Path]) -> None:
    """All nodes and edges as rows and as tables of Arrow, against the bare SELECT of the same rows."""
    with IntelStore.open(bare[1], read_only=True) as store:
        spent: dict[str, float] = {}
        started = time.process_time()
        plain = (store.file.query("SELECT * FROM intel_nodes"), store.file.query("SELECT * FROM intel_edges"))
        spent["bare SELECT"] = time.process_time() - started
        started = time.process_time()
        nodes, edges = list(store.iter_node_rows("zoo")), list(store.iter_edge_rows("zoo"))
        spent["rows"] = time.process_time() - started
        assert (len(nodes), len(edges)) == (len(plain[0]), len(plain[1]))
        assert set(edges) == set(rows[1])
        started = time.process_time()
        tables = store.read_nodes("zoo"), store.read_edges("zoo")
        spent["arrow"] = time.process_time() - started
        assert [table.num_rows for table in tables] == [NODES, EDGES]
    print("\nbulk read: " + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in spent.items()))
