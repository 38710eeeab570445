"""Complexity: the metrics of symbols, files and projects from what is stored of their code; nothing is parsed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.graph.handle import project_ids, store_of
from lestockage.languages.python.metrics.aggregate import Part, group_metrics, symbol_metrics
from lestockage.languages.python.metrics.measures import decode
from lestockage.store.analysis_cache import measured_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lestockage.graph.handle import Handle
    from lestockage.languages.python.metrics.aggregate import GroupMetrics, SymbolMetrics
    from lestockage.store.analysis_cache import MeasuredNode


class MeasuredSymbol(NamedTuple):
    """A symbol and its metrics."""

    node: MeasuredNode
    metrics: SymbolMetrics


class _Tree:
    """A unit while what is nested in it is gathered."""

    __slots__ = ("nested", "node")

    def __init__(self, node: MeasuredNode) -> None:
        self.node = node
        self.nested: list[_Tree] = []

    def part(self) -> Part:
        node = self.node
        nested = tuple([each.part() for each in self.nested])
        return Part(node.node_type, decode(node.complexity_metrics), node.end_line - node.start_line + 1, nested)


def complexity(handle: Handle, *projects: str) -> list[MeasuredSymbol]:
    """Return the metrics of every module, class, function and method of the projects, or of all, in the order of files and lines.

    Raises:
        UnknownProject: there is none of that name.
        CorruptAnalysis: what is stored cannot be read.
    """
    found = []
    for root in _roots(handle, projects):
        waiting = [(root, root.part())]
        while waiting:
            tree, part = waiting.pop()
            found.append(MeasuredSymbol(tree.node, symbol_metrics(part)))
            waiting += list(zip(tree.nested, part.nested, strict=True))[::-1]
    return found


def file_complexity(handle: Handle, *projects: str) -> dict[tuple[int, str], GroupMetrics]:
    """Return the metrics of every file, by project id and path. Raises as `complexity`."""
    return {(root.node.project_id, root.node.file_path): group_metrics([root.part()]) for root in _roots(handle, projects)}


def project_complexity(handle: Handle, *projects: str) -> dict[int, GroupMetrics]:
    """Return the metrics of every project by its id. Raises as `complexity`."""
    parts: dict[int, list[Part]] = {}
    for root in _roots(handle, projects):
        parts.setdefault(root.node.project_id, []).append(root.part())
    return {project: group_metrics(found) for project, found in parts.items()}


def _roots(handle: Handle, projects: Sequence[str]) -> Iterator[_Tree]:
    """Yield the module of each file with all that is nested in it: a unit belongs to the nearest around it in name and place."""
    store = store_of(handle)
    with store.snapshot():
        nodes = list(measured_nodes(store, project_ids(store, projects)))
    around: list[_Tree] = []
    for node in nodes:
        tree = _Tree(node)
        while around and not _holds(around[-1].node, node):
            ended = around.pop()
            if not around:
                yield ended
        if around:
            around[-1].nested.append(tree)
        around.append(tree)
    if around:
        yield around[0]


def _holds(outer: MeasuredNode, inner: MeasuredNode) -> bool:
    return (
        (outer.project_id, outer.file_path) == (inner.project_id, inner.file_path)
        and inner.qualified_name.startswith(f"{outer.qualified_name}.")
        and (outer.node_type == "module" or inner.start_line <= outer.end_line)
    )
