"""Builder: the summary of one unit while its code is walked: variables, operations, and what each name means where the walk stands.

A *value* is what an expression gives: a variable (0, 1, …), -1 for nothing known, a literal's code below that, or a join: a number from
`JOIN` on, which becomes a variable only when something is done with it (`use`). Names are renamed by assignment: `env` holds the value
each has here. `paths` holds what is known of `variable.attribute` as (variable, name), of `variable[constant]` as (variable, 0, key).
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from lestockage.languages.python.value_flow.opcodes import INSIDE, LITERAL, MODULE, WHERE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lestockage.languages.python.unit import Definition, Sited

NOTHING: Final = -1
TEXT: Final = -2
PLAIN_TUPLE: Final = -4
"""A tuple of nothing but numbers."""
NUMBER: Final = -5
"""Literals from this code downwards are numbers."""
LITERALS: Final = {str: TEXT, bytes: -3, tuple: PLAIN_TUPLE, int: NUMBER, float: -6, complex: -7, bool: -8}
LITERAL_NAMES: Final = {code: kind.__name__ for kind, code in LITERALS.items()}
JOIN: Final = 1 << 30

Path = tuple[int, str] | tuple[int, int, str | int]
Key = str | int
State = tuple[dict[str, int], dict[Path, int], dict[str, None]]
Source = int | ast.expr  # an annotation stands for the assumed value
Op = tuple[object, ...]


Opened = Mapping["Definition | ast.Lambda", tuple[str, int]]
"""The dotted name and ordinal of each definition and lambda directly in a unit."""


class ScopeNames(NamedTuple):
    """The names that a unit's scope binds, and those that it declares global (True) or nonlocal (False)."""

    bound: Iterable[str]
    outer: Mapping[str, bool]


class Loop:
    """A loop that is being walked: the states at its `break`s and `continue`s."""

    __slots__ = ("breaks", "continues")

    def __init__(self) -> None:
        self.breaks: list[State] = []
        self.continues: list[State] = []


class Barrier:
    """A `finally` that every way out of a block passes: the states that arrive by a jump, with its kind."""

    __slots__ = ("jumps",)

    def __init__(self) -> None:
        self.jumps: list[tuple[str, State]] = []


class Builder:
    """What is known of a unit so far."""

    __slots__ = (
        *("affixes", "answers", "asked", "block", "bound", "catch", "cells", "conditional", "count", "dirty", "emit", "entire", "env"),
        *("flags", "frames", "frees", "heading", "in_class", "is_function", "kept", "lengths", "literals", "live", "made", "number"),
        *("objects", "opened"),
        *("ops", "ordinals", "origins", "outer", "outgoing", "parameters", "paths", "private", "puts", "real", "receiver", "results"),
        *("saved", "settled", "shares", "site", "sources", "stands", "texts", "tracks", "unread", "waiting", "where", "yields"),
    )

    def __init__(  # noqa: PLR0915  # all that a walk knows
        self, kind: str, scope: ScopeNames, ordinals: Mapping[Sited, int], opened: Mapping[Definition | ast.Lambda, tuple[str, int]]
    ) -> None:
        outer = scope.outer
        self.ordinals = ordinals
        self.opened = opened
        self.is_function = kind not in {"module", "class"}
        self.in_class = kind == "class"
        self.outer = outer  # names declared global (True) or nonlocal (False)
        self.bound = {name: None for name in scope.bound if name not in outer}
        has_cells = not self.is_function or bool(opened)
        self.shares = has_cells and not self.in_class  # whether others may assign to the unit's names
        self.tracks = has_cells or bool(outer)
        self.cells: dict[str, list[int]] | None = {} if has_cells else None
        self.outgoing: dict[str, list[int]] = {}
        self.count = 0
        self.made = 0
        self.ops: list[Op | None] = []
        self.emit: Callable[[Op], None] = self.ops.append
        self.flags = 0
        self.receiver = NOTHING  # the value of a method's first parameter
        self.parameters: list[tuple[int, ast.expr | None]] = []  # of an `__init__`: their values and annotations
        self.kept: list[tuple[str, ast.expr]] = []  # attributes that parameters are stored in, with these' annotations
        self.results: list[Source] = []
        self.yields: list[Source] = []
        self.literals: dict[int, int] = {}
        self.frees: dict[tuple[str, int], int] = {}
        self.sources: list[list[Source]] = []  # of each join
        self.real: dict[int, int] = {}  # joins that have become variables
        self.waiting: list[int] = []  # those whose copies are still to be emitted
        self.origins: dict[int, int] = {}  # what has been narrowed to the variable
        self.settled: set[int] = set()  # variables that what others assign to the name adds nothing to
        self.private: set[int] = set()  # objects made here that nobody else can reach yet
        self.unread: set[int] = set()  # containers of which nothing but constant keys has been used yet
        self.lengths: dict[int, int] = {}  # of lists and tuples that were made with every element in a known place
        self.texts: dict[int, list[str]] = {}  # which strings a variable of a loop may be
        self.affixes: dict[int, tuple[str, str]] = {}  # how a text begins and ends that is put together
        self.puts: dict[tuple[int, Key], tuple[int, int]] = {}  # place and block of the operation that put what is under a key
        self.objects: dict[str, int] = {}  # what parameters hold that may be asked questions (`cases`)
        self.asked: dict[str, dict[ast.expr, str]] = {}  # the methods by which tests ask them
        # Where the walk stands.
        self.answers: dict[str, bool] = {}  # what those methods say in this case
        self.entire: dict[int, int] = {}  # of what is in this case only, what it is part of
        self.where = NOTHING  # without which what comes together from several ways is not there (`cases`)
        self.heading = INSIDE
        self.env: dict[str, int] = {}
        self.paths: dict[Path, int] = {}
        self.dirty: dict[str, None] = {}  # names whose value nobody else has been able to see yet
        self.live = True
        self.number = 0
        self.site = -1
        self.block = 0
        self.stands = 0
        self.conditional = 0
        self.frames: list[Loop | Barrier] = []
        self.catch: list[State] | None = None  # states in which an exception may be raised
        self.saved: list[dict[str, int]] = []  # the names around the comprehensions that are being walked

    def variable(self) -> int:
        """Return a new variable."""
        number = self.count
        self.count = number + 1
        return number

    def use(self, value: int) -> int:
        """Return the variable of a value that something is done with, or -1."""
        if value < NOTHING:
            found = self.literals.get(value)
            if found is None:
                found = self.literals[value] = self.variable()
                self.emit((LITERAL, found, LITERAL_NAMES[value]))
            return found
        return self.resolve(value) if value >= JOIN else value

    def held(self, value: int) -> int:
        """Return the variable of a value that is kept in a container or attribute: numbers are not."""
        if -1 <= value < JOIN:
            return value
        return NOTHING if value <= NUMBER else self.use(value)

    def resolve(self, join: int) -> int:
        """Return the variable that a join becomes; what flows into it can be reached by two names now."""
        found = self.real.get(join)
        if found is None:
            found = self.real[join] = self.variable()
            self.waiting.append(join)
            if self.private:
                self.private.difference_update(self.sources[join - JOIN])
        return found

    def join(self, values: Iterable[int]) -> int:
        """Return what may be any of several values."""
        distinct = dict.fromkeys(values)
        distinct.pop(NOTHING, None)
        if len(distinct) < 2:
            return next(iter(distinct), NOTHING)
        return self.gather(list(distinct))

    def either(self, values: Iterable[int]) -> int:
        """Return what may be any of several values that different ways through the code give, where there is what takes them."""
        found = self.join(values)
        if self.where == NOTHING or found < JOIN:
            return found
        result = self.variable()
        self.emit((WHERE, result, self.use(found), self.where))
        return result

    def gather(self, sources: list[Source]) -> int:
        """Return a join of sources, to which more may be added."""
        self.sources.append(sources)
        return JOIN + len(self.sources) - 1

    def flows(self, join: int, value: int) -> None:
        """Add a source to a join."""
        if value not in (NOTHING, join):
            self.sources[join - JOIN].append(value)
            if join in self.real:
                self.private.discard(value)

    def free(self, name: str, heading: int | None = None) -> int:
        """Return the variable of a name that is looked up outside."""
        if heading is None:
            heading = self.heading
        if heading == INSIDE and self.outer.get(name):
            heading = MODULE
        found = self.frees.get((name, heading))
        if found is None:
            found = self.frees[name, heading] = self.variable()
        return found

    def new_number(self) -> int:
        """Return the number of a new container."""
        self.made += 1
        return self.made - 1
