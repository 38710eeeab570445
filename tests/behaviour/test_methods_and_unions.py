"""Queries may be methods, and a union of input types may be a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Database, Input, Interned, Key, query
from lestockage.errors import ArgumentError
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Text(Input):
    path: Key[str]
    text: str

    @query
    def words(self, db: Database) -> int:
        """How many words the text has."""
        return len(self.text.split())

    @query
    def has_more_words(self, db: Database, other: Text, by: int = 0) -> bool:
        """Whether this text has more words than the other."""
        return self.words(db) > other.words(db) + by


class Picture(Input):
    path: Key[str]
    pixels: bytes


class Name(Interned):
    text: str

    @query
    def is_dunder(self, db: Database) -> bool:
        """Whether the name belongs to the language."""
        return self.text.startswith("__") and self.text.endswith("__")


@query
def size(db: Database, file: Text | Picture) -> int:
    return len(file.text) if isinstance(file, Text) else len(file.pixels)


@query
def size_or_zero(db: Database, file: Text | None) -> int:
    return 0 if file is None else size(db, file)


def test_a_method_is_a_query_keyed_by_its_handle(db: Database, log: EventLog) -> None:
    """Each handle has its own memo, and an edit re-runs only the one it touches."""
    one, other = Text(db, path="one", text="a b"), Text(db, path="other", text="a")
    assert one.has_more_words(db, other)
    assert_executed(log, has_more := "Text.has_more_words(Text(path='one'), Text(path='other'), 0)", Text.words, Text.words)
    other.text = "b"
    assert one.has_more_words(db, other)
    assert_executed(log, "Text.words(Text(path='other'))")
    other.text = "a b c"
    assert not one.has_more_words(db, other)
    assert_executed(log, "Text.words(Text(path='other'))", has_more)


def test_a_method_may_be_called_through_its_class(db: Database, log: EventLog) -> None:
    """`Text.words(file, db)` is the same memo."""
    file = Text(db, path="a", text="a b")
    assert Text.words(file, db) == file.words(db) == 2
    assert_executed(log, Text.words)


def test_a_method_of_an_interned_value(db: Database, log: EventLog) -> None:
    """Equal data, one memo."""
    assert Name(db, text="__init__").is_dunder(db)
    assert Name(db, text="__init__").is_dunder(db)
    assert_executed(log, "Name.is_dunder(Name(text='__init__'))")


def test_a_union_of_inputs_is_a_key(db: Database, log: EventLog) -> None:
    """Handles of both classes are keys of one query, each with its own memo."""
    text, picture = Text(db, path="a", text="abc"), Picture(db, path="a", pixels=b"12")
    assert (size(db, text), size(db, picture), size(db, text)) == (3, 2, 3)
    assert_executed(log, "size(Text(path='a'))", "size(Picture(path='a'))")
    picture.pixels = b"1"
    assert (size(db, text), size(db, picture)) == (3, 1)
    assert_executed(log, "size(Picture(path='a'))")


def test_none_may_be_a_member_of_the_union(db: Database, log: EventLog) -> None:
    """Nothing is a key too."""
    assert size_or_zero(db, None) == 0
    assert size_or_zero(db, Text(db, path="a", text="abc")) == 3
    assert_executed(log, "size_or_zero(None)", "size_or_zero(Text(path='a'))", size)


def test_a_handle_outside_of_the_union_is_refused(db: Database) -> None:
    """The message names what was expected."""
    with pytest.raises(ArgumentError, match="Text"):
        size(db, Name(db, text="a"))  # type: ignore[arg-type]
