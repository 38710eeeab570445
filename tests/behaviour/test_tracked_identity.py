"""A struct's identity is its creating query, its class, its Key fields, and an ordinal among equals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage import Database, Input, Key, Tracked, query
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Source(Input):
    name: Key[str]
    text: str


class Word(Tracked):
    text: Key[str]
    place: int


class Other(Tracked):
    text: Key[str]
    place: int


@query
def words(db: Database, source: Source) -> tuple[Word, ...]:
    return tuple(Word(db, text=text, place=place) for place, text in enumerate(source.text.split()))


@query
def others(db: Database, source: Source) -> tuple[Word | Other, ...]:
    return tuple(cls(db, text=text, place=0) for text in source.text.split() for cls in (Word, Other))


@query
def place(db: Database, word: Word) -> int:
    return word.place


def test_equal_keys_are_told_apart_by_order(db: Database, log: EventLog) -> None:
    """The first `a` stays the first `a`, whatever comes between."""
    source = Source(db, name="s", text="a a b")
    first, second, third = words(db, source)
    assert len({first, second, third}) == 3
    source.text = "b a a"
    assert words(db, source) == (third, first, second)
    assert [place(db, word) for word in (first, second, third)] == [1, 2, 0]
    assert_executed(log, words, words, place, place, place)


def test_the_class_is_part_of_the_identity(db: Database) -> None:
    """Equal keys of two classes are two structs."""
    word, other = others(db, Source(db, name="s", text="a"))
    assert (type(word), type(other)) == (Word, Other)


def test_the_creating_query_is_part_of_the_identity(db: Database) -> None:
    """Another query, and the same query of another input, make other structs."""
    one, two = Source(db, name="1", text="a"), Source(db, name="2", text="a")
    assert len({*words(db, one), *words(db, two), *others(db, one)}) == 4


def test_reordering_changes_the_list_and_no_struct(db: Database, log: EventLog) -> None:
    """The same structs in another order are another value, and readers of unchanged fields stay."""

    @query
    def doubled(db: Database, word: Word) -> str:
        return 2 * word.text

    source = Source(db, name="s", text="a b")
    before = words(db, source)
    assert [doubled(db, word) for word in before] == ["aa", "bb"]
    log.clear()
    source.text = "b a"
    assert words(db, source) == before[::-1]
    assert [doubled(db, word) for word in before] == ["aa", "bb"]
    assert_executed(log, words)
