"""Queries: the fixed set of declarations that run any program on the engine."""

# ruff: noqa: D102  # the surroundings of a program are described once, by `program.Context`

from __future__ import annotations

from typing import Any

from lestockage import Accumulator, Database, Input, Interned, Key, Tracked, query
from tests.conformance.program import Rule, evaluate, make_parts, parse

EVICTING_CAPACITY = 2


class Item(Input):
    """An input that comes and goes."""

    key: Key[int]
    x: int
    y: int


class Body(Input):
    """The text of one rule."""

    number: Key[int]
    flavour: str
    text: str


class Tick(Input):
    """An input that nobody reads: setting it makes a revision, in which untracked reads are due."""

    count: int


class Name(Interned):
    """An interned value."""

    value: int


class Part(Tracked):
    """A struct made by "parts" rules."""

    ident: Key[int]
    v: int
    w: int


class Note(Accumulator):
    """A side output."""

    value: int


SLOTS: dict[int, dict[int, int]] = {}
"""What untracked reads read, by the id of the database."""


def _slot(db: Database, slot: int) -> int:
    return globals()["SLO" + "TS"][id(db)][slot]  # a computed name: the fingerprint of the code must not cover what changes behind its back


class Real:
    """A program's surroundings on the engine."""

    def __init__(self, db: Database, arg: int) -> None:
        self.db = db
        self.arg = arg

    def field(self, key: int, name: str) -> int | None:
        item = Item.get(self.db, key=key)
        if item is None:
            return None
        return item.x if name == "x" else item.y

    def members(self) -> list[int]:
        return [item.key for item in Item.all(self.db)]

    def untracked(self, slot: int) -> int:
        self.db.report_untracked_read()
        return _slot(self.db, slot)

    def call(self, number: int, arg: int) -> int:
        body = Body.get(self.db, number=number)
        assert body is not None
        return ask(self.db, body.flavour, number, arg)

    def item(self, key: int, number: int) -> int | None:
        item = Item.get(self.db, key=key)
        return None if item is None else on_item(self.db, item, number)

    def intern(self, value: int) -> int:
        return on_name(self.db, Name(self.db, value=value))

    def push(self, value: int) -> None:
        Note(value=value).push(self.db)

    def accumulated(self, number: int, arg: int) -> list[int]:
        body = Body.get(self.db, number=number)
        assert body is not None
        return collect(self.db, body.flavour, number, arg)

    def parts(self, number: int, arg: int) -> tuple[Part, ...]:
        return parts(self.db, number, arg)

    def part_field(self, part: Part, name: str) -> int:
        return part.v if name == "v" else part.w

    def on_part(self, part: Part) -> int:
        return on_part(self.db, part)

    def rated(self, part: Part) -> int:
        return rated(self.db, part)

    def make(self, ident: int, v: int, w: int) -> Part:
        return Part(self.db, ident=ident, v=v, w=w)

    def rate(self, part: Part, value: int) -> None:
        rated.specify(self.db, part, value=value)


def _run(db: Database, number: int, arg: int) -> int:
    body = Body.get(db, number=number)
    assert body is not None
    return evaluate(Real(db, arg), parse(body.text))


@query
def plain(db: Database, number: int, a: int) -> int:
    """A rule run without options."""
    return _run(db, number, a)


@query(lru=EVICTING_CAPACITY)
def evicting(db: Database, number: int, a: int) -> int:
    """A rule whose values are evicted."""
    return _run(db, number, a)


@query(no_eq=True)
def loud(db: Database, number: int, a: int) -> int:
    """A rule whose every execution counts as a change."""
    return _run(db, number, a)


def _zero(_db: Database, _number: int, _a: int) -> int:
    return 0


def _far(_db: Database, number: int, _a: int) -> int:
    return number % 3 + 1


@query(cycle_initial=_zero)
def fix(db: Database, number: int, a: int) -> int:
    """A rule that may be part of a cycle and is the least fixpoint then."""
    return _run(db, number, a)


@query(cycle_result=_far)
def fallback(db: Database, number: int, a: int) -> int:
    """A rule that has a fixed value when it is part of a cycle."""
    return _run(db, number, a)


@query
def on_item(db: Database, item: Item, number: int) -> int:
    """A rule about an input; its argument is the input's `x`."""
    return _run(db, number, item.x)


@query
def on_name(db: Database, name: Name) -> int:
    """A query about an interned value."""
    return (name.value * 2 + len(Item.all(db))) % 5


@query
def parts(db: Database, number: int, a: int) -> tuple[Part, ...]:
    """The structs that a rule makes."""
    body = Body.get(db, number=number)
    assert body is not None
    return make_parts(Real(db, a), parse(body.text))


@query
def on_part(db: Database, part: Part) -> int:
    """A query about one field of a struct, through structs made for it."""
    return sum(inner.v for inner in inside(db, part)) % 5


@query
def inside(db: Database, part: Part) -> tuple[Part, ...]:
    """Structs made on behalf of a struct: as many as its `w` says."""
    return tuple(Part(db, ident=index, v=(part.ident + index) % 5, w=0) for index in range(part.w % 3))


@query
def rated(db: Database, part: Part) -> int:
    """A query that the maker of the struct may answer in advance."""
    item = Item.get(db, key=0)
    return (part.v + (0 if item is None else item.y)) % 5


PLAIN: dict[str, Any] = {"plain": plain, "evicting": evicting, "loud": loud, "fix": fix, "fallback": fallback}


def ask(db: Database, flavour: str, number: int, arg: int) -> int:
    """Ask a rule by number."""
    if flavour == "plain":
        return plain(db, number, arg)
    if flavour == "evicting":
        return evicting(db, number, arg)
    if flavour == "loud":
        return loud(db, number, arg)
    if flavour == "fix":
        return fix(db, number, 0)
    return fallback(db, number, 0)


def collect(db: Database, flavour: str, number: int, arg: int) -> list[int]:
    """What a rule and everything below it pushed."""
    arg = 0 if flavour in ("fix", "fallback") else arg
    return [note.value for note in PLAIN[flavour].accumulated(Note, db, number, arg)]


def install(db: Database, program: tuple[Rule, ...]) -> None:
    """Write a program into a database's inputs."""
    SLOTS[id(db)] = {0: 0, 1: 0}
    with db.write():
        Tick(db, count=0)
        for number, rule in enumerate(program):
            Body(db, number=number, flavour=rule.flavour, text=rule.body)
