"""Patterns: the visitors of `match` and of what its cases capture."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lestockage.languages.python.digest import END, NONE, Sink
from lestockage.languages.python.expressions import optional
from lestockage.languages.python.visit import VISITORS, visits

if TYPE_CHECKING:
    from lestockage.languages.python.unit import Unit


@visits(ast.Match)
def match(node: ast.Match, put: Sink, unit: Unit) -> None:
    """Walk a match statement: a decision for each case, less one when some case matches anything (radon's rule)."""
    put("{Match")
    VISITORS[type(node.subject)](node.subject, put, unit)
    for case in node.cases:
        put("{case")
        VISITORS[type(case.pattern)](case.pattern, put, unit)
        optional(case.guard, put, unit)
        for statement in case.body:
            VISITORS[type(statement)](statement, put, unit)
        put(END)
    put(END)
    irrefutable = any(type(case.pattern) is ast.MatchAs and case.pattern.pattern is None for case in node.cases)
    unit.complexity += len(node.cases) - irrefutable


@visits(ast.MatchAs, ast.MatchStar)
def capture(node: ast.MatchAs | ast.MatchStar, put: Sink, unit: Unit) -> None:
    """Note what a capture binds; a wildcard binds nothing."""
    start = len(unit.tokens)
    put("{" + type(node).__name__)
    put(NONE if node.name is None else node.name)
    if type(node) is ast.MatchAs:
        if node.pattern is None:
            put(NONE)
        else:
            VISITORS[type(node.pattern)](node.pattern, put, unit)
    _bind(node.name, node, start, unit)


@visits(ast.MatchMapping)
def mapping(node: ast.MatchMapping, put: Sink, unit: Unit) -> None:
    """Walk a mapping pattern, which may bind the rest."""
    start = len(unit.tokens)
    put("{MatchMapping")
    for key, pattern in zip(node.keys, node.patterns, strict=True):
        VISITORS[type(key)](key, put, unit)
        VISITORS[type(pattern)](pattern, put, unit)
    put(END)
    put(NONE if node.rest is None else node.rest)
    _bind(node.rest, node, start, unit)


@visits(ast.MatchClass)
def class_pattern(node: ast.MatchClass, put: Sink, unit: Unit) -> None:
    """Walk a class pattern with its positional and keyword parts."""
    put("{MatchClass")
    VISITORS[type(node.cls)](node.cls, put, unit)
    for pattern in node.patterns:
        VISITORS[type(pattern)](pattern, put, unit)
    put(END)
    for attribute, pattern in zip(node.kwd_attrs, node.kwd_patterns, strict=True):
        put("=" + attribute)
        VISITORS[type(pattern)](pattern, put, unit)
    put(END)


def _bind(name: str | None, node: ast.pattern, start: int, unit: Unit) -> None:
    if name is not None:
        unit.assigned.append(name)
        if unit.declares:
            unit.declare([name], node, start)
