"""Measures: what is counted in one unit's own code, as it is kept by content hash, nested definitions left to their own units.

- `cyclomatic`: McCabe, "A complexity measure", 1976, by radon's rule: one, and one for each branch, loop, `else` of a loop, handler,
  `else` of a try, case that may fail, boolean operator, ternary, `for` and `if` of a comprehension, and assertion (whatever is in it).
  What a lambda decides counts in the lambda and, by the same rule, in what holds it.
- `mccabe`: by the rule of ruff's C901 (and pycodestyle's mccabe): one, and one for each branch, loop, handler, `else` of a try and case,
  less one when the last case matches anything. Expressions count for nothing. ruff adds the functions inside: `aggregate.mccabe_total`.
- `cognitive`: Campbell, "Cognitive Complexity", SonarSource, version 1.7: one for each branch, loop, handler, match and ternary, and one
  more for each level they are nested in; one for each `elif`, `else` of a branch or loop, and sequence of one boolean operator. The
  syntax does not tell `elif` from an `else` that holds one `if` only: both count as `elif`. Recursion is not counted.
- `structural`: how many of these grow with nesting, which is what a function gains when it is moved into another one.
- `nesting`: the deepest level of blocks; a loop in a branch is 2.
- `statements`: logical lines: own statements, handlers and cases; `unreachable`: how many of these no path leads to.
- Halstead's counts (`halstead`).
- `definitions`: for each nested function, class and lambda in order, the level it stands at, -1 where it adds none: the function that a
  decorator returns (a function of one definition and a `return`), by the exception of the cognitive rules.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final, NamedTuple

import msgpack  # type: ignore[import-untyped]  # has no stubs

from lestockage.errors import CorruptAnalysis
from lestockage.languages.python.control_flow import encoding as flow_encoding
from lestockage.languages.python.control_flow.kinds import FIRST
from lestockage.languages.python.metrics.halstead import Halstead, count
from lestockage.languages.python.packing import pack

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lestockage.languages.python.control_flow.builder import Builder

VERSION: Final = 1


class Measures(NamedTuple):
    """The numbers of one unit's own code."""

    cyclomatic: int
    mccabe: int
    cognitive: int
    structural: int
    nesting: int
    statements: int
    unreachable: int
    halstead: Halstead
    definitions: tuple[int, ...]


def measure(built: Builder, statements: Sequence[ast.stmt], opened: Iterable[ast.AST], tokens: Sequence[str], cyclomatic: int) -> Measures:
    """Return the numbers of a unit, whose definitions in order are `opened`: its walk has counted most of them."""
    levels = built.definitions
    if (
        len(statements) == 2
        and isinstance(statements[0], (ast.FunctionDef, ast.AsyncFunctionDef))
        and isinstance(statements[1], ast.Return)
    ):
        levels[statements[0]] = -1
    return Measures(
        cyclomatic,
        built.mccabe,
        built.cognitive,
        built.structural,
        built.deepest,
        built.statement_count,
        unreachable_count(built),
        count(tokens),
        tuple([levels.get(node, 0) for node in opened]),  # 0: in an annotation that is never evaluated
    )


def unreachable_count(built: Builder) -> int:
    """Return how many statements no path leads to.

    Points are numbered in source order, and a point that can be reached is first reached from one before it: so where something led to each
    when it was added, as nearly everywhere, nothing is unreachable, and no path need be followed.
    """
    if built.unreached == FIRST + len(built.later):
        return 0
    return len(flow_encoding.decode(flow_encoding.encode(built)).unreachable_statements())


def encode(measures: Measures) -> bytes:
    """Return the bytes that `analysis_cache.complexity_metrics` holds: MessagePack of [version, the fields in order]."""
    return pack((VERSION, *measures))


def decode(data: bytes) -> Measures:
    """Return what `encode` wrote.

    Raises:
        CorruptAnalysis: the bytes are none of this version's.
    """
    try:
        version, *fields = msgpack.unpackb(data)
        *numbers, halstead, definitions = fields
        is_sound = all(type(number) is int for number in (*numbers, *halstead, *definitions))
        cyclomatic, mccabe, cognitive, structural, nesting, statements, unreachable = numbers
        counts = Halstead(*halstead)
    except Exception as error:  # what arbitrary bytes may raise is not one family
        raise CorruptAnalysis("complexity_metrics", f"{type(error).__name__}: {error}") from error
    if version != VERSION or not is_sound:
        raise CorruptAnalysis("complexity_metrics", f"version {version} of the encoding, and this release reads {VERSION}")
    return Measures(cyclomatic, mccabe, cognitive, structural, nesting, statements, unreachable, counts, tuple(definitions))
