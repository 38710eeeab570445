"""Statements: the control flow and the dependences within one symbol as networkx graphs, read from `analysis_cache`; nothing is parsed.

Both graphs are `networkx.MultiDiGraph`s over the points of the symbol's flow graph (`languages.python.control_flow`). Node attributes:
`kind` (`POINT_KINDS`), `statement` (its number in the symbol, None for entry, exit and raised), `line` (in the file, None likewise),
`defines` and `uses` (names, as tuples), `suspends`, `reachable`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from lestockage.errors import NotAnalysed
from lestockage.graph.handle import nodes_of, store_of
from lestockage.languages.python.control_flow.dependence import program_dependences
from lestockage.languages.python.control_flow.encoding import decode
from lestockage.languages.python.control_flow.kinds import EDGE_KINDS, POINT_KINDS
from lestockage.languages.python.control_flow.statement_lines import decode_lines
from lestockage.store.analysis_cache import load_analysis, load_lines

if TYPE_CHECKING:
    import networkx as nx

    from lestockage.graph.handle import Handle, Symbol
    from lestockage.languages.python.control_flow.flow_graph import FlowGraph
    from lestockage.store.connection import StoreFile
    from lestockage.store.node_rows import NodeRow

    StatementGraph: TypeAlias = "nx.MultiDiGraph[int]"


class SymbolFlow(NamedTuple):
    """A symbol's flow graph with the line of each of its statements."""

    node: NodeRow
    graph: FlowGraph
    lines: list[int]


def symbol_flow(handle: Handle, symbol: Symbol, *, project: str | None = None) -> SymbolFlow:
    """Return what is stored of the control flow of a symbol: its first definition that has any.

    Raises:
        UnknownSymbol, AmbiguousSymbol, UnknownProject: as for every symbol that is named.
        NotAnalysed: it is no function, class or module of a project, or an older release has indexed it.
        CorruptAnalysis: what is stored cannot be read.
    """
    store = store_of(handle)
    with store.snapshot():
        nodes = nodes_of(store, symbol, project)
        for node in nodes:
            found = stored_flow(store, node)
            if found is not None:
                return found
    first = nodes[0]
    if first.node_type in {"variable", "external"}:
        raise NotAnalysed(first.qualified_name, f"it is {'something outside' if first.node_type == 'external' else 'a variable'}, not code")
    raise NotAnalysed(first.qualified_name, "its file was indexed by an older release, or it is nested too deeply; index the project again")


def stored_flow(store: StoreFile, node: NodeRow) -> SymbolFlow | None:
    """Return what is stored of the control flow of a definition; None for what has none.

    Raises:
        CorruptAnalysis: what is stored cannot be read.
    """
    if node.content_hash is None or node.file_path is None or node.start_line is None:
        return None
    row = load_analysis(store, node.content_hash)
    lines = load_lines(store, node.project_id, node.file_path, node.qualified_name, node.ordinal)
    if row is None or not row.cfg_data:
        return None
    return SymbolFlow(node, decode(row.cfg_data), decode_lines(lines or b"", node.start_line))


def control_flow_graph(handle: Handle, symbol: Symbol, *, project: str | None = None) -> StatementGraph:
    """Return a symbol's control flow graph. Edge attributes: `kind` (`EDGE_KINDS`), `back` (it closes a loop). Keys are the kinds.

    Points 0, 1 and 2 are the entry, the exit, and what an exception leaves by. Raises as `symbol_flow`.
    """
    flow = symbol_flow(handle, symbol, project=project)
    graph = _points(flow)
    for edge in flow.graph.edges:
        kind = EDGE_KINDS[edge.kind]
        graph.add_edge(edge.source, edge.target, kind, kind=kind, back=edge.is_back)
    return graph


def program_dependence_graph(handle: Handle, symbol: Symbol, *, project: str | None = None) -> StatementGraph:
    """Return a symbol's program dependence graph over the same points.

    Edge attributes: `dependence` ("control" or "data"), and `kind`, the way out of the source (`EDGE_KINDS`) that leads to the target, or
    `name`, the variable. Keys are (dependence, kind or name). Raises as `symbol_flow`.
    """
    flow = symbol_flow(handle, symbol, project=project)
    graph = _points(flow)
    found = program_dependences(flow.graph)
    for source, target, number in found.control:
        kind = EDGE_KINDS[number]
        graph.add_edge(source, target, ("control", kind), dependence="control", kind=kind)
    for source, target, number in found.data:
        name = flow.graph.names[number]
        graph.add_edge(source, target, ("data", name), dependence="data", name=name)
    return graph


def _points(flow: SymbolFlow) -> StatementGraph:
    import networkx as nx  # noqa: PLC0415  # 170 ms, for those who want a graph

    node = flow.node
    graph: StatementGraph = nx.MultiDiGraph(
        qualified_name=node.qualified_name, file_path=node.file_path, start_line=node.start_line, end_line=node.end_line
    )
    names = flow.graph.names
    reachable = flow.graph.reachable()
    for index, point in enumerate(flow.graph.points):
        number = point.statement
        graph.add_node(
            index,
            kind=POINT_KINDS[point.kind],
            statement=number if number >= 0 else None,
            line=flow.lines[number] if 0 <= number < len(flow.lines) else None,
            defines=tuple([names[name] for name in point.defines]),
            uses=tuple([names[name] for name in point.uses]),
            suspends=point.suspends,
            reachable=index in reachable,
        )
    return graph
