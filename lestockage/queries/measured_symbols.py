"""Measured symbols: the metrics of whole symbols from the stored measures of the units that they are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.languages.python.metrics.aggregate import Part, symbol_metrics
from lestockage.languages.python.metrics.measures import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lestockage.languages.python.metrics.aggregate import SymbolMetrics
    from lestockage.store.analysis_cache import MeasuredNode


class MeasuredSymbol(NamedTuple):
    """A symbol and its metrics."""

    node: MeasuredNode
    metrics: SymbolMetrics


class UnitTree:
    """A unit with what is nested in it."""

    __slots__ = ("nested", "node")

    def __init__(self, node: MeasuredNode) -> None:
        self.node = node
        self.nested: list[UnitTree] = []

    def part(self) -> Part:
        """Return what metrics are made from.

        Raises:
            CorruptAnalysis: what is stored cannot be read.
        """
        node = self.node
        nested = tuple([each.part() for each in self.nested])
        return Part(node.node_type, decode(node.complexity_metrics), node.end_line - node.start_line + 1, nested)


def measured_symbols(nodes: Iterable[MeasuredNode]) -> Iterator[MeasuredSymbol]:
    """Yield the metrics of every symbol among `measured_nodes`, in their order.

    Raises:
        CorruptAnalysis: what is stored cannot be read.
    """
    for root in unit_trees(nodes):
        waiting = [(root, root.part())]
        while waiting:
            tree, part = waiting.pop()
            yield MeasuredSymbol(tree.node, symbol_metrics(part))
            waiting += list(zip(tree.nested, part.nested, strict=True))[::-1]


def unit_trees(nodes: Iterable[MeasuredNode]) -> Iterator[UnitTree]:
    """Yield the module of each file with all that is nested in it: a unit belongs to the nearest around it in name and place."""
    around: list[UnitTree] = []
    for node in nodes:
        tree = UnitTree(node)
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
