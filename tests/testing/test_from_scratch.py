"""From scratch: the oracle copies the inputs, asks anew, and tells a wrong answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Database, Input, Interned, Key, Tracked, query
from lestockage.errors import ArgumentError
from lestockage.testing import assert_from_scratch, from_scratch

if TYPE_CHECKING:
    from pathlib import Path

_HIDDEN = {"factor": 2}


class Folder(Input):
    """A folder."""

    name: Key[str]


class File(Input):
    """A text in a folder."""

    folder: Key[Folder]
    name: Key[str]
    text: str
    tags: list[str]


class Friend(Input):
    """One who may know another."""

    name: Key[str]
    best: Input | None


class Word(Interned):
    """A word."""

    text: str


class Part(Tracked):
    """A part of a text."""

    number: Key[int]
    text: str


@query
def length(db: Database, file: File) -> int:
    """How long a text is, times what nobody sees."""
    return len(file.text) * _HIDDEN["factor"]


@query
def parts(db: Database, file: File) -> tuple[Part, ...]:
    """The words of a text."""
    return tuple(Part(db, number=number, text=text) for number, text in enumerate(file.text.split()))


@query
def part_length(db: Database, part: Part) -> int:
    """How long a part is."""
    return len(part.text)


@query
def holders(db: Database, word: Word) -> frozenset[File]:
    """The files that hold a word."""
    return frozenset(file for file in File.all(db) if word.text in file.text)


@query
def refuses(db: Database, file: File) -> int:
    """Raise, with what the file holds."""
    raise ValueError(file.text)


def _files(db: Database) -> File:
    folder = Folder(db, name="docs")
    File(db, folder=folder, name="b", text="two three", tags=[])
    return File(db, folder=folder, name="a", text="one two", tags=["x"])


def test_a_right_answer_is_returned() -> None:
    """Handles among arguments and in answers stand for the same in both databases, inputs of inputs too."""
    with Database() as db:
        file = _files(db)
        assert assert_from_scratch(db, length, file) == 14
        file.text = "one"
        assert assert_from_scratch(db, length, file=file) == 6
        assert assert_from_scratch(db, holders, Word(db, text="two")) == {found for found in File.all(db) if found is not file}
        assert [part.text for part in assert_from_scratch(db, parts, file)] == ["one"]


def test_a_wrong_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A query that read what the database cannot see answers other than from scratch."""
    with Database() as db:
        file = _files(db)
        assert assert_from_scratch(db, length, file) == 14
        monkeypatch.setitem(_HIDDEN, "factor", 3)
        with pytest.raises(AssertionError, match=r"answers +14\nfrom scratch +21"):
            assert_from_scratch(db, length, file)


def test_the_same_exception_is_an_answer() -> None:
    """What a call raises is compared too, and reaches the caller."""
    with Database() as db, pytest.raises(ValueError, match="one two"):
        assert_from_scratch(db, refuses, _files(db))


def test_a_struct_is_no_argument() -> None:
    """A struct exists only where its query has run: it cannot be looked up elsewhere."""
    with Database() as db:
        part = parts(db, _files(db))[0]
        with pytest.raises(ArgumentError, match="made by a query"):
            assert_from_scratch(db, part_length, part)


def test_stored_inputs_are_copied(tmp_path: Path) -> None:
    """What a reopened database has not looked at is copied from its file; lists are copies."""
    with Database(tmp_path / "memo.db") as db:
        _files(db)
    with Database(tmp_path / "memo.db") as db:
        fresh = from_scratch(db)
        assert [(file.folder.name, file.name, file.text, file.tags) for file in File.all(fresh)] == [
            ("docs", "a", "one two", ["x"]),
            ("docs", "b", "two three", []),
        ]
        assert all(file.folder is Folder.get(fresh, name="docs") for file in File.all(fresh))


def test_inputs_in_a_circle_are_refused() -> None:
    """Inputs that hold others are copied after them; a circle has no first one, and is told."""
    with Database() as db:
        first = Friend(db, name="a", best=None)
        second = Friend(db, name="b", best=first)
        assert [friend.name for friend in Friend.all(from_scratch(db))] == ["a", "b"]
        first.best = second
        with pytest.raises(ArgumentError, match="circle"):
            from_scratch(db)
