"""Measured symbols: the metrics of whole symbols from the stored measures of the units that they are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.languages.facts import is_anonymous
from lestockage.languages.python.metrics.aggregate import Part, symbol_metrics
from lestockage.languages.python.metrics.measures import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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
        kind = "lambda" if is_anonymous(node.qualified_name) else node.node_type
        return Part(kind, decode(node.complexity_metrics), node.end_line - node.start_line + 1, nested)


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
    """Yield the module of each file with all that is nested in it: a unit belongs to the last before it whose name its own continues."""
    root: UnitTree | None = None
    latest: dict[str, UnitTree] = {}
    for node in nodes:
        tree = UnitTree(node)
        if root is not None and (root.node.project_id, root.node.file_path) == (node.project_id, node.file_path):
            holder = _holder(latest, node)
        else:
            holder = None
        if holder is None:
            if root is not None:
                yield root
            root = tree
            latest.clear()
        else:
            holder.nested.append(tree)
        latest[node.qualified_name] = tree
    if root is not None:
        yield root


def _holder(latest: Mapping[str, UnitTree], node: MeasuredNode) -> UnitTree | None:
    """Return the innermost unit around a node; what stands in a definition's head is held by what holds the definition."""
    name = node.qualified_name.rpartition(".")[0]
    while name:
        found = latest.get(name)
        if found is not None and (found.node.node_type == "module" or node.start_line <= found.node.end_line):
            return found
        name = name.rpartition(".")[0]
    return None
