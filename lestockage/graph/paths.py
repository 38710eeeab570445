"""Paths: the shortest ways from one symbol to another along edges, caller to callee, across projects."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.graph.crossing import references_into, references_out_of
from lestockage.graph.handle import nodes_of, store_of
from lestockage.graph.reach import surest
from lestockage.store.frontier_rows import nodes_by_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lestockage.graph.handle import Handle, Symbol
    from lestockage.store.connection import StoreFile
    from lestockage.store.edge_rows import EdgeRow
    from lestockage.store.node_rows import NodeRow

REFERENCES = ("call", "inheritance", "data_dependency", "import")
"""The edge types that are references; containment is not."""


class Step(NamedTuple):
    """One node of a path, and the edge that leads to it from the node before; the first has none."""

    node: NodeRow
    edge: EdgeRow | None


def paths(  # noqa: PLR0913  # two ends, and four ways to narrow what is between them
    handle: Handle, source: Symbol, target: Symbol, *, edge_types: Sequence[str] = REFERENCES, limit: int = 1, project: str | None = None
) -> list[list[Step]]:
    """Return the shortest paths along which `source` refers to `target`, at most `limit` of them; none when there is no way.

    Grown from both ends by turns, the smaller frontier first, so only what lies around the two is read. Of several edges between two nodes
    the surest is told.

    Raises:
        UnknownSymbol, AmbiguousSymbol, UnknownProject: as for every symbol that is named.
        UnknownType: there is no such edge type.
    """
    store = store_of(handle)
    with store.snapshot():
        start = {node.id for node in nodes_of(store, source, project)}
        targets = {node.id: 0 for node in nodes_of(store, target, project)}
        edges = _between(store, dict.fromkeys(start, 0), targets, edge_types)
        found = list(_walks(sorted(start), targets, edges, limit))
        rows = {node.id: node for node in nodes_by_id(store, {node_id for walk in found for node_id, _ in walk})}
    return [[Step(rows[node_id], edge) for node_id, edge in walk] for walk in found]


def _between(store: StoreFile, below: dict[int, int], above: dict[int, int], types: Sequence[str]) -> dict[int, list[EdgeRow]]:
    """Return edges that hold all shortest paths, by caller, one for each pair of nodes; `below` and `above` gain distances.

    Both searches go level by level until one finds what the other has; then every shortest path runs through the levels there are.
    """
    frontiers = [set(below), set(above)]
    rows: dict[EdgeRow, None] = {}
    while not below.keys() & above.keys():
        if not all(frontiers):
            return {}
        is_down = len(frontiers[0]) <= len(frontiers[1])
        near = below if is_down else above
        found = (references_out_of if is_down else references_into)(store, frontiers[not is_down], types)
        rows.update(dict.fromkeys(found))
        distance = max(near.values()) + 1
        frontier = {row[1] if is_down else row[0] for row in found} - near.keys()
        near.update(dict.fromkeys(frontier, distance))
        frontiers[not is_down] = frontier
    edges: dict[int, list[EdgeRow]] = {}
    seen: set[tuple[int, int]] = set()
    for row in surest(rows):
        if row[:2] not in seen:
            seen.add(row[:2])
            edges.setdefault(row[0], []).append(row)
    return edges


def _walks(
    sources: Sequence[int], targets: dict[int, int], edges: dict[int, list[EdgeRow]], limit: int
) -> Iterator[list[tuple[int, EdgeRow | None]]]:
    """Yield walks along the edges from a source to a node at distance 0 of `targets`, the shortest, at most `limit`."""
    ends = {node for node, distance in targets.items() if distance == 0}
    useful = _leading(edges, ends)
    pending: list[list[tuple[int, EdgeRow | None]]] = [[(source, None)] for source in reversed(sources) if source in useful]
    shortest = min((useful[walk[0][0]] for walk in pending), default=0)
    while pending and limit > 0:
        walk = pending.pop()
        node = walk[-1][0]
        if node in ends:
            limit -= 1
            yield walk
            continue
        further = [row for row in edges.get(node, ()) if row[1] in useful and useful[row[1]] + len(walk) <= shortest]
        pending += [[*walk, (row[1], row)] for row in reversed(further)]


def _leading(edges: dict[int, list[EdgeRow]], ends: set[int]) -> dict[int, int]:
    """Return how many edges each node is from the nearest end."""
    backwards: dict[int, list[int]] = {}
    for caller, rows in edges.items():
        for row in rows:
            backwards.setdefault(row[1], []).append(caller)
    distances = dict.fromkeys(ends, 0)
    frontier = list(ends)
    for node in frontier:
        for caller in backwards.get(node, ()):
            if caller not in distances:
                distances[caller] = distances[node] + 1
                frontier.append(caller)
    return distances
