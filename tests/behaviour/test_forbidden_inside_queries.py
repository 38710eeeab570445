"""Writing inside a query, reading another database there, and using a handle of a deleted input raise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Accumulator, Database, Input, Interned, Key, Tracked, query, task
from lestockage.errors import DatabaseClosed, DeletedHandle, DuplicateStruct, ForeignDatabase, QueryInsideWrite, WriteInsideQuery
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.testing import EventLog


class Number(Input):
    name: Key[str]
    value: int


class Part(Tracked):
    name: Key[str]
    value: int


class Note(Accumulator):
    text: str


class Name(Interned):
    text: str


@query
def value(db: Database, number: Number) -> int:
    return number.value


@task
def length(text: str) -> int:
    return len(text)


@pytest.mark.parametrize(
    "write",
    [
        lambda db: setattr(Number.get(db, name="a"), "value", 2),
        lambda db: Number(db, name="a", value=2),
        lambda db: Number(db, name="b", value=2),
        lambda db: Number.get(db, name="a").delete(),
        lambda db: db.write().__enter__(),
    ],
    ids=["set", "update", "create", "delete", "write"],
)
def test_no_write_inside_a_query(db: Database, log: EventLog, write: Callable[[Database], object]) -> None:
    """Whatever the write is, it raises, changes nothing, and the database works on."""
    number = Number(db, name="a", value=1)

    @query
    def writes(db: Database) -> int:
        write(db)
        return 0

    revision = db.revision
    with pytest.raises(WriteInsideQuery, match=r"writes\(\).*Change inputs outside"):
        writes(db)
    assert (db.revision, value(db, number), len(Number.all(db))) == (revision, 1, 1)
    assert_executed(log, writes, value)


@pytest.mark.parametrize(
    "read",
    [
        lambda other: value(other, Number.get(other, name="a")),
        Number.all,
        lambda other: Number.get(other, name="a"),
        lambda other: length(other, "abc"),
        lambda other: Part(other, name="a", value=1),
        lambda other: Note(text="a").push(other),
    ],
    ids=["query", "all", "get", "task", "struct", "push"],
)
def test_no_read_of_another_database(db: Database, read: Callable[[Database], object]) -> None:
    """The other database's changes could not be seen: refused, even where its memo is green."""
    other = Database()
    length(other, "abc")
    value(other, Number(other, name="a", value=1))

    @query
    def reads(db: Database) -> int:
        read(other)
        return 0

    with pytest.raises(ForeignDatabase, match=r"reads\(\) read .* of another database"):
        reads(db)


def test_no_field_of_another_database(db: Database) -> None:
    """A handle remembers whose it is."""
    number = Number(Database(), name="a", value=1)

    @query
    def reads(db: Database) -> int:
        return number.value

    with pytest.raises(ForeignDatabase, match="Copy what is needed"):
        reads(db)


def test_a_deleted_handle_raises_wherever_it_is_used(db: Database, log: EventLog) -> None:
    """Reading, setting, deleting again, and asking a query about it."""
    number = Number(db, name="a", value=1)
    value(db, number)
    number.delete()
    log.clear()
    uses: list[Callable[[], object]] = [
        lambda: number.value,
        lambda: setattr(number, "value", 2),
        number.delete,
        lambda: value(db, number),
    ]
    for use in uses:
        with pytest.raises(DeletedHandle, match="Look it up again"):
            use()
    assert_executed(log)


def test_no_query_inside_a_write(db: Database, log: EventLog) -> None:
    """Between two revisions there is no state that an answer could be true of; the changes made stand."""
    number = Number(db, name="a", value=1)
    value(db, number)
    log.clear()
    with db.write():
        number.value = 2
        with pytest.raises(QueryInsideWrite, match="Ask it before or after"):
            value(db, number)
    assert value(db, number) == 2
    assert_executed(log, value)


def test_what_belongs_to_a_query_is_refused_outside_of_one(db: Database) -> None:
    """Structs, pushes and specified values have an owner."""
    with pytest.raises(DuplicateStruct, match="outside of a query"):
        Part(db, name="a", value=1)
    with pytest.raises(DuplicateStruct, match="outside of a query"):
        Note(text="a").push(db)
    with pytest.raises(DuplicateStruct, match="outside of a query"):
        value.specify(db, Number(db, name="a", value=1), value=1)


def test_a_closed_database_answers_nothing() -> None:
    """Green or not, reading or writing: each raises and says how to go on."""
    db = Database()
    number = Number(db, name="a", value=1)
    value(db, number)
    db.close()
    db.close()
    for use in (lambda: value(db, number), lambda: Number(db, name="b", value=1), lambda: setattr(number, "value", 2)):
        with pytest.raises(DatabaseClosed, match="Open it again"):
            use()
