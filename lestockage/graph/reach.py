"""Reach: what is found from some symbols, step by step, each with how it was reached; and callers and callees to any depth."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.graph.crossing import references_into, references_out_of
from lestockage.graph.handle import nodes_of, store_of
from lestockage.store.frontier_rows import nodes_by_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lestockage.graph.handle import Handle, Symbol
    from lestockage.store.edge_rows import EdgeRow
    from lestockage.store.node_rows import NodeRow


class Reached(NamedTuple):
    """A node, how many steps away it is, and how it was reached first.

    `relation` says in a word what the node does to `cause`, the node one step nearer: "calls", "imports", …; both are empty for a node that
    was asked about. `edge` is the row behind it, where there is one; of several, the surest.
    """

    node: NodeRow
    distance: int
    relation: str
    cause: int | None
    edge: EdgeRow | None


class Reach:
    """Everything reached, nearest first, by qualified name where equally near; `rows_read` is how many rows that took."""

    __slots__ = ("_found", "rows_read")

    def __init__(self, found: Mapping[int, Reached], rows_read: int) -> None:
        self._found = dict(sorted(found.items(), key=lambda item: (item[1].distance, item[1].node.qualified_name, item[0])))
        self.rows_read = rows_read

    def __iter__(self) -> Iterator[Reached]:
        return iter(self._found.values())

    def __len__(self) -> int:
        return len(self._found)

    def __contains__(self, node_id: object) -> bool:
        return node_id in self._found

    def __getitem__(self, node_id: int) -> Reached:
        return self._found[node_id]

    def path(self, node_id: int) -> list[Reached]:
        """Return the steps that explain why a node is here, from the symbol that was asked about to the node.

        Raises:
            KeyError: the node was not reached.
        """
        steps = [self._found[node_id]]
        while (cause := steps[-1].cause) is not None:
            steps.append(self._found[cause])
        return steps[::-1]


def surest(edges: Iterable[EdgeRow]) -> list[EdgeRow]:
    """Return edges so that the surest comes first, in an order that depends on nothing but the rows."""
    return sorted(edges, key=lambda row: (-row[5], row[:5]))


def callers(handle: Handle, symbol: Symbol, depth: int | None = 1, *, project: str | None = None) -> Reach:
    """Return who calls a symbol, and who calls those, up to `depth` calls away (None: as far as it goes).

    Raises:
        UnknownSymbol, AmbiguousSymbol, UnknownProject: as for every symbol that is named.
    """
    return _calls(handle, symbol, depth, project, is_up=True)


def callees(handle: Handle, symbol: Symbol, depth: int | None = 1, *, project: str | None = None) -> Reach:
    """Return what a symbol calls, and what those call, up to `depth` calls away (None: as far as it goes).

    Raises:
        UnknownSymbol, AmbiguousSymbol, UnknownProject: as for every symbol that is named.
    """
    return _calls(handle, symbol, depth, project, is_up=False)


def _calls(handle: Handle, symbol: Symbol, depth: int | None, project: str | None, *, is_up: bool) -> Reach:
    store = store_of(handle)
    with store.snapshot():
        found = {node.id: Reached(node, 0, "", None, None) for node in nodes_of(store, symbol, project)}
        rows_read = len(found)
        frontier = set(found)
        distance = 0
        while frontier and (depth is None or distance < depth):
            distance += 1
            edges = (references_into if is_up else references_out_of)(store, frontier, ("call",))
            by_end: dict[int, EdgeRow] = {}
            for row in surest(edges):
                by_end.setdefault(row[0] if is_up else row[1], row)
            nodes = nodes_by_id(store, by_end.keys() - found.keys())
            rows_read += len(edges) + len(nodes)
            relation = "calls" if is_up else "is called by"
            for node in nodes:
                edge = by_end[node.id]
                found[node.id] = Reached(node, distance, relation, edge[1] if is_up else edge[0], edge)
            frontier = {node.id for node in nodes}
    return Reach(found, rows_read)
