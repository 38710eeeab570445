"""Cycles: groups of symbols that reach each other, and for each group a shortest way round it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.graph.build import collector_paused
from lestockage.graph.handle import project_ids, store_of
from lestockage.graph.program import import_graph
from lestockage.graph.typing_imports import TYPING_MODULES, typing_only
from lestockage.store.bulk_rows import stream_edge_rows
from lestockage.store.frontier_rows import nodes_by_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import networkx

    from lestockage.graph.build import ProgramGraph
    from lestockage.graph.handle import Handle
    from lestockage.store.connection import StoreFile
    from lestockage.store.node_rows import NodeRow


class Cycle(NamedTuple):
    """A strongly connected component: its `members` by qualified name, and a shortest circle in it, from its first member by name."""

    members: tuple[NodeRow, ...]
    circle: tuple[NodeRow, ...]


def strongly_connected_components(handle: Handle, *projects: str, edge_types: Sequence[str] = ("call",)) -> list[list[NodeRow]]:
    """Return the groups of symbols each of which reaches every other along edges of some types, largest first; single symbols are left out.

    A symbol that refers to itself is a group of its own.

    Raises:
        UnknownProject: there is no project of that name.
        UnknownType: there is no such edge type.
    """
    return [list(cycle.members) for cycle in cycles(handle, *projects, edge_types=edge_types)]


def cycles(handle: Handle, *projects: str, edge_types: Sequence[str] = ("call",)) -> list[Cycle]:
    """Return the cycles of calls (or of other edge types), largest first, then by name: recursion and mutual recursion.

    Raises:
        UnknownProject: there is no project of that name.
        UnknownType: there is no such edge type.
    """
    import networkx  # noqa: PLC0415  # costs 200 ms

    store = store_of(handle)
    graph: networkx.DiGraph[int] = networkx.DiGraph()
    with collector_paused(), store.snapshot():
        for project_id in project_ids(store, projects):
            for links in stream_edge_rows(store, project_id, edge_types, columns="e.caller_id, e.callee_id"):
                graph.add_edges_from(row[:2] for row in links)
        groups = _groups(graph)
        rows = {node.id: node for node in nodes_by_id(store, {node_id for group in groups for node_id in group})}
    return _described(graph, groups, rows)


def import_cycles(handle: Handle, *projects: str, with_deferred: bool = False, with_typing: bool = False) -> list[Cycle]:
    """Return the cycles of modules that import each other at their top level when they run.

    `with_deferred` counts imports inside functions too, `with_typing` those that only type checkers see (under `if TYPE_CHECKING`).

    Raises:
        UnknownProject: there is no project of that name.
        CorruptAnalysis: what is stored of a module's flow cannot be read.
    """
    import networkx  # noqa: PLC0415  # costs 200 ms

    store = store_of(handle)
    graph: networkx.DiGraph[int] = networkx.DiGraph()
    with store.snapshot():
        imports = import_graph(store, *projects)
        # A package that imports from itself (`from . import part`) is no cycle.
        graph.add_edges_from((a, b) for a, b, facts in imports.edges(data=True) if a != b and (with_deferred or not facts["is_deferred"]))
        groups = _groups(graph)
        if groups and not with_typing:
            graph.remove_edges_from(_seen_by_type_checkers(store, imports, groups, with_deferred=with_deferred))
            groups = _groups(graph)
        rows = {node.id: node for node in nodes_by_id(store, {node_id for group in groups for node_id in group})}
    return _described(graph, groups, rows)


def _seen_by_type_checkers(
    store: StoreFile, imports: ProgramGraph, groups: Iterable[set[int]], *, with_deferred: bool
) -> list[tuple[int, int]]:
    """Return those pairs of modules in one group of which the first imports the second for type checkers alone."""
    found = []
    for group in groups:
        for module in nodes_by_id(store, group):
            lines: dict[int, set[int]] = {}
            typing_lines: list[int] = []
            runs: set[int] = set()
            for _, target, facts in imports.out_edges(module.id, data=True):
                if facts["is_deferred"]:
                    runs.add(target)
                    continue
                lines.setdefault(target, set()).add(facts["site_line"])
                typing_lines += [facts["site_line"]] if facts["imported"] in TYPING_MODULES else []
            targets = group.intersection(lines).difference(runs if with_deferred else ())
            skipped = typing_only(store, module, {line for target in targets for line in lines[target]}, typing_lines)
            found += [(module.id, target) for target in targets if lines[target] <= skipped]
    return found


def _groups(graph: networkx.DiGraph[int]) -> list[set[int]]:
    import networkx  # noqa: PLC0415  # loaded by the caller

    return [
        group
        for group in networkx.strongly_connected_components(graph)
        if len(group) > 1 or graph.has_edge(next(iter(group)), next(iter(group)))
    ]


def _described(graph: networkx.DiGraph[int], groups: Iterable[set[int]], rows: dict[int, NodeRow]) -> list[Cycle]:
    found = []
    for group in groups:
        members = sorted((rows[node_id] for node_id in group), key=lambda node: (node.qualified_name, node.id))
        circle = _circle(graph, group, [node.id for node in members])
        found.append(Cycle(tuple(members), tuple(rows[node_id] for node_id in circle)))
    return sorted(found, key=lambda cycle: (-len(cycle.members), cycle.members[0].qualified_name, cycle.members[0].id))


def _circle(graph: networkx.DiGraph[int], group: set[int], order: list[int]) -> list[int]:
    """Return the nodes of a shortest way from the first member back to it, found breadth first; neighbours are tried by name."""
    start = order[0]
    rank = {node_id: place for place, node_id in enumerate(order)}
    before: dict[int, int] = {}
    frontier = [start]
    for node_id in frontier:
        for further in sorted(group.intersection(graph.successors(node_id)), key=rank.__getitem__):
            if further == start:
                walk = [node_id]
                while walk[-1] != start:
                    walk.append(before[walk[-1]])
                return walk[::-1]
            if further not in before:
                before[further] = node_id
                frontier.append(further)
    raise AssertionError("a member of a strongly connected group reaches itself")
