"""Graphs: the symbols of an open database as networkx graphs, and what is asked of them.

Every function takes an open `Workspace` or `IntelStore`, or the `StoreFile` of one, and reads one consistent state of it.
networkx is loaded only by what returns a graph, or needs one to answer.
"""

from __future__ import annotations

from lestockage.graph.cycles import Cycle, cycles, import_cycles, strongly_connected_components
from lestockage.graph.dependency_matrix import DependencyMatrix, ModuleGroup, dependency_matrix, module_references
from lestockage.graph.impact import impact
from lestockage.graph.paths import Step, paths
from lestockage.graph.program import call_graph, import_graph, inheritance_graph, program_graph
from lestockage.graph.reach import Reach, Reached, callees, callers
from lestockage.graph.statements import control_flow_graph, program_dependence_graph
from lestockage.graph.storing import store_graph
from lestockage.graph.subgraph import subgraph_by_file, subgraph_by_symbol
from lestockage.graph.unused import EntryPoint, Unused, entry_points, unused_symbols

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
