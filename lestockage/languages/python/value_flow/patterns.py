"""Patterns: the cases of `match`, what they capture, and what they tell of the subject."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lestockage.languages.python.control_flow.statements import irrefutable
from lestockage.languages.python.value_flow.builder import NOTHING
from lestockage.languages.python.value_flow.conditions import condition
from lestockage.languages.python.value_flow.displays import make
from lestockage.languages.python.value_flow.evaluation import value, variable
from lestockage.languages.python.value_flow.names import assign
from lestockage.languages.python.value_flow.narrowing import excluded, narrowed, place_of
from lestockage.languages.python.value_flow.opcodes import BINARY, EXTEND, ITEM, LOAD, MATCH_ARGUMENT, REST, UNPACK
from lestockage.languages.python.value_flow.paths import constant_key
from lestockage.languages.python.value_flow.states import current, merge, refine, restore, snapshot

if TYPE_CHECKING:
    from lestockage.languages.python.value_flow.builder import Builder, Path, State

Body = Callable[[list[ast.stmt], "Builder"], None]


def match(node: ast.Match, b: Builder, body: Body, skip: Body) -> None:
    """Walk a match statement: each case goes on from where the ones before it failed."""
    subject = variable(node.subject, b)
    place = place_of(node.subject, b)
    ends: list[State] = []
    for case in node.cases:
        number = b.number
        b.number = number + 1
        if not b.live:
            skip(case.body, b)
            continue
        b.site = -2 - number
        before = snapshot(b)
        matched = _pattern(case.pattern, subject, b)
        if place is not None:
            _know(place[0], matched, b)
        fails: list[State] = [] if irrefutable(case.pattern) else [before]
        if case.guard is not None:
            holds, unguarded = condition(case.guard, b)
            if unguarded is not None:
                fails.append(snapshot(b))
            if holds is None:
                b.live = False
            else:
                refine(holds, b)
        block, b.block = b.block, b.stands + 1
        b.stands += 1
        body(case.body, b)
        b.block = block
        if b.live:
            ends.append(current(b))
        merge(fails, b)
        if b.live and case.guard is None:
            subject = _otherwise(case.pattern, subject, b)
            if place is not None:
                _know(place[0], subject, b)
    if b.live:
        ends.append(current(b))
    merge(ends, b)


def _know(place: str | Path, found: int, b: Builder) -> None:
    refine([(place, found)], b)


def _otherwise(pattern: ast.pattern, subject: int, b: Builder) -> int:
    """Return what the subject is when a case has failed: no instance of a class that was all it asked for."""
    while type(pattern) is ast.MatchAs and pattern.pattern is not None:
        pattern = pattern.pattern
    if type(pattern) is ast.MatchClass and not pattern.patterns and not pattern.kwd_patterns:
        return excluded(subject, [variable(pattern.cls, b)], b)
    if type(pattern) is ast.MatchOr:
        for each in pattern.patterns:
            subject = _otherwise(each, subject, b)
    return subject


def _pattern(pattern: ast.pattern, subject: int, b: Builder) -> int:
    """Match a value and return what it is when that has succeeded."""
    return _PATTERNS[type(pattern)](pattern, subject, b)


def _value(pattern: ast.MatchValue, subject: int, b: Builder) -> int:
    found = value(pattern.value, b)
    if subject >= 0 or found >= 0:
        b.emit((BINARY, NOTHING, subject, b.use(found), "eq", b.site))
    return subject


def _singleton(pattern: ast.MatchSingleton, subject: int, b: Builder) -> int:  # noqa: ARG001  # all have one shape
    return NOTHING if pattern.value is None else subject


def _as(pattern: ast.MatchAs, subject: int, b: Builder) -> int:
    matched = subject if pattern.pattern is None else _pattern(pattern.pattern, subject, b)
    if pattern.name is not None:
        assign(pattern.name, matched, b)
    return matched


def _or(pattern: ast.MatchOr, subject: int, b: Builder) -> int:
    before = snapshot(b)
    ends = []
    matched = []
    for each in pattern.patterns:
        restore((dict(before[0]), dict(before[1]), dict(before[2])), b)
        matched.append(b.use(_pattern(each, subject, b)))
        ends.append(current(b))
    merge(ends, b)
    joined = b.use(b.join(matched))
    if joined >= 0 and subject >= 0:
        b.origins[joined] = b.origins.get(subject, subject)
    return joined


def _sequence(pattern: ast.MatchSequence, subject: int, b: Builder) -> int:
    count = len(pattern.patterns)
    star = next((place for place, each in enumerate(pattern.patterns) if type(each) is ast.MatchStar), None)
    for place, each in enumerate(pattern.patterns):
        found = NOTHING
        if type(each) is ast.MatchStar:
            if each.name is None:
                continue
            if subject != NOTHING:
                found = b.variable()
                b.emit((REST, found, subject, place, count - place - 1, b.new_number(), b.site))
            assign(each.name, found, b)
            continue
        if subject != NOTHING and not _is_wildcard(each):
            known = b.paths.get((subject, 0, place)) if star is None or place < star else None
            if known is None:
                known = b.variable()
                index = place if star is None or place < star else place - count
                b.emit((UNPACK, known, subject, index, count if star is None else -1, b.site))
            found = b.use(known)
        _pattern(each, found, b)
    return subject


def _is_wildcard(pattern: ast.pattern) -> bool:
    return type(pattern) is ast.MatchAs and pattern.name is None


def _star(pattern: ast.MatchStar, subject: int, b: Builder) -> int:
    if pattern.name is not None:
        assign(pattern.name, subject, b)
    return subject


def _mapping(pattern: ast.MatchMapping, subject: int, b: Builder) -> int:
    for node, each in zip(pattern.keys, pattern.patterns, strict=True):
        key = constant_key(node)
        keyvar = NOTHING if key is not None else variable(node, b)
        found = NOTHING
        if subject != NOTHING:
            known = None if key is None else b.paths.get((subject, 0, key))
            if known is None:
                known = b.variable()
                b.emit((ITEM, known, subject, key, keyvar, b.site))
            found = b.use(known)
        _pattern(each, found, b)
    if pattern.rest is not None:
        rest = make("dict", -1, b)
        if subject != NOTHING:
            b.emit((EXTEND, rest, subject, b.site))
        assign(pattern.rest, rest, b)
    return subject


def _class(pattern: ast.MatchClass, subject: int, b: Builder) -> int:
    cls = variable(pattern.cls, b)
    matched = b.use(narrowed(subject, [cls], b))
    for place, each in enumerate(pattern.patterns):
        found = NOTHING
        if NOTHING not in (matched, cls) and not _is_wildcard(each):
            found = b.variable()
            b.emit((MATCH_ARGUMENT, found, matched, cls, place, b.site))
        _pattern(each, found, b)
    for name, each in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
        found = NOTHING
        if matched != NOTHING:
            found = b.variable()
            b.emit((LOAD, found, matched, name, b.site))
        _pattern(each, found, b)
    return matched


_PATTERNS: dict[type, Callable[[Any, int, Builder], int]] = {
    ast.MatchValue: _value,
    ast.MatchSingleton: _singleton,
    ast.MatchAs: _as,
    ast.MatchOr: _or,
    ast.MatchSequence: _sequence,
    ast.MatchStar: _star,
    ast.MatchMapping: _mapping,
    ast.MatchClass: _class,
}
