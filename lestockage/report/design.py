"""Design: what is compared of two states of a project: functions, references between modules, cycles, unused code."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.graph.complexity import complexity
from lestockage.graph.cycles import cycles, import_cycles
from lestockage.graph.dependency_matrix import module_references
from lestockage.languages.facts import is_anonymous
from lestockage.store.projects import get_project
from lestockage.workspace.unused import find_unused

if TYPE_CHECKING:
    from lestockage.languages.python.metrics.aggregate import SymbolMetrics
    from lestockage.store.connection import StoreFile

HARD = 10
"""Cyclomatic complexity above which McCabe, "A complexity measure", 1976, advises to split a function."""


class Design(NamedTuple):
    """One state. Functions and unused definitions are keyed by (path, qualified name, ordinal) and (path, qualified name).

    `imports` and `calls` are cycles of more than one member, each as its members' qualified names with a shortest way round.
    """

    files: int
    lines: int
    functions: dict[tuple[str, str, int], SymbolMetrics]
    references: dict[tuple[str, str], int]
    imports: dict[frozenset[str], tuple[str, ...]]
    calls: dict[frozenset[str], tuple[str, ...]]
    unused: dict[tuple[str, str], str]

    @property
    def complexity(self) -> int:
        """The cyclomatic complexity of all functions together."""
        return sum(metrics.cyclomatic for metrics in self.functions.values())

    @property
    def hard(self) -> int:
        """How many functions are above `HARD`."""
        return sum(metrics.cyclomatic > HARD for metrics in self.functions.values())


def design_of(store: StoreFile, project: str) -> Design:
    """Return the state of a project that a file has."""
    symbols = complexity(store, project)
    importing, calling = (
        {
            frozenset(node.qualified_name for node in cycle.members): tuple(node.qualified_name for node in cycle.circle)
            for cycle in each
            if len(cycle.members) > 1
        }
        for each in (import_cycles(store, project), cycles(store, project))
    )
    modules = [each for each in symbols if each.node.node_type == "module"]
    return Design(
        len(modules),
        sum(each.metrics.lines for each in modules),
        {
            (each.node.file_path, each.node.qualified_name, each.node.ordinal): each.metrics
            for each in symbols
            if each.node.node_type in {"function", "method"} and not is_anonymous(each.node.qualified_name)
        },
        module_references(store, project),
        importing,
        calling,
        {(each.node.file_path or "", each.node.qualified_name): each.sureness for each in find_unused(store, get_project(store, project))},
    )
