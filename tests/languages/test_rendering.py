"""Rendering: expressions as text, and when that is left to the standard library."""

from __future__ import annotations

import ast
import sys

import pytest

from lestockage.languages.python.rendering import render
from tests.languages.surveying import facts, scan, written
from tests.languages.syntax_corpus import EXPRESSIONS


def expression(text: str) -> ast.expr:
    """Return the tree of one expression."""
    return ast.parse(text, mode="eval").body


@pytest.mark.parametrize("text", [entry for entry in EXPRESSIONS if "(yield" not in entry])
def test_any_expression_is_rendered_as_the_standard_library_does(text: str) -> None:
    """What is written here and what is left to `ast.unparse` read alike."""
    assert render(expression(f"({text})")) == ast.unparse(expression(f"({text})"))


@pytest.mark.parametrize(
    "text",
    [
        "(a + b).c",
        "(lambda: 0)()",
        "(a or b)[0]",
        "'x'.join(a)",
        "1 .real",
        "a[()]",
        "a[b,]",
        "a[*b, c]",
        "(a,)",
        "()",
        "{**a, b: c}",
        "a | b | None | 'C' | d.e[f]",
        "(a + b) | c",
        "a | (b | c)",
        "a | -1",
        "(a if b else c) | d",
        "-1",
        "1e999",
        "u'x'",
        "f'{a!r:>{b}}'",
        "not a",
        "[*a, (b, c)]",
        "f(x for x in y)",
        "f((yield), *a, k=(b := c), **d)",
        "{(a, b): [c], None: ..., True: b'x'}",
    ],
)
def test_parentheses_stand_where_they_are_needed(text: str) -> None:
    """Nested in each other, both ways of writing agree too."""
    assert render(expression(text)) == ast.unparse(expression(text))


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters and aliases came with Python 3.12")
def test_type_parameters_are_scopes_of_their_own() -> None:
    """A type parameter is part of the signature, bound in the unit, and hides what is outside from the head."""
    text = "def f[T: int](a: T, b: U) -> T: pass\nclass C[T](B[T]): pass\ntype X[K] = dict[K, int]\n"
    assert [found.signature for found in scan(text).symbols[1:]] == ["def f[T: int](a: T, b: U) -> T", "class C[T](B[T])", None]
    found = facts(text, "f")
    assert [written(typed.type) for typed in found.parameters] == ["bound:T", "name:U"]
    assert "T" in dict(found.bindings)["assignment"]
    assert "X" in dict(facts(text).bindings)["assignment"]
