"""A struct not made again is discarded with the memos keyed on it, and with what those memos made, recursively."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Database, Input, Key, Tracked, query
from lestockage.errors import DeletedHandle
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Source(Input):
    text: str


class Line(Tracked):
    text: Key[str]
    number: int


class Word(Tracked):
    text: Key[str]
    length: int


@query
def lines(db: Database, source: Source) -> tuple[Line, ...]:
    return tuple(Line(db, text=text, number=number) for number, text in enumerate(source.text.splitlines()))


@query
def words(db: Database, line: Line) -> tuple[Word, ...]:
    return tuple(Word(db, text=text, length=len(text)) for text in line.text.split())


@query
def length(db: Database, word: Word) -> int:
    return word.length


@query
def between(db: Database, one: Line, other: Line) -> int:
    return other.number - one.number


@query
def total(db: Database, source: Source) -> int:
    return sum(length(db, word) for line in lines(db, source) for word in words(db, line))


def test_what_is_keyed_on_it_goes_with_it(db: Database, log: EventLog) -> None:
    """Its fields, its memos, the structs that those made, and their memos; what others made stays."""
    source = Source(db, text="a bb\nccc")
    first, second = lines(db, source)
    assert (total(db, source), between(db, first, second)) == (6, 1)
    source.text = "ccc"
    log.clear()
    assert total(db, source) == 3
    assert sorted(line for line in log.happened if line.startswith("DidDiscard")) == [
        "DidDiscard between(Line(text='a bb'), Line(text='ccc'))",
        "DidDiscard length(Word(text='a'))",
        "DidDiscard length(Word(text='bb'))",
        "DidDiscard number of lines(Source())",
        "DidDiscard words(Line(text='a bb'))",
    ]
    assert_executed(log, lines, total)


def test_a_dead_handle_raises_when_read(db: Database) -> None:
    """Its fields, and queries about it, at every depth; the Key fields are still there to tell what it was."""
    source = Source(db, text="a bb\nccc")
    first, second = lines(db, source)
    word, _ = words(db, first)
    length(db, word)
    source.text = "ccc"
    lines(db, source)
    for use in (
        lambda: first.number,
        lambda: words(db, first),
        lambda: word.length,
        lambda: length(db, word),
        lambda: between(db, first, second),
    ):
        with pytest.raises(DeletedHandle, match="did not create it again"):
            use()
    assert (first.text, word.text) == ("a bb", "a")


def test_a_struct_made_anew_is_another_one(db: Database, log: EventLog) -> None:
    """Gone and back again: the old handle stays dead, and its queries run for the new one."""
    source = Source(db, text="a")
    (old,) = lines(db, source)
    words(db, old)
    source.text = "b"
    lines(db, source)
    source.text = "a"
    (new,) = lines(db, source)
    assert new is not old
    log.clear()
    words(db, new)
    assert_executed(log, "words(Line(text='a'))")
    with pytest.raises(DeletedHandle):
        words(db, old)


def test_deleting_the_input_discards_everything_below(db: Database) -> None:
    """The creating query's memo goes with its input, and its structs with the memo."""
    source = Source(db, text="a bb")
    (line,) = lines(db, source)
    word, _ = words(db, line)
    assert total(db, source) == 3
    source.delete()
    for use in (lambda: line.number, lambda: word.length, lambda: words(db, line)):
        with pytest.raises(DeletedHandle):
            use()
    assert [table.name for table in db.ingredients if table.entries and table.name.startswith(__name__)] == []


def test_a_dead_struct_read_by_a_running_query_raises(db: Database) -> None:
    """A handle that a query kept in a closure is no way to see the past."""
    source = Source(db, text="a")
    (old,) = lines(db, source)

    @query
    def cheats(db: Database) -> int:
        return old.number

    assert cheats(db) == 0
    source.text = "b"
    with pytest.raises(DeletedHandle):
        cheats(db)
