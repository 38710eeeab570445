"""Meaning: what a name or an expression may stand for."""

# ruff: noqa: TC001, TC003  # the engine evaluates annotations when a query is declared

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from lestockage.queries.inputs import SourceFile


class Meaning(NamedTuple):
    """One thing that something may stand for.

    `kind` says what: "module", "class", "function", "method", "overload", "property", "variable": that symbol of `file` (a module is
    named by its dotted name and has no file when it is a namespace package); "instance": an object of that class; "awaitable": what gives
    one when awaited; "external", "external instance", "external awaitable": likewise of what `name` means outside the project.
    """

    kind: str
    file: SourceFile | None
    name: str
    ordinal: int


class Meanings(NamedTuple):
    """All that a name or expression may stand for, as far as it is known.

    `values` are the objects; `symbols` what declares them: a variable is a symbol whose value may be known or not. `is_exact`: no other
    possibility is left.
    """

    values: tuple[Meaning, ...]
    symbols: tuple[Meaning, ...]
    is_exact: bool


UNKNOWN = Meanings((), (), False)
FUNCTIONS = frozenset({"function", "method", "overload"})


def external(name: str) -> Meaning:
    """Return what a dotted name means outside the project."""
    return Meaning("external", None, name, 0)


def only(meaning: Meaning) -> Meanings:
    """Return a name's single meaning."""
    return Meanings((meaning,), (meaning,), True)


def has_node(meaning: Meaning) -> bool:
    """Tell whether a symbol or something outside is meant: a namespace package is neither."""
    return meaning.file is not None or meaning.kind == "external"


def unite(several: Iterable[Meanings]) -> Meanings:
    """Return the meanings of a name that may stand for any of several things."""
    collected = list(several)
    if len(collected) == 1:
        return collected[0]
    values = dict.fromkeys([value for one in collected for value in one.values])
    symbols = dict.fromkeys([symbol for one in collected for symbol in one.symbols])
    return Meanings(tuple(values), tuple(symbols), all(one.is_exact for one in collected))


def instances(meanings: Meanings) -> Meanings:
    """Return objects of the classes that something stands for."""
    values = []
    for value in meanings.values:
        if value.kind == "class":
            values.append(value._replace(kind="instance"))
        elif value.kind == "external":
            values.append(value._replace(kind="external instance"))
    return Meanings(tuple(values), (), meanings.is_exact and len(values) == len(meanings.values))


def without_growth(values: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    """Leave out names outside the project that continue another: `self.x = self.x.path` and `class C(B, C.D)` would go on for ever."""
    names = [value.name for value in values if value.file is None]
    return tuple([value for value in values if value.file is not None or not any(value.name.startswith(name + ".") for name in names)])
