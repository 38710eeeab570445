"""Flow: one unit's own code walked once: its flow graph, what it reads and writes of other symbols, and the counts that metrics need."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lestockage.languages.python.control_flow import statements
from lestockage.languages.python.control_flow.builder import Builder
from lestockage.languages.python.control_flow.kinds import ENTRY, EXIT, NEXT, ON_RETURN, RAISED
from lestockage.languages.python.depth import with_room
from lestockage.languages.python.signature import parameter_names

if TYPE_CHECKING:
    from lestockage.languages.python.unit import Code


def build(node: Code) -> Builder:
    """Return the built graph of a unit: a function of its syntax, nested definitions reduced to their heads, docstring left out.

    Raises RecursionError for code that is nested too deeply even for a large stack.
    """
    try:
        return _build(node)
    except RecursionError:
        pass  # and leave the handler, so that the frames it holds are gone
    return with_room(_build, node)


def _build(node: Code) -> Builder:
    if isinstance(node, (ast.Module, ast.ClassDef)):
        b = Builder(annotates=True)
    else:
        b = Builder(annotates=False)
        b.pending_defines += parameter_names(node.args)
    b.point(ENTRY, is_raising=False)
    start, b.frontier = b.frontier, []
    b.point(EXIT, is_raising=False)
    b.frontier = []
    b.point(RAISED, is_raising=False)
    b.frontier = start
    statements.body(own_statements(node), b)
    b.lead(b.frontier, EXIT, NEXT)
    b.lead(b.returns, EXIT, ON_RETURN)
    return b


def own_statements(node: Code) -> list[ast.stmt]:
    """Return a unit's statements without its docstring, which is no part of what its content hash covers; a lambda returns its body."""
    if isinstance(node, ast.Lambda):
        return [ast.Return(node.body, lineno=node.body.lineno, col_offset=node.body.col_offset)]
    body = node.body
    first = body[0] if body else None
    if type(first) is ast.Expr and type(first.value) is ast.Constant and type(first.value.value) is str:
        return body[1:]
    return body
