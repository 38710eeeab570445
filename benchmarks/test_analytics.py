"""Analytics: a file of 100,000 nodes and 1,000,000 edges, networkx's own functions on the same graph, and whole commands.

`make bench` prints the figures; run it alone with `pytest benchmarks/test_analytics.py -s`. Ratios are of one run; results are asserted.
"""

# ruff: noqa: S101, T201  # results are asserted, figures are printed

from __future__ import annotations

import gc
import os
import resource
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pytest

from lestockage.analytics import Analytics
from lestockage.analytics.graph_metrics.components import strong_components
from lestockage.analytics.graph_metrics.degrees import in_degrees
from lestockage.analytics.graph_metrics.pagerank import pagerank
from lestockage.store.connection import StoreFile
from lestockage.store.edge_batches import insert_edges
from lestockage.store.node_batches import insert_nodes
from lestockage.store.projects import ensure_project
from lestockage.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NODES, EDGES = 100_000, 1_000_000


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file whose symbols call any others, early ones more often."""
    chance = np.random.default_rng(1)
    callers = chance.integers(1, NODES + 1, EDGES + EDGES // 50)
    callees = (chance.random(len(callers)) ** 2 * NODES).astype(np.int64) + 1
    edges = np.unique(np.stack([callers, callees], axis=1), axis=0)
    edges = edges[np.sort(chance.choice(len(edges), EDGES, replace=False))]
    made = tmp_path_factory.mktemp("analytics") / "big.db"
    with StoreFile.open(made) as store:
        project = ensure_project(store, "big", "/big").id
        facts = ("function", "python", "def f(a: int) -> str", "public")
        insert_nodes(
            store,
            (
                (
                    *(n + 1, project, f"pkg/m{n // 100}.py", f"pkg.m{n // 100}.f{n}", 0, f"f{n}", *facts, n % 37, n.to_bytes(32, "big")),
                    *(n % 100 * 3 + 1, 0, n % 100 * 3 + 3, 8, 0, None, None),
                )
                for n in range(NODES)
            ),
        )
        assert insert_edges(store, ((a, b, "call", a % 60, 4, 1.0, "name") for a, b in edges.tolist())) == EDGES
    return made


@pytest.fixture(scope="module")
def analytics(path: Path) -> Iterator[Analytics]:
    """The file, open, its graph read."""
    with Analytics.connect(path) as opened:
        opened.graph()
        yield opened


@pytest.fixture(scope="module")
def theirs(analytics: Analytics) -> nx.DiGraph[int]:
    """The same graph, as networkx has it."""
    graph = analytics.graph()
    made: nx.DiGraph[int] = nx.DiGraph()
    made.add_nodes_from(graph.ids.tolist())
    made.add_edges_from(zip(graph.ids[graph.sources].tolist(), graph.ids[graph.indices].tolist(), strict=True))
    assert (len(made), made.number_of_edges()) == (NODES, EDGES)
    return made


def _timed(made: Callable[[], Any], rounds: int = 3) -> tuple[float, Any]:
    """Best processor seconds of some rounds with the collector paused, and what was made."""
    best = float("inf")
    result = None
    for _ in range(rounds):
        gc.collect()
        gc.disable()
        started = time.process_time()
        result = made()
        best = min(best, time.process_time() - started)
        gc.enable()
    return best, result


def test_first_answer(path: Path) -> None:
    """From the file to the ten symbols of highest PageRank, and to a count over SQL."""

    def ranked() -> list[int]:
        with Analytics.connect(path) as opened:
            graph = opened.graph()
            return graph.ids[np.argsort(-pagerank(graph))[:10]].tolist()

    def counted() -> list[tuple[Any, ...]]:
        with Analytics.connect(path) as opened:
            return opened.rows("SELECT node_type, count(*), avg(complexity) FROM nodes GROUP BY 1")[1]

    spent, top = _timed(ranked)
    spent_sql, rows = _timed(counted)
    assert len(top) == 10
    assert rows[0][:2] == ("function", NODES)
    print(f"\nfirst answer: PageRank {spent:.2f} s (aim 1), SQL over nodes {spent_sql:.2f} s")


def test_against_networkx(analytics: Analytics, theirs: nx.DiGraph[int]) -> None:
    """PageRank, degrees and strongly connected components: times faster, and equal within 1e-6."""
    graph = analytics.graph()
    ranks, expected_ranks = _timed(lambda: pagerank(graph)), _timed(lambda: nx.pagerank(theirs, tol=1e-10), 1)
    assert np.abs(ranks[1] - np.fromiter((expected_ranks[1][node] for node in graph.ids.tolist()), float)).max() < 1e-6
    degrees, expected_degrees = _timed(lambda: in_degrees(graph)), _timed(lambda: dict(theirs.in_degree()), 1)
    assert degrees[1].tolist() == [expected_degrees[1][node] for node in graph.ids.tolist()]
    strong, expected_strong = _timed(lambda: strong_components(graph)), _timed(lambda: list(nx.strongly_connected_components(theirs)), 1)
    assert strong[1].max() + 1 == len(expected_strong[1])
    for name, ours, other in (
        ("PageRank", ranks, expected_ranks),
        ("degrees", degrees, expected_degrees),
        ("SCC", strong, expected_strong),
    ):
        print(f"\n{name}: {ours[0] * 1e3:.1f} ms, networkx {other[0] * 1e3:.0f} ms: {other[0] / ours[0]:.0f} x (aim 20)")


def test_export_of_a_million_rows(path: Path, tmp_path: Path) -> None:
    """Edges as CSV and Parquet, and how much memory a process needs for it beyond what it has at start."""
    script = (
        "import resource, sys; from lestockage.analytics import Analytics; import pyarrow.parquet\n"
        "with Analytics.connect(sys.argv[1]) as a:\n"
        "    a.table('projects'); before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "    print(a.export('edges', sys.argv[2], sys.argv[3]), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    for form in ("csv", "parquet"):
        words = [sys.executable, "-c", script, str(path), form, str(tmp_path / form)]
        started = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        ended = subprocess.run(words, capture_output=True, check=True, text=True)  # noqa: S603  # ourselves
        rows, kib = map(int, ended.stdout.split())
        assert rows == EDGES
        spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - started
        size = (tmp_path / form).stat().st_size >> 20
        print(f"\nexport of {rows:,} edges as {form}: {spent:.1f} s, {kib / 1024:.0f} MB beyond the start, {size} MB written")


def test_hotspots_of_networkx(tmp_path: Path) -> None:
    """The whole command over the index of networkx, by another process."""
    with Workspace.open(tmp_path / "nx.db") as workspace:
        workspace.index(os.path.dirname(nx.__file__))
    words = [sys.executable, "-m", "lestockage", "hotspots", "--db", str(tmp_path / "nx.db"), "--json"]
    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.perf_counter()
        ended = subprocess.run(words, capture_output=True, check=True, text=True)  # noqa: S603  # ourselves
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.perf_counter() - started))
    assert ended.stdout.count('"score"') > 5_000
    print(f"\nhotspots of networkx: {min(spent)[0]:.2f} s of processor, {min(wall for _, wall in spent):.2f} s in all (aim 1.5)")
