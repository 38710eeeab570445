"""Told: what a summary tells of its unit as a whole, to those who call, make or inherit from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.python.linker.program import KEYWORD_ONLY, KEYWORDS, VARIADIC
from lestockage.languages.python.value_flow import opcodes

if TYPE_CHECKING:
    from lestockage.languages.python.linker.program import Summary, Unit


def by_default(summary: Summary) -> tuple[tuple[str, int], ...]:
    """Return the parameters that are used and may have a default: name and position, -1 for those that go by name only."""
    own = [each for each in summary.parameters if each[1] not in (VARIADIC, KEYWORDS)]
    return tuple([(name, -1 if kind == KEYWORD_ONLY else place) for place, (name, kind, variable) in enumerate(own) if variable >= 0])


def kept_of(unit: Unit) -> tuple[tuple[str, int, str, int], ...]:
    """Return the parameters that an `__init__` stores as they are: name, position or -1, attribute, and the call that stores."""
    own = {variable: (name, -1 if kind == KEYWORD_ONLY else place) for place, (name, kind, variable) in enumerate(unit.summary.parameters)}
    ops = zip(unit.summary.ops, unit.calls, strict=True)
    return tuple([(*own[op[3]], op[2], call) for op, call in ops if op[0] == opcodes.KEEP])


def held_names(summary: Summary) -> tuple[str, ...]:
    """Return the names of a class's own that may be objects: neither definitions nor containers and literals."""
    plain = {op[1] for op in summary.ops if op[0] in (opcodes.DEFINE, opcodes.LITERAL, opcodes.MAKE)}
    return tuple([name for name, variable in summary.cells if variable >= 0 and variable not in plain])


def open_bases(unit: Unit, *, in_function: bool) -> tuple[int, ...]:
    """Return the variables of a class's bases that no name tells: what calls give, and whatever there is within a function."""
    called = {op[1] for op in unit.summary.ops if op[0] in (opcodes.CALL, opcodes.ITEM)}
    return tuple([unit.variables[base] for base in unit.summary.bases if base >= 0 and (in_function or base in called)])


def decorated(summary: Summary, names: dict[int, str]) -> frozenset[tuple[str, int]]:
    """Return the functions that a unit decorates, by name and place: who calls them is not all known."""
    defined = {op[1]: (op[2], op[3]) for op in summary.ops if op[0] == opcodes.DEFINE}
    decorating = [op for op in summary.ops if op[0] == opcodes.DECORATE and op[3] in defined]
    return frozenset([defined[op[3]] for op in decorating if names.get(op[2]) not in _TRANSPARENT])


def rebound(summary: Summary) -> frozenset[tuple[str, int]]:
    """Return the functions of a class whose names it has for something else, too, as if they were decorated: `m = wrapped(m)`."""
    defined: dict[int, str] = {}
    for op in summary.ops:
        if op[0] == opcodes.DEFINE:
            defined[op[1]] = op[2].rpartition(".")[2]
        elif op[0] == opcodes.DECORATE and op[3] in defined:
            defined[op[1]] = defined[op[3]]
    names = {*defined.values()}
    return frozenset([(name, 0) for name, variable in summary.cells if name in names and defined.get(variable) != name])


_TRANSPARENT = frozenset({"classmethod", "staticmethod", "abstractmethod"})
"""Decorators that let calls through as they are."""
