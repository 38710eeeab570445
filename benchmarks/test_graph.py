"""Graph: a program graph of 100,000 nodes and 1,000,000 edges, and the impact of one symbol in that file.

`make bench` prints the figures; run it alone with `pytest benchmarks/test_graph.py -s`. Ratios are of one run; results are asserted.
"""

# ruff: noqa: S101, T201  # results are asserted, figures are printed

from __future__ import annotations

import gc
import random
import time
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest

from lestockage.graph import impact, program_graph
from lestockage.store.connection import StoreFile
from lestockage.store.edge_batches import insert_edges
from lestockage.store.node_batches import insert_nodes
from lestockage.store.projects import ensure_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NODES, EDGES, CLUSTER = 100_000, 1_000_000, 1_000
ROUNDS = 3


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreFile]:
    """A file whose symbols call others of their own thousand, mostly earlier ones, so that a change reaches hundreds."""
    chance = random.Random(5)  # noqa: S311  # a benchmark's data
    edges = set()
    while len(edges) < EDGES:
        caller = chance.randrange(NODES)
        first = caller // CLUSTER * CLUSTER
        edges.add((caller + 1, chance.randrange(first, caller + 1) + 1, "call", chance.randrange(60), chance.randrange(8)))
    with StoreFile.open(tmp_path_factory.mktemp("graph") / "graph.db") as opened:
        project = ensure_project(opened, "big", "/big").id
        facts = ("function", "python", "def f(a: int) -> str", "public", 3)
        insert_nodes(
            opened,
            (
                (
                    *(n + 1, project, f"pkg/m{n // 100}.py", f"pkg.m{n // 100}.f{n}", 0, f"f{n}", *facts, n.to_bytes(32, "big")),
                    *(n % 100 * 3 + 1, 0, n % 100 * 3 + 3, 8, 0, None, None),
                )
                for n in range(NODES)
            ),
        )
        assert insert_edges(opened, ((*edge, 1.0, "name") for edge in sorted(edges))) == EDGES
        yield opened


def _timed(made: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds with the collector paused, and what was made."""
    gc.collect()
    gc.disable()
    try:
        started = time.process_time()
        result = made()
        return time.process_time() - started, result
    finally:
        gc.enable()


def test_program_graph(store: StoreFile) -> None:
    """The graph from the file, against networkx building the same graph from lists of tuples and dictionaries in memory."""
    graph = program_graph(store)
    assert (len(graph), graph.number_of_edges()) == (NODES, EDGES)
    nodes = [(node, dict(facts)) for node, facts in graph.nodes(data=True)]
    edges = [(a, b, key, dict(facts)) for a, b, key, facts in graph.edges(keys=True, data=True)]
    del graph

    def by_networkx() -> nx.MultiDiGraph[int]:
        made: nx.MultiDiGraph[int] = nx.MultiDiGraph()
        made.add_nodes_from(nodes)
        made.add_edges_from(edges)
        return made

    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(_timed(by_networkx)[0])
        ours.append(_timed(lambda: program_graph(store))[0])
    print(f"\nprogram_graph: {min(ours):.2f} s, {min(ours) / min(theirs):.2f} x networkx from lists ({min(theirs):.2f} s) (aim 1.3)")


def test_impact(store: StoreFile) -> None:
    """Rows read are those of the answer and of the edges into it; the file has 1,100,000."""
    spent, found = _timed(lambda: impact(store, "f50500"))
    ids = [each.node.id for each in found]
    ((edges,),) = store.query("SELECT count(*) FROM intel_edges WHERE callee_id IN (SELECT value FROM json_each(?))", (str(ids),))
    assert found.rows_read == len(ids) + edges
    print(f"\nimpact: {len(ids)} symbols, {found.rows_read} rows read = answer {len(ids)} + edges into it {edges}; {spent * 1e3:.0f} ms")
