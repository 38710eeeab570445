"""Drawing: what a picture of a graph shows of it: titles, and one line for the parallel edges between two nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lestockage.graph.build import ProgramGraph


def title(node_id: int, facts: Mapping[str, Any]) -> str:
    """Return what a node is called in a picture: its qualified name, or its id where it has none."""
    return str(facts.get("qualified_name") or node_id)


def lines_between(graph: ProgramGraph) -> Iterator[tuple[int, int, str, int]]:
    """Yield (caller, callee, edge type, how many edges that is), each once, in the order of the graph."""
    for caller, callees in graph.adjacency():
        for callee, parallel in callees.items():
            numbers: dict[str, int] = {}
            for facts in parallel.values():
                kind = str(facts.get("edge_type", ""))
                numbers[kind] = numbers.get(kind, 0) + 1
            for kind, number in numbers.items():
                yield caller, callee, kind, number
