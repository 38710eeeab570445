"""Complexity: the metrics of symbols, files and projects from what is stored of their code; nothing is parsed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.graph.handle import project_ids, store_of
from lestockage.languages.python.metrics.aggregate import Part, group_metrics
from lestockage.queries.measured_symbols import MeasuredSymbol, measured_symbols, unit_trees
from lestockage.store.analysis_cache import measured_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lestockage.graph.handle import Handle
    from lestockage.languages.python.metrics.aggregate import GroupMetrics
    from lestockage.queries.measured_symbols import UnitTree
    from lestockage.store.analysis_cache import MeasuredNode

__all__ = ["MeasuredSymbol", "complexity", "file_complexity", "project_complexity"]


def complexity(handle: Handle, *projects: str) -> list[MeasuredSymbol]:
    """Return the metrics of every module, class, function, method and lambda of the projects, or of all, in the order of files and lines.

    Raises:
        UnknownProject: there is none of that name.
        CorruptAnalysis: what is stored cannot be read.
    """
    return list(measured_symbols(_nodes(handle, projects)))


def file_complexity(handle: Handle, *projects: str) -> dict[tuple[int, str], GroupMetrics]:
    """Return the metrics of every file, by project id and path. Raises as `complexity`."""
    return {(root.node.project_id, root.node.file_path): group_metrics([root.part()]) for root in _roots(handle, projects)}


def project_complexity(handle: Handle, *projects: str) -> dict[int, GroupMetrics]:
    """Return the metrics of every project by its id. Raises as `complexity`."""
    parts: dict[int, list[Part]] = {}
    for root in _roots(handle, projects):
        parts.setdefault(root.node.project_id, []).append(root.part())
    return {project: group_metrics(found) for project, found in parts.items()}


def _roots(handle: Handle, projects: Sequence[str]) -> Iterator[UnitTree]:
    return unit_trees(_nodes(handle, projects))


def _nodes(handle: Handle, projects: Sequence[str]) -> list[MeasuredNode]:
    store = store_of(handle)
    with store.snapshot():
        return list(measured_nodes(store, project_ids(store, projects)))
