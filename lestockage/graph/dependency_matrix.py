"""Dependency matrix: how often groups of modules refer to each other, in an order that puts users before what they use.

A design structure matrix (Steward, "The Design Structure System", 1981): where an order exists in which nothing refers to what stands
before it, every reference lies above the diagonal. What lies below it closes a circle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from lestockage.graph.build import collector_paused
from lestockage.graph.handle import project_ids, store_of
from lestockage.store.bulk_rows import stream_edge_rows, stream_node_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    import networkx

    from lestockage.graph.handle import Handle
    from lestockage.store.connection import StoreFile

REFERENCES = ("call", "inheritance", "data_dependency", "import")
"""The edge types that make one symbol depend on another: all but containment."""

File: TypeAlias = tuple[int, str]
"""A project's id, and a path."""


class ModuleGroup(NamedTuple):
    """Modules that stand together: `name` is the dotted name that all of them begin with, `modules` how many there are.

    `circle` is None, or the number of the circle that the group lies in: groups of one circle reach each other.
    """

    name: str
    modules: int
    circle: int | None


class DependencyMatrix(NamedTuple):
    """The groups in their order, and how many references lead from the group at one place to that at another; 0 is left out."""

    groups: tuple[ModuleGroup, ...]
    references: dict[tuple[int, int], int]

    @property
    def upward(self) -> dict[tuple[int, int], int]:
        """The references that lead to a group before their own, against the order."""
        return {pair: count for pair, count in self.references.items() if pair[1] < pair[0]}


def dependency_matrix(
    handle: Handle, *projects: str, limit: int = 24, outside: Collection[str] = (), edge_types: Sequence[str] = REFERENCES
) -> DependencyMatrix:
    """Return the matrix of the projects' modules, or of those of all, in at most `limit` groups (one for each top name at least).

    The group of most modules is split by the next part of their names, again and again, as long as the limit allows it and the group has
    more than its share of the modules. Files at the paths
    `outside` are left out. The order is that of the groups' own graph; within a circle, that of Eades, Lin and Smyth, "A fast and effective
    heuristic for the feedback arc set problem", 1993, by the number of references.

    Raises:
        UnknownProject: there is no project of that name.
        UnknownType: there is no such edge type.
    """
    import networkx  # noqa: PLC0415  # costs 200 ms

    modules, pairs = _module_pairs(store_of(handle), projects, edge_types)
    modules = {key: name for key, name in modules.items() if key[1] not in outside}
    group_of = _groups(modules, limit)
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_nodes_from(sorted(set(group_of.values())))
    counts: dict[tuple[str, str], int] = {}
    for (source, target), count in pairs.items():
        if source in group_of and target in group_of and group_of[source] != group_of[target]:
            ends = group_of[source], group_of[target]
            counts[ends] = counts.get(ends, 0) + count
    graph.add_weighted_edges_from((a, b, count) for (a, b), count in counts.items())
    order, circles = _ordered(graph)
    sizes: dict[str, int] = {}
    for name in group_of.values():
        sizes[name] = sizes.get(name, 0) + 1
    place = {name: number for number, name in enumerate(order)}
    return DependencyMatrix(
        tuple([ModuleGroup(name, sizes[name], circles.get(name)) for name in order]),
        {(place[a], place[b]): count for (a, b), count in counts.items()},
    )


def module_references(handle: Handle, *projects: str, edge_types: Sequence[str] = REFERENCES) -> dict[tuple[str, str], int]:
    """Return how often one module refers to another, by their names, for every pair of different ones that do.

    Raises:
        UnknownProject: there is no project of that name.
    """
    modules, pairs = _module_pairs(store_of(handle), projects, edge_types)
    found: dict[tuple[str, str], int] = {}
    for ends, count in pairs.items():
        source, target = (modules.get(end) for end in ends)
        if source is not None and target is not None and source != target:
            found[source, target] = found.get((source, target), 0) + count
    return found


def _module_pairs(
    store: StoreFile, projects: Sequence[str], edge_types: Sequence[str]
) -> tuple[dict[File, str], dict[tuple[File, File], int]]:
    """Return the name of the module in each file, and how many references lead from one file to another."""
    file_of: dict[int, File] = {}
    names: dict[File, str] = {}
    pairs: dict[tuple[File, File], int] = {}
    with collector_paused(), store.snapshot():
        ids = project_ids(store, projects)
        for project_id in ids:
            for rows in stream_node_rows(store, project_id, columns="n.id, n.file_path, n.node_type, n.qualified_name"):
                for node_id, path, kind, name in rows:
                    if path is not None:
                        file_of[node_id] = (project_id, path)
                    if path is not None and kind == "module":
                        names[project_id, path] = name
        for project_id in ids:
            for links in stream_edge_rows(store, project_id, edge_types, columns="e.caller_id, e.callee_id"):
                for caller, callee, *_ in links:
                    source, target = file_of.get(caller), file_of.get(callee)
                    if source is not None and target is not None and source != target:
                        pairs[source, target] = pairs.get((source, target), 0) + 1
    return names, pairs


def _groups(names: dict[File, str], limit: int) -> dict[File, str]:
    """Return the group of each module."""
    groups: dict[str, list[File]] = {}
    for key, name in names.items():
        groups.setdefault(name.partition(".")[0], []).append(key)
    whole: set[str] = set()  # groups that are not split any further
    while True:
        widest = max((name for name in groups if name not in whole), key=lambda name: (len(groups[name]), name), default=None)
        if widest is None or len(groups[widest]) <= max(1, len(names) // limit):
            return {key: group for group, keys in groups.items() for key in keys}
        whole.add(widest)  # a package's own module, which keeps the package's name, is whole anyhow
        for parts in _splits(widest, groups[widest], names):
            if len(groups) - 1 + len(parts) <= limit and len(parts) > 1:
                del groups[widest]
                groups.update(parts)
                break


def _splits(group: str, keys: list[File], names: dict[File, str]) -> Iterator[dict[str, list[File]]]:
    """Yield how a group may be split: into its modules and packages, or else into its packages, its modules kept together."""
    depth = group.count(".") + 2
    parts: dict[str, list[File]] = {}
    for key in keys:
        parts.setdefault(".".join(names[key].split(".")[:depth]), []).append(key)
    yield parts
    packages: dict[str, list[File]] = {}
    for name, members in parts.items():
        packages.setdefault(name if len(members) > 1 else group, []).extend(members)
    yield packages


def _ordered(graph: networkx.DiGraph[str]) -> tuple[list[str], dict[str, int]]:
    """Return the groups, users first, and the number of the circle of each that lies in one, in this order."""
    import networkx  # noqa: PLC0415  # loaded by the caller

    condensed = networkx.condensation(graph)
    members = {number: sorted(facts["members"]) for number, facts in condensed.nodes(data=True)}
    order: list[str] = []
    circles: dict[str, int] = {}
    found = 0
    for number in networkx.lexicographical_topological_sort(condensed, key=lambda number: members[number][0]):
        group = members[number]
        if len(group) > 1:
            circles.update(dict.fromkeys(group, found))
            found += 1
        order += _least_feedback(graph, group)
    return order, circles


def _least_feedback(graph: networkx.DiGraph[str], group: list[str]) -> list[str]:
    """Return the members of a circle in an order that leaves few references leading back."""
    left = set(group)
    first: list[str] = []
    last: list[str] = []

    def weight(name: str, *, out: bool) -> int:
        ends = graph.succ[name] if out else graph.pred[name]
        return sum(facts["weight"] for other, facts in ends.items() if other in left)

    while left:
        name = min(left, key=lambda each: (weight(each, out=False) - weight(each, out=True), each))
        sinks = sorted(each for each in left if not weight(each, out=True))
        sources = sorted(each for each in left if not weight(each, out=False))
        if sinks:
            last.append(sinks[-1])
            left.remove(sinks[-1])
        else:
            name = sources[0] if sources else name
            first.append(name)
            left.remove(name)
    return first + last[::-1]
