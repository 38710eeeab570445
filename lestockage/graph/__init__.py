"""Graphs: the symbols of an open database as networkx graphs, and what is asked of them.

Every function takes an open `Workspace` or `IntelStore`, or the `StoreFile` of one, and reads one consistent state of it.
networkx is loaded only by what returns a graph, or needs one to answer; the graphs of statements, with the analysis of code behind them,
when they are first named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.graph.cycles import Cycle, cycles, import_cycles, strongly_connected_components
from lestockage.graph.dependency_matrix import DependencyMatrix, ModuleGroup, dependency_matrix, module_references
from lestockage.graph.impact import impact
from lestockage.graph.paths import Step, paths
from lestockage.graph.program import call_graph, import_graph, inheritance_graph, program_graph
from lestockage.graph.reach import Reach, Reached, callees, callers
from lestockage.graph.storing import store_graph
from lestockage.graph.subgraph import subgraph_by_file, subgraph_by_symbol
from lestockage.graph.unused import EntryPoint, Unused, entry_points, unused_symbols

if TYPE_CHECKING:
    from lestockage.graph.statements import control_flow_graph as control_flow_graph
    from lestockage.graph.statements import program_dependence_graph as program_dependence_graph

__all__ = [
    "Cycle",
    "DependencyMatrix",
    "EntryPoint",
    "ModuleGroup",
    "Reach",
    "Reached",
    "Step",
    "Unused",
    "call_graph",
    "callees",
    "callers",
    "control_flow_graph",
    "cycles",
    "dependency_matrix",
    "entry_points",
    "impact",
    "import_cycles",
    "import_graph",
    "inheritance_graph",
    "module_references",
    "paths",
    "program_dependence_graph",
    "program_graph",
    "store_graph",
    "strongly_connected_components",
    "subgraph_by_file",
    "subgraph_by_symbol",
    "unused_symbols",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401  # whatever the name stands for
    if name not in {"control_flow_graph", "program_dependence_graph"}:
        raise AttributeError(f"module 'lestockage.graph' has no attribute {name!r}")
    from lestockage.graph import statements  # noqa: PLC0415  # as above

    return getattr(statements, name)
