"""Graph metrics: equal to networkx's own on random graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lestockage.analytics.graph_metrics import components, degrees
from lestockage.analytics.graph_metrics.compact_graph import CompactGraph
from lestockage.analytics.graph_metrics.coupling import coupling
from lestockage.analytics.graph_metrics.eigenvector import eigenvector
from lestockage.analytics.graph_metrics.hits import hits
from lestockage.analytics.graph_metrics.layers import distances, entry_points, layers
from lestockage.analytics.graph_metrics.pagerank import pagerank
from lestockage.analytics.graph_metrics.shortest_paths import path_metrics, sampled_paths

if TYPE_CHECKING:
    from collections.abc import Sequence

TOLERANCE = 1e-6
few = settings(max_examples=60, deadline=None)


@st.composite
def graphs(draw: st.DrawFn) -> nx.MultiDiGraph[int]:
    """Draw a graph of up to 14 nodes with ids that have gaps, parallel edges and edges to themselves."""
    ids = draw(st.lists(st.integers(1, 10**9), unique=True, max_size=14))
    made: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    made.add_nodes_from(sorted(ids))
    if ids:
        made.add_edges_from(draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=45)))
    return made


def compact(graph: nx.MultiDiGraph[int] | nx.DiGraph[int]) -> CompactGraph:
    """Return a graph of networkx's as a compact one."""
    edges = list(graph.edges())
    return CompactGraph.of_edges(list(graph), [a for a, _ in edges], [b for _, b in edges])


def by_place(graph: nx.MultiDiGraph[int], values: dict[int, float]) -> list[float]:
    """Return values in the order of ids."""
    return [values[node] for node in sorted(graph)]


def parts(numbers: Sequence[int], ids: Sequence[int]) -> set[frozenset[int]]:
    """Return the groups that numbers make."""
    groups: dict[int, set[int]] = {}
    for number, node in zip(numbers, ids, strict=True):
        groups.setdefault(number, set()).add(node)
    return set(map(frozenset, groups.values()))


@few
@given(graphs())
def test_degrees_and_density(graph: nx.MultiDiGraph[int]) -> None:
    """Degrees are those of the simple graph, references those with parallel edges."""
    ours, simple = compact(graph), nx.DiGraph(graph)
    assert degrees.in_degrees(ours).tolist() == by_place(graph, dict(simple.in_degree()))
    assert degrees.out_degrees(ours).tolist() == by_place(graph, dict(simple.out_degree()))
    assert degrees.references_in(ours).tolist() == by_place(graph, dict(graph.in_degree()))
    assert degrees.references_out(ours).tolist() == by_place(graph, dict(graph.out_degree()))
    assert degrees.density(ours) == pytest.approx(nx.density(simple))


@few
@given(graphs())
def test_pagerank(graph: nx.MultiDiGraph[int]) -> None:
    """PageRank is networkx's, and sums to 1."""
    expected = by_place(graph, nx.pagerank(nx.DiGraph(graph), tol=1e-13, max_iter=10_000))
    assert pagerank(compact(graph)) == pytest.approx(expected, abs=TOLERANCE)


@few
@given(graphs())
def test_components(graph: nx.MultiDiGraph[int]) -> None:
    """The components are networkx's, numbered from the largest."""
    ours, ids = compact(graph), sorted(graph)
    strong = components.strong_components(ours)
    assert parts(strong.tolist(), ids) == set(map(frozenset, nx.strongly_connected_components(graph)))
    assert parts(components.weak_components(ours).tolist(), ids) == set(map(frozenset, nx.weakly_connected_components(graph)))
    sizes = components.component_sizes(strong)[np.argsort(strong, kind="stable")]
    assert (np.diff(sizes) <= 0).all()


@few
@given(graphs())
def test_layers_are_longest_ways_down(graph: nx.MultiDiGraph[int]) -> None:
    """A node's layer is the length of the longest way from it in the condensation."""
    ours = compact(graph)
    condensed = nx.condensation(nx.DiGraph(graph))
    longest: dict[int, int] = {}
    for part in reversed(list(nx.topological_sort(condensed))):
        longest[part] = max((longest[below] + 1 for below in condensed.successors(part)), default=0)
    mapping = condensed.graph.get("mapping", {})
    expected = [longest[mapping[node]] for node in sorted(graph)]
    assert layers(ours, components.strong_components(ours)).tolist() == expected


@few
@given(graphs())
def test_distances_from_entry_points(graph: nx.MultiDiGraph[int]) -> None:
    """Entry points are what nothing else refers to; distances are those of breadth-first search."""
    ours, ids = compact(graph), sorted(graph)
    entries = entry_points(ours)
    starts = [ids[place] for place in entries.tolist()]
    assert starts == [node for node in ids if not set(graph.predecessors(node)) - {node}]
    nearest = nx.multi_source_dijkstra_path_length(nx.DiGraph(graph), starts, weight=lambda *_: 1) if starts else {}
    assert distances(ours, entries).tolist() == [nearest.get(node, -1) for node in ids]


@few
@given(graphs())
def test_betweenness_and_closeness(graph: nx.MultiDiGraph[int]) -> None:
    """Exact values are networkx's, and a sample of all nodes is exact."""
    simple = nx.DiGraph(graph)
    between = by_place(graph, nx.betweenness_centrality(simple))
    close = by_place(graph, nx.closeness_centrality(simple))
    ours = compact(graph)
    for found in (path_metrics(ours), path_metrics(ours, exact_work=-1), sampled_paths(ours, np.arange(len(ours)))):
        assert found.betweenness == pytest.approx(between, abs=TOLERANCE)
        assert found.closeness == pytest.approx(close, abs=TOLERANCE)
        assert (found.is_exact, found.bound, found.standard_error.any()) == (True, 0.0, False)


def test_a_sample_is_within_its_bound() -> None:
    """Sampled betweenness is off by less than the stated bound, its closeness by a tenth, and a seed gives the same sample again."""
    graph = nx.gnm_random_graph(300, 1_500, seed=3, directed=True)
    ours = compact(graph)
    seen: list[tuple[int, int]] = []
    found = path_metrics(ours, exact_work=0, samples=120, seed=9, progress=lambda done, total: seen.append((done, total)))
    exact = path_metrics(ours)
    errors = np.abs(found.betweenness - exact.betweenness)
    assert not found.is_exact
    assert (found.sources, len(seen), seen[-1]) == (120, 120, (119, 120))
    assert errors.max() < found.bound < 0.25
    # Of values that are distributed about normally, 95 in 100 lie within two standard errors.
    assert np.mean(errors <= 2 * found.standard_error + 1e-12) > 0.85
    assert np.abs(found.closeness - exact.closeness).max() < 0.1 * exact.closeness.max()
    assert (path_metrics(ours, exact_work=0, samples=120, seed=9).betweenness == found.betweenness).all()


@few
@given(graphs())
def test_eigenvector(graph: nx.MultiDiGraph[int]) -> None:
    """Where both settle the values are networkx's."""
    if not len(graph):
        assert eigenvector(compact(graph)) == pytest.approx([])
        return
    found = eigenvector(compact(graph))
    try:
        expected = nx.eigenvector_centrality(nx.DiGraph(graph), max_iter=1_000, tol=1e-10)
    except nx.PowerIterationFailedConvergence:
        assert found is None
    else:
        assert found == pytest.approx(by_place(graph, expected), abs=TOLERANCE)


def test_a_graph_without_circles_has_no_eigenvector() -> None:
    """The values of a chain never settle, and None says so."""
    assert eigenvector(compact(nx.path_graph(40, create_using=nx.DiGraph))) is None


@few
@given(graphs())
def test_hits(graph: nx.MultiDiGraph[int]) -> None:
    """Hubs and authorities are the leading singular vectors, and networkx's where those are unique."""
    ours = compact(graph)
    found = hits(ours)
    if not ours.edge_count:
        assert found is not None
        assert not found.hubs.any()
        return
    matrix = ours.adjacency.toarray()
    values = np.linalg.svd(matrix, compute_uv=False)
    if found is None:  # it settles slowly where the second value is close to the first
        assert values[1] / values[0] > 0.97
        return
    assert matrix.T @ (matrix @ found.authorities) == pytest.approx(values[0] ** 2 * found.authorities, abs=TOLERANCE)
    if len(values) > 2 and values[1] / values[0] < 0.9:  # networkx needs three nodes
        hubs, authorities = nx.hits(nx.DiGraph(graph))
        assert found.hubs == pytest.approx(by_place(graph, hubs), abs=TOLERANCE)
        assert found.authorities == pytest.approx(by_place(graph, authorities), abs=TOLERANCE)


def test_hubs_that_nearly_tie_do_not_settle() -> None:
    """Two stars of 1,000 and 1,001 nodes are told apart too slowly, and None says so."""
    stars = nx.disjoint_union(nx.star_graph(1_000), nx.star_graph(1_001))
    away = [(a, b) for a, b in stars.edges() if a in {0, 1_001}]
    assert hits(CompactGraph.of_edges(list(stars), [a for a, _ in away], [b for _, b in away])) is None


@few
@given(graphs(), st.data())
def test_coupling(graph: nx.MultiDiGraph[int], data: st.DataObject) -> None:
    """Counted one by one, afferent and efferent groups, internal edges and what follows from them are the same."""
    ids = sorted(graph)
    groups = data.draw(st.lists(st.integers(0, 3), min_size=len(ids), max_size=len(ids)))
    group = dict(zip(ids, groups, strict=True))
    found = coupling(compact(graph), np.array(groups, dtype=np.int64), 4)
    edges = set(graph.edges())
    for number in range(4):
        into = {group[a] for a, b in edges if group[b] == number} - {number}
        out = {group[b] for a, b in edges if group[a] == number} - {number}
        own = sum(1 for a, b in edges if group[a] == group[b] == number and a != b)
        leaving = sum(1 for a, b in edges if group[a] == number != group[b])
        assert (found.afferent[number], found.efferent[number], found.internal[number]) == (len(into), len(out), own)
        nan = float("nan")
        assert found.instability[number] == pytest.approx(len(out) / (len(into) + len(out)) if into or out else nan, nan_ok=True)
        size = groups.count(number)
        assert found.relational_cohesion[number] == pytest.approx((own + 1) / size if size else nan, nan_ok=True)
        assert found.own_share[number] == pytest.approx(own / (own + leaving) if own + leaving else nan, nan_ok=True)


def test_edges_with_an_end_outside_are_left_out() -> None:
    """A compact graph holds the edges between its nodes, and knows where nodes stand."""
    graph = CompactGraph.of_edges([30, 10, 20], [10, 10, 99, 20, 20], [20, 99, 10, 30, 30])
    assert graph.ids.tolist() == [10, 20, 30]
    assert graph.places([30, 10]).tolist() == [2, 0]
    assert (graph.sources.tolist(), graph.indices.tolist(), graph.counts.tolist()) == ([0, 1], [1, 2], [1.0, 2.0])
    with pytest.raises(KeyError, match="99"):
        graph.places([99])
