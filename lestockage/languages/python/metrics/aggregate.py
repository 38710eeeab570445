"""Aggregate: the metrics of a whole symbol, a file and a project, from the measures of the units they are made of."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lestockage.languages.python.metrics.halstead import Halstead
    from lestockage.languages.python.metrics.measures import Measures


class Part(NamedTuple):
    """One unit with the units nested in it, in source order; `lines` is how many lines it spans, layout and comments included."""

    kind: str  # "module", "class", "function", "method" or "lambda"
    measures: Measures
    lines: int
    nested: tuple[Part, ...]


class SymbolMetrics(NamedTuple):
    """What is told of one symbol. The first five are its own code's; the totals count what is nested in it by the rule of each metric."""

    cyclomatic: int
    nesting: int
    statements: int
    unreachable: int
    lines: int
    mccabe: int
    cognitive: int
    volume: float
    difficulty: float
    effort: float
    maintainability: float


class GroupMetrics(NamedTuple):
    """What is told of a file or project: sums over its functions and methods, the worst of each, and the mean maintainability by lines."""

    functions: int
    lines: int
    statements: int
    unreachable: int
    cyclomatic: int
    worst_cyclomatic: int
    mccabe: int
    worst_mccabe: int
    cognitive: int
    worst_cognitive: int
    deepest: int
    volume: float
    maintainability: float


def symbol_metrics(part: Part) -> SymbolMetrics:
    """Return the metrics of a symbol."""
    own = part.measures
    return SymbolMetrics(
        own.cyclomatic,
        own.nesting,
        own.statements,
        own.unreachable,
        part.lines,
        mccabe_total(part),
        cognitive_total(part),
        own.halstead.volume,
        own.halstead.difficulty,
        own.halstead.effort,
        maintainability(own.halstead, own.cyclomatic, part.lines),
    )


def mccabe_total(part: Part) -> int:
    """Return McCabe's complexity as ruff's C901 counts it: nested functions add their whole, classes what their bodies decide."""
    total = part.measures.mccabe
    for nested in part.nested:
        if nested.kind != "lambda":
            total += mccabe_total(nested) - (nested.kind == "class")
    return total


def cognitive_total(part: Part) -> int:
    """Return the cognitive complexity with that of nested functions and lambdas, each a level deeper than where it stands.

    What a nested class or its methods add is theirs alone, as for a class at the top of a module; lambdas are part of whatever holds them.
    """
    return _cognitive(part, _NESTED if part.kind in {"function", "method"} else _LAMBDAS)


_LAMBDAS: Final = frozenset({"lambda"})
_NESTED: Final = frozenset({"lambda", "function", "method"})


def _cognitive(part: Part, counted: frozenset[str]) -> int:
    """Return the cognitive complexity of a unit with that of the kinds of units in it that are `counted`."""
    total = 0
    waiting = [(part, 0)]
    while waiting:
        unit, deeper = waiting.pop()
        total += unit.measures.cognitive + deeper * unit.measures.structural
        for level, nested in zip(unit.measures.definitions, unit.nested, strict=False):
            if nested.kind in counted:
                waiting.append((nested, deeper + level + 1))
    return total


def maintainability(halstead: Halstead, cyclomatic: int, lines: int) -> float:
    """Return the maintainability index within 0 and 100, 100 the best.

    171 - 5.2 ln(volume) - 0.23 cyclomatic - 16.2 ln(lines), divided by 1.71 and cut at 0: Oman and Hagemeister, "Metrics for assessing a
    software system's maintainability", 1992, scaled as Visual Studio does. Comments are not rewarded. 100 for no code.
    """
    if halstead.volume <= 0 or lines <= 0:
        return 100.0
    raw = 171 - 5.2 * math.log(halstead.volume) - 0.23 * cyclomatic - 16.2 * math.log(lines)
    return min(100.0, max(0.0, raw / 1.71))


def group_metrics(parts: Sequence[Part]) -> GroupMetrics:
    """Return the metrics of a file (its module) or of a project (all its modules)."""
    units = list(_all(parts))
    functions = [part for part in units if part.kind in {"function", "method"}]
    cognitive = [_cognitive(part, _LAMBDAS) for part in functions]
    mccabe = [mccabe_total(part) for part in functions]
    cyclomatic = [part.measures.cyclomatic for part in functions]
    weight = sum(part.lines for part in functions)
    return GroupMetrics(
        functions=len(functions),
        lines=sum(part.lines for part in parts),
        statements=sum(part.measures.statements for part in units if part.kind != "lambda"),  # its body is part of one
        unreachable=sum(part.measures.unreachable for part in units),
        cyclomatic=sum(cyclomatic),
        worst_cyclomatic=max(cyclomatic, default=0),
        mccabe=sum(part.measures.mccabe for part in functions),
        worst_mccabe=max(mccabe, default=0),
        cognitive=sum(cognitive),
        worst_cognitive=max((cognitive_total(part) for part in functions), default=0),
        deepest=max((part.measures.nesting for part in units), default=0),
        volume=sum(part.measures.halstead.volume for part in units),
        maintainability=sum(symbol_metrics(part).maintainability * part.lines for part in functions) / weight if weight else 100.0,
    )


def _all(parts: Iterable[Part]) -> Iterable[Part]:
    for part in parts:
        yield part
        yield from _all(part.nested)
