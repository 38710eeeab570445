"""Dependency graph: the memos and cells of a database as a networkx graph, for looking at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.engine.node import Cell, Memo, each

if TYPE_CHECKING:
    from typing import TypeAlias

    import networkx

    from lestockage.engine.node import Node
    from lestockage.engine.runtime import Engine

    Graph: TypeAlias = networkx.DiGraph[int]


def dependency_graph(db: Engine) -> Graph:
    """Every memo in memory and what it read; edges run dependent -> dependency, in the order of reading (`position`).

    Nodes are numbered; each has `label`, `kind` ("memo", "facet", "cell"), `changed_at`, and for memos `verified_at`, `is_green`, `query`.
    """
    import networkx  # noqa: PLC0415  # costs 200 ms, and only this function needs it

    graph: Graph = networkx.DiGraph()
    numbers: dict[Node, int] = {}

    def number(node: Node) -> int:
        if node not in numbers:
            numbers[node] = len(numbers)
            graph.add_node(numbers[node], **_attributes(node))
        return numbers[node]

    pending: list[Node] = [memo for table in db.ingredients for memo in table.entries.values()]
    seen: set[Node] = set(pending)
    while pending:
        node = pending.pop()
        source = number(node)
        for position, dep in enumerate(each(getattr(node, "deps", None))):
            graph.add_edge(source, number(dep), position=position)
            if dep not in seen:
                seen.add(dep)
                pending.append(dep)
    return graph


def _attributes(node: Node) -> dict[str, Any]:
    attributes: dict[str, Any] = {"label": node.describe(), "changed_at": node.changed_at}
    if isinstance(node, Memo):
        return {**attributes, "kind": "memo", "verified_at": node.verified_at, "is_green": node.suspects is None, "query": node.table.name}
    return {**attributes, "kind": "cell" if isinstance(node, Cell) else "facet"}
