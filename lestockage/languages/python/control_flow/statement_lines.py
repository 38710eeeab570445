"""Statement lines: on which line each of a unit's own statements begins, apart from the flow graph, which knows no lines.

Layout and comments move lines and nothing else, so the lines are kept with the file's places, a few bytes for each unit: for each statement
in the order of the flow graph's numbers, how many lines it begins after the one before (the first: after the unit's first line) as one
byte; 255 says that the four bytes that follow hold the number, the highest first.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lestockage.errors import CorruptAnalysis
from lestockage.languages.python.control_flow.flow import own_statements

if TYPE_CHECKING:
    from lestockage.languages.python.unit import Code

_LONG = 255
_TRIES = (ast.Try, *([ast.TryStar] if hasattr(ast, "TryStar") else []))
_BODIES = frozenset({ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Match, *_TRIES})


def statement_lines(node: Code, first_line: int) -> bytes:
    """Return the encoded lines of a unit that begins on `first_line`, decorators included."""
    lines: list[int] = []
    _collect(own_statements(node), lines)
    encoded = bytearray()
    before = first_line
    for line in lines:
        step = line - before if line > before else 0  # none begins before the one before it, but in a tree that was made by hand
        before += step
        if step < _LONG:
            encoded.append(step)
        else:
            encoded.append(_LONG)
            encoded += step.to_bytes(4, "big")
    return bytes(encoded)


def _collect(statements: list[ast.stmt], lines: list[int]) -> None:
    """Add the line of every statement in the order of `statements.body`."""
    for statement in statements:
        lines.append(statement.lineno)
        kind = type(statement)
        if kind not in _BODIES:
            continue
        if kind is ast.Match:
            for case in statement.cases:  # type: ignore[attr-defined]  # by exact type, which the checker does not follow
                lines.append(case.pattern.lineno)
                _collect(case.body, lines)
            continue
        _collect(statement.body, lines)  # type: ignore[attr-defined]
        if kind in _TRIES:
            for handler in statement.handlers:  # type: ignore[attr-defined]
                lines.append(handler.lineno)
                _collect(handler.body, lines)
            _collect(statement.orelse, lines)  # type: ignore[attr-defined]
            _collect(statement.finalbody, lines)  # type: ignore[attr-defined]
        elif kind is not ast.With and kind is not ast.AsyncWith and statement.orelse:  # type: ignore[attr-defined]
            _collect(statement.orelse, lines)  # type: ignore[attr-defined]


def decode_lines(data: bytes, first_line: int) -> list[int]:
    """Return the absolute line of each statement of a unit that begins on `first_line`.

    Raises:
        CorruptAnalysis: the bytes end within a number.
    """
    lines = []
    line = first_line
    place = 0
    while place < len(data):
        step = data[place]
        place += 1
        if step == _LONG:
            if place + 4 > len(data):
                raise CorruptAnalysis("lines", "they end within a number")
            step = int.from_bytes(data[place : place + 4], "big")
            place += 4
        line += step
        lines.append(line)
    return lines
