"""Typing imports: which imports of a module are there for type checkers alone, since `TYPE_CHECKING` is false when it runs.

Asked of the module's stored flow graph; nothing is parsed. A test of `TYPE_CHECKING` says only what that name is: where it never holds,
what nothing else leads to does not run. So `if not TYPE_CHECKING`, `else` and `and` are what they are, and `or` proves nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from lestockage.graph.statements import stored_flow
from lestockage.languages.python.control_flow.kinds import IMPORT, ON_TRUE, TEST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lestockage.languages.python.control_flow.flow_graph import FlowGraph
    from lestockage.store.connection import StoreFile
    from lestockage.store.node_rows import NodeRow

TYPING_MODULES: Final = frozenset({"typing", "typing_extensions"})
_NAME: Final = "TYPE_CHECKING"


def typing_only(store: StoreFile, module: NodeRow, lines: Iterable[int], typing_lines: Iterable[int]) -> set[int]:
    """Return those of some lines with imports whose statements a running module never comes to; none where its flow is not stored.

    Lines count from the module's first, as sites do. `typing_lines` are those with an `import typing` under whatever name.
    """
    flow = stored_flow(store, module)
    if flow is None or module.start_line is None:
        return set()
    skipped = _skipped(flow.graph, {_statement(flow.lines, module.start_line + line) for line in typing_lines})
    return {line for line in lines if _statement(flow.lines, module.start_line + line) in skipped}


def _statement(lines: list[int], line: int) -> int:
    """Return the number of the statement that a line with an import belongs to: the last that begins there or above."""
    return bisect_right(lines, line) - 1


def _skipped(graph: FlowGraph, importing: set[int]) -> set[int]:
    """Return the statements that run only where `TYPE_CHECKING` holds; `importing` are those that import `typing` as a whole."""
    modules = {name for point in graph.points if point.kind == IMPORT and point.statement in importing for name in point.defines}
    names = {number for number, name in enumerate(graph.names) if name == _NAME} | modules
    tests = {place for place, point in enumerate(graph.points) if point.kind == TEST and len(point.uses) == 1 and point.uses[0] in names}
    if not tests:
        return set()
    running = graph._replace(edges=tuple(edge for edge in graph.edges if edge.source not in tests or edge.kind != ON_TRUE))
    reached = running.reachable()
    runs = {point.statement for place, point in enumerate(graph.points) if place in reached}
    return {graph.points[place].statement for place in graph.reachable()} - runs
