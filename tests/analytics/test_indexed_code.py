"""Indexed code: views over what index runs have written: measures, their distribution, references, snapshots, the index of networkx."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pytest

from lestockage.analytics import Analytics
from lestockage.analytics.graph_metrics import components, degrees
from lestockage.analytics.graph_metrics.hits import hits
from lestockage.analytics.graph_metrics.pagerank import pagerank
from lestockage.analytics.graph_metrics.shortest_paths import path_metrics
from lestockage.errors import UnknownMetric
from lestockage.graph.complexity import complexity
from lestockage.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

SHARED = {
    "lib": {"lib/__init__.py": "def offer(x):\n    return x\n"},
    "app": {
        "app/__init__.py": "",
        "app/main.py": "from lib import offer\n\ndef use(x):\n    if x:\n        return offer(x)\n    return [y for y in x if y]\n\n"
        "def plain():\n    pass\n",
        "app/deep/__init__.py": "def outer(a):\n    def inner(b):\n        while b:\n            b -= 1\n    return inner\n",
    },
}


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a library and an application that uses it, the latter with a snapshot."""
    folder = tmp_path_factory.mktemp("indexed")
    for project, files in SHARED.items():
        for path, text in files.items():
            (folder / project / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / project / path).write_text(text)
        words = [sys.executable, "-m", "lestockage", "index", str(folder / project), "--db", str(folder / "index.db")]
        subprocess.run([*words, *(["--snapshot", "first"] if project == "app" else [])], check=True, capture_output=True)
    return folder / "index.db"


@pytest.fixture
def analytics(indexed: Path) -> Iterator[Analytics]:
    """Return the analytics of that file."""
    with Analytics.connect(indexed) as opened:
        yield opened


def test_measures_are_those_of_the_graph_layer(analytics: Analytics) -> None:
    """Each symbol has the metrics that `graph.complexity` tells of it."""
    table = analytics.table("measures")
    metrics = table.column_names[7:]
    found = {row["id"]: tuple(row[name] for name in metrics) for row in table.to_pylist()}
    assert found == {each.node.id: tuple(each.metrics) for each in complexity(analytics.file)}
    assert {row["package"] for row in table.to_pylist()} == {"lib", "app", "app/deep"}


@pytest.mark.parametrize("by", ["project", "package", "file_path", "node_type"])
def test_distributions(analytics: Analytics, by: str) -> None:
    """Counts, means, quantiles, fences, outliers and histograms are those that numpy computes."""
    groups: dict[tuple[str, str], list[int]] = {}
    functions = [row for row in analytics.table("measures").to_pylist() if row["node_type"] in {"function", "method"}]
    for row in functions:
        groups.setdefault((row["project"], row[by]), []).append(row["statements"])
    told = {(row["project"], row[by]): row for row in analytics.distribution("statements", by).to_pylist()}
    assert set(told) == set(groups)
    outliers = 0
    for group, values in groups.items():
        row = told[group]
        quartiles = np.percentile(values, [25, 50, 75, 99])
        assert (row["count"], row["total"], row["least"], row["most"]) == (len(values), sum(values), min(values), max(values))
        assert [row["mean"], row["p25"], row["p50"], row["p75"], row["p99"]] == pytest.approx([np.mean(values), *quartiles])
        assert row["fence"] == pytest.approx(quartiles[2] + 1.5 * (quartiles[2] - quartiles[0]))
        assert row["outliers"] == sum(value > row["fence"] for value in values)
        outliers += row["outliers"]
    assert analytics.outliers("statements", by).num_rows == outliers
    everything = [row["statements"] for row in functions]
    bins = analytics.histogram("statements", by, bins=4).to_pylist()
    expected, edges = np.histogram(everything, bins=4)
    assert [sum(row["count"] for row in bins if row["bin"] == number) for number in range(4)] == expected.tolist()
    assert all((row["low"], row["high"]) == pytest.approx((edges[row["bin"]], edges[row["bin"] + 1])) for row in bins)


def test_a_measure_that_is_none_is_refused(analytics: Analytics) -> None:
    """What is no number of `measures`, and what nothing is grouped by, is named with what there is."""
    with pytest.raises(UnknownMetric, match="cognitive"):
        analytics.distribution("file_path")
    with pytest.raises(UnknownMetric, match="package"):
        analytics.histogram("lines", "author; DROP TABLE nodes")
    assert analytics.histogram("unreachable", bins=3)["bin"].to_pylist() == [0, 0]


def test_references_to_other_projects(analytics: Analytics) -> None:
    """A call into the library is there with its place, and linked to the symbol that it means."""
    (call,) = [row for row in analytics.table("refs").to_pylist() if row["edge_type"] == "call"]
    nodes = {row["id"]: row["qualified_name"] for row in analytics.table("nodes").to_pylist()}
    assert (call["project"], call["caller"], call["line"], call["provider"], call["state"]) == ("app", "app.main.use", 5, "lib", "linked")
    assert (nodes[call["caller_id"]], nodes[call["symbol_id"]], call["name"]) == ("app.main.use", "lib.offer", "lib.offer")


def test_snapshots(analytics: Analytics) -> None:
    """A recorded state is there with what it held."""
    ((project, label, files, nodes),) = analytics.rows("SELECT project, label, files, nodes FROM snapshots")[1]
    assert (project, label, files) == ("app", "first", 3)
    assert analytics.rows("SELECT count(*) FROM nodes WHERE project = 'app' AND file_path IS NOT NULL")[1] == [(nodes,)]


def columns(table: pa.Table, *names: str) -> list[Any]:
    """Return columns as lists."""
    return [table[name].to_pylist() for name in names]


def test_metrics_of_networkx_are_networkx_s_own(tmp_path: Path) -> None:
    """On the real graph of a part of networkx's source, every metric is what networkx computes, within 1e-6."""
    with Workspace.open(tmp_path / "nx.db") as workspace:
        workspace.index(Path(nx.__file__).parent / "algorithms" / "flow")
        with Analytics.connect(workspace) as analytics:
            graph = analytics.graph()
            ids, names = columns(analytics.table("metrics"), "id", "pagerank")
    theirs = nx.DiGraph()
    theirs.add_nodes_from(graph.ids.tolist())
    theirs.add_edges_from(zip(graph.ids[graph.sources].tolist(), graph.ids[graph.indices].tolist(), strict=True))
    assert len(theirs) > 100
    assert theirs.number_of_edges() > 100
    order = graph.ids.tolist()

    def listed(values: dict[int, float]) -> list[float]:
        return [values[node] for node in order]

    ranks = nx.pagerank(theirs, tol=1e-12)
    assert names == pytest.approx([ranks[node] for node in ids], abs=1e-6)
    assert pagerank(graph) == pytest.approx(listed(ranks), abs=1e-6)
    assert degrees.in_degrees(graph).tolist() == listed(dict(theirs.in_degree()))
    paths = path_metrics(graph)
    assert paths.is_exact
    assert paths.betweenness == pytest.approx(listed(nx.betweenness_centrality(theirs)), abs=1e-6)
    assert paths.closeness == pytest.approx(listed(nx.closeness_centrality(theirs)), abs=1e-6)
    found = hits(graph, rounds=20_000)  # two parts of this graph nearly tie
    assert found is not None
    assert found.authorities == pytest.approx(listed(nx.hits(theirs)[1]), abs=1e-6)
    assert int(components.strong_components(graph).max()) + 1 == nx.number_strongly_connected_components(theirs)
