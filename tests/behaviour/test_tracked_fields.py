"""Tracked fields are separate dependencies: made again with `x` changed and `y` equal, only readers of `x` run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Database, Input, Key, Tracked, query
from lestockage.errors import DuplicateStruct
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Source(Input):
    text: str


class Symbol(Tracked):
    name: Key[str]
    line: int
    body: str


@query
def symbols(db: Database, source: Source) -> tuple[Symbol, ...]:
    found = []
    for number, line in enumerate(source.text.splitlines(), 1):
        name, _, body = line.partition("=")
        if name:
            found.append(Symbol(db, name=name, line=number, body=body))
    return tuple(found)


@query
def body_length(db: Database, symbol: Symbol) -> int:
    return len(symbol.body)


@query
def position(db: Database, symbol: Symbol) -> str:
    return f"{symbol.name}:{symbol.line}"


@query
def lengths(db: Database, source: Source) -> tuple[int, ...]:
    return tuple(body_length(db, symbol) for symbol in symbols(db, source))


@query
def positions(db: Database, source: Source) -> tuple[str, ...]:
    return tuple(position(db, symbol) for symbol in symbols(db, source))


def test_only_readers_of_the_changed_field_run(db: Database, log: EventLog) -> None:
    """A line inserted at the top moves every symbol and changes no body: no reader of a body runs."""
    source = Source(db, text="a=1\nb=22")
    assert (lengths(db, source), positions(db, source)) == ((1, 2), ("a:1", "b:2"))
    log.clear()
    source.text = "\na=1\nb=22"
    assert lengths(db, source) == (1, 2)
    assert_executed(log, symbols)
    assert positions(db, source) == ("a:2", "b:3")
    assert_executed(log, "position(Symbol(name='a'))", positions, "position(Symbol(name='b'))")


def test_one_changed_body_runs_one_reader(db: Database, log: EventLog) -> None:
    """The structs are the same handles, so their list is equal and backdates."""
    source = Source(db, text="a=1\nb=22")
    lengths(db, source)
    before = symbols(db, source)
    log.clear()
    source.text = "a=1\nb=333"
    assert lengths(db, source) == (1, 3)
    assert symbols(db, source) == before
    assert_executed(log, symbols, "body_length(Symbol(name='b'))", lengths)


def test_identity_fields_are_no_dependency(db: Database, log: EventLog) -> None:
    """Reading a Key field is free: it cannot change while the handle lives."""

    @query
    def shouted(db: Database, symbol: Symbol) -> str:
        return symbol.name.upper()

    source = Source(db, text="a=1")
    (symbol,) = symbols(db, source)
    shouted(db, symbol)
    log.clear()
    source.text = "a=2"
    assert shouted(db, symbol) == "A"
    assert log.happened == []


def test_a_field_read_outside_a_query_is_up_to_date(db: Database, log: EventLog) -> None:
    """Reading a field brings its struct's creator up to date first."""
    source = Source(db, text="a=1")
    (symbol,) = symbols(db, source)
    log.clear()
    source.text = "\na=3"
    assert (symbol.body, symbol.line) == ("3", 2)
    assert_executed(log, symbols)


def test_fields_cannot_be_set(db: Database) -> None:
    """The way to change a struct is to make it again; the message says so."""
    (symbol,) = symbols(db, Source(db, text="a=1"))
    with pytest.raises(DuplicateStruct, match="make the struct again"):
        symbol.line = 7  # type: ignore[misc]
