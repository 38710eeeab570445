"""Encoding: flow graphs and lines as bytes, and back."""

from __future__ import annotations

import ast

import msgpack  # type: ignore[import-untyped]
import pytest

from lestockage.errors import CorruptAnalysis
from lestockage.languages.python.control_flow.encoding import VERSION, decode, encode
from lestockage.languages.python.control_flow.flow import build
from lestockage.languages.python.control_flow.statement_lines import decode_lines, statement_lines
from tests.languages.control_flow.programs import Writer


def test_every_statement_has_its_line() -> None:
    """The lines are those of the statements that the graph numbers, whatever they are."""
    for seed in range(60):
        node = ast.parse("\n\n" + Writer(seed).source()).body[0]
        assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        lines = decode_lines(statement_lines(node, node.lineno), node.lineno)
        wanted = sorted(
            line
            for each in ast.walk(node)
            if each is not node
            for line in [each.pattern.lineno if isinstance(each, ast.match_case) else getattr(each, "lineno", 0)]
            if isinstance(each, (ast.stmt, ast.excepthandler, ast.match_case))
        )
        assert lines == wanted
        graph = decode(encode(build(node)))
        assert {point.statement for point in graph.points} - {-1} <= set(range(len(lines)))


def test_lines_far_apart_survive() -> None:
    """A gap of thousands of lines takes more bytes and is no less exact."""
    node = ast.parse("a = 1\n" + "\n" * 5000 + "b = 2\n" + "\n" * 253 + "c = 3\n" + "\n" * 254 + "d = 4\n")
    assert decode_lines(statement_lines(node, 1), 1) == [1, 5002, 5256, 5511]


def test_lines_that_end_within_a_number_are_refused() -> None:
    """A cut is noticed."""
    with pytest.raises(CorruptAnalysis):
        decode_lines(b"\xff\0\0", 1)


def test_equal_code_has_equal_bytes() -> None:
    """Layout, comments and docstrings leave no trace."""
    plain = ast.parse("def f(a):\n    if a:\n        return 1\n    return 2\n").body[0]
    other = ast.parse('def f(a):\n    "doc"\n    # why\n    if (a):\n\n        return 1\n    return (2)\n').body[0]
    assert isinstance(plain, ast.FunctionDef)
    assert isinstance(other, ast.FunctionDef)
    assert encode(build(plain)) == encode(build(other))


EMPTY = [VERSION, [], b"\0\1\2", [-1] * 3, [], [], [], [], []]


@pytest.mark.parametrize(
    ("place", "value"),
    [(0, 99), (2, b"\0"), (2, b"\0\1\xff"), (3, [0]), (5, [0, 1, 7]), (5, [0, 9]), (7, [0, 9, 0]), (7, [0, 1, 99]), (8, [12]), (1, 5)],
)
def test_damaged_graphs_are_refused(place: int, value: object) -> None:
    """Bytes of another version, or with an index that leads nowhere, raise an error of ours."""
    assert decode(msgpack.packb(EMPTY)).names == ()
    with pytest.raises(CorruptAnalysis):
        decode(msgpack.packb([*EMPTY[:place], value, *EMPTY[place + 1 :]]))
