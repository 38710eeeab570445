"""Kinds: what a point of a flow graph does, and how control gets from one point to the next.

A kind is stored as its place in the tuple, so a tuple only ever grows at its end (`encoding.VERSION` otherwise).
"""

from __future__ import annotations

from typing import Final

POINT_KINDS: Final = (
    # the three that every graph has, in this order: where the unit begins, where it ends, where an exception leaves it
    *("entry", "exit", "raised"),
    # statements
    *("expression", "assign", "return", "raise", "assert", "delete", "import", "define", "pass", "declaration", "break", "continue"),
    # parts of compound statements
    *("test", "iterate", "for", "with", "with_exit", "except", "except_end", "finally", "finally_end", "match", "case"),
    # parts of expressions: an operand that is not always evaluated, `x := ...`, comprehensions, bodies that run later
    *("operand", "walrus", "comprehension", "element", "deferred", "result"),
)
ENTRY, EXIT, RAISED = 0, 1, 2
FIRST: Final = 3
"""The first point that stands for code."""

EXPRESSION, ASSIGN, RETURN, RAISE, ASSERT, DELETE, IMPORT, DEFINE, PASS, DECLARATION, BREAK, CONTINUE = range(3, 15)
TEST, ITERATE, FOR, WITH, WITH_EXIT, EXCEPT, EXCEPT_END, FINALLY, FINALLY_END, MATCH, CASE = range(15, 26)
OPERAND, WALRUS, COMPREHENSION, ELEMENT, DEFERRED, RESULT = range(26, len(POINT_KINDS))

EDGE_KINDS: Final = ("next", "true", "false", "exception", "return", "break", "continue")
NEXT, ON_TRUE, ON_FALSE, ON_EXCEPTION, ON_RETURN, ON_BREAK, ON_CONTINUE = range(len(EDGE_KINDS))

BINDS_WHEN_TRUE: Final = frozenset({FOR, CASE, EXCEPT, COMPREHENSION})
"""Points whose definitions happen only where control leaves by "true": an exhausted loop binds nothing, nor does a case that fails."""
