"""Subgraphs: what is around a symbol or a file, read frontier by frontier, so that the rest of the program is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.graph.build import add_edges, add_nodes, new_graph
from lestockage.graph.handle import nodes_of, project_ids, store_of
from lestockage.store.frontier_rows import edges_among, edges_into, edges_out_of, nodes_by_id, nodes_of_files
from lestockage.store.type_names import require_direction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lestockage.graph.build import ProgramGraph
    from lestockage.graph.handle import Handle, Symbol
    from lestockage.store.type_names import Direction


def subgraph_by_symbol(  # noqa: PLR0913  # a symbol, and how far and along what to go from it
    handle: Handle,
    symbol: Symbol,
    depth: int = 1,
    direction: Direction = "both",
    edge_types: Sequence[str] = (),
    *,
    project: str | None = None,
) -> ProgramGraph:
    """Return the nodes within `depth` edges of a symbol, and every edge among them, of some types or of all.

    `direction` says which edges lead further: "in" to those who refer to a node, "out" to what it refers to, or "both". Depth 0 is the
    symbol alone.

    Raises:
        UnknownSymbol, AmbiguousSymbol, UnknownProject: as for every symbol that is named.
        UnknownType: there is no such direction or edge type.
    """
    require_direction(direction)
    store = store_of(handle)
    graph = new_graph()
    with store.snapshot():
        frontier = {node.id for node in nodes_of(store, symbol, project)}
        found = set(frontier)
        for _ in range(depth):
            ends: set[int] = set()
            if direction != "out":
                ends.update(row[0] for row in edges_into(store, frontier, edge_types))
            if direction != "in":
                ends.update(row[1] for row in edges_out_of(store, frontier, edge_types))
            frontier = ends - found
            if not frontier:
                break
            found |= frontier
        add_nodes(graph, sorted(nodes_by_id(store, found)))
        add_edges(graph, edges_among(store, found, edge_types))
    return graph


def subgraph_by_file(handle: Handle, path: str, edge_types: Sequence[str] = (), *, project: str | None = None) -> ProgramGraph:
    """Return the nodes of a file, every edge that enters or leaves one, and the nodes at the other ends; empty for an unknown path.

    With several projects, a path that more than one has stands for all of them unless `project` is given.

    Raises:
        UnknownProject: there is no project of that name.
        UnknownType: there is no such edge type.
    """
    store = store_of(handle)
    graph = new_graph()
    with store.snapshot():
        ids = project_ids(store, () if project is None else (project,))
        nodes = [node for project_id in ids for node in nodes_of_files(store, project_id, [path])]
        inside = {node.id for node in nodes}
        edges = dict.fromkeys([*edges_into(store, inside, edge_types), *edges_out_of(store, inside, edge_types)])
        beyond = {end for row in edges for end in row[:2]} - inside
        add_nodes(graph, [*nodes, *sorted(nodes_by_id(store, beyond))])
        add_edges(graph, edges)
    return graph
