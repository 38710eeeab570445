"""Dirt in memory: above a change most of what is stored is found to hold without being loaded, and the file hears only of what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Accumulator, Database, Input, Key, Tracked, query

if TYPE_CHECKING:
    from pathlib import Path


class Text(Input):
    """One text."""

    name: Key[str]
    text: str


def text(db: Database, name: str) -> str:
    """Read one text."""
    found = Text.get(db, name=name)
    assert found is not None
    return found.text


def write(db: Database, name: str, value: str) -> None:
    """Set one text."""
    Text(db, name=name, text=value)


@query
def first_line(db: Database) -> str:
    """What a firewall lets through."""
    return text(db, "a").partition("\n")[0]


@query
def size(db: Database) -> int:
    """What every edit changes."""
    return len(text(db, "a"))


@query
def page(db: Database, number: int) -> int:
    """One of many readers of the firewall."""
    return len(first_line(db)) + number


@query
def book(db: Database, pages: int) -> int:
    """Reads all of them, and what changes."""
    return size(db) + sum(page(db, number) for number in range(pages))


@query
def library(db: Database, books: int) -> int:
    """Reads pages through books of all sizes, none of which reads what changes."""
    return sum(shelf(db, number) for number in range(books))


@query
def shelf(db: Database, pages: int) -> int:
    """Reads pages only."""
    return sum(page(db, number) for number in range(pages))


@query
def flag(db: Database) -> int:
    """Equal whichever text it reads, until one differs; which one it reads depends on another."""
    return len(text(db, "b")) if text(db, "a") == "look at b" else 1


@query
def above(db: Database) -> int:
    """A reader of the flag."""
    return flag(db) + 10


@query(durable=False)
def letters(db: Database) -> int:
    """Its value is not stored, so a result of an earlier state is recognised and then computed."""
    return len(text(db, "a").replace("\n", ""))


@query
def weight(db: Database) -> int:
    """A reader of that."""
    return letters(db) * 2


def ran(db: Database) -> dict[str, int]:
    """How often each query ran, by its last name."""
    return {name.rpartition(".")[2]: count for name, count in db.executions().items()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file in which everything holds."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        write(db, "a", "one\ntwo")
        write(db, "b", "x")
        library(db, 40)
        book(db, 40)
        above(db)
    return path


def test_what_is_above_an_equal_result_is_not_loaded(path: Path) -> None:
    """Of forty pages and forty shelves above a firewall that holds, none but what was looked at on the way to it is loaded."""
    with Database(path) as db:
        write(db, "a", "one\nthree")
        assert library(db, 40) == sum(sum(3 + number for number in range(pages)) for pages in range(40))
        assert ran(db) == {"first_line": 1}
        # The library, the shelves that it suspects, the pages of the first of these, and the firewall.
        assert db.counts.loaded <= 45
        assert db.counts.verified <= 45


def test_the_file_hears_only_of_what_does_not_hold(path: Path) -> None:
    """Between a change and the commit nothing is written; with it, what has run, and that what nobody has asked for is dirty."""
    with Database(path) as db:
        library(db, 0)  # something is loaded, so a change is heard of at once
        written = db.file.total_changes
        write(db, "a", "one\nthree")
        library(db, 40)
        assert db.file.total_changes == written
        db.commit()
        dirty = db.file.query("SELECT count(*) FROM memo_nodes WHERE dirty")[0][0]
        assert dirty == 4  # size, which nobody asked for, and book above it; flag, and above it
        assert db.check() == []
    with Database(path) as db:
        assert (book(db, 40), above(db)) == (9 + sum(3 + number for number in range(40)), 11)
        assert ran(db) == {"size": 1, "book": 1, "flag": 1}


def test_a_process_that_dies_before_the_commit_has_changed_nothing(path: Path) -> None:
    """Without a commit, nothing is dirty when the file is opened again, and nothing has to run."""
    db = Database(path)
    write(db, "a", "other")
    assert book(db, 40) == 5 + sum(5 + number for number in range(40))
    db.close()
    with Database(path) as db:
        assert db.file.query("SELECT count(*) FROM memo_nodes WHERE dirty") == [(0,)]
        assert book(db, 40) == 7 + sum(3 + number for number in range(40))
        assert ran(db) == {}


def test_what_was_found_to_hold_hears_of_the_next_change(path: Path) -> None:
    """Pages that were told, unloaded, that they hold are dirty once more after a second change, in the same process and uncommitted."""
    with Database(path) as db:
        write(db, "a", "one\nthree")
        assert shelf(db, 2) == 7
        write(db, "a", "longer\nthree")
        assert [shelf(db, pages) for pages in (2, 39)] == [13, sum(6 + number for number in range(39))]


def test_a_result_that_changed_and_was_computed_once_more_is_not_what_its_row_says(tmp_path: Path) -> None:
    """A query whose value is not stored comes to an earlier result, and runs for the value alone: who read the later one has to look."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        write(db, "a", "one")
        assert weight(db) == 6
        db.commit()
        write(db, "a", "three")
        assert weight(db) == 10
    with Database(path) as db:
        write(db, "a", "one")
        assert letters(db) == 3
        assert weight(db) == 6


@pytest.mark.parametrize("is_loaded", [True, False])
def test_a_result_that_holds_rests_on_what_was_read_to_find_that_out(path: Path, is_loaded: bool) -> None:
    """A query ran, came out equal, and has read something new: a change of that reaches who was told that it holds."""
    with Database(path) as db:
        write(db, "a", "look at b")
        assert (above(db) if is_loaded else flag(db) + 10) == 11
        write(db, "b", "longer")
        assert above(db) == 16
        db.commit()
        assert db.check() == []
    with Database(path) as db:
        assert above(db) == 16
        assert ran(db) == {}


def test_what_holds_unloaded_can_be_explained(path: Path) -> None:
    """It did not run, because what it read came out equal, down to what was set."""
    with Database(path) as db:
        write(db, "a", "one\nthree")
        library(db, 40)
        loaded = db.counts.loaded
        told = str(db.explain(page, 39))
        assert [line.strip().partition(" (revision")[0] for line in told.splitlines()] == [
            "page(39): was validated without running: what it read came out equal",
            "first_line(): ran, and its result came out equal (backdated)",
            "Text(name='a').text: was set",
        ]
        assert db.counts.loaded > loaded
        assert str(db.explain(page, 40)).startswith("page(40): was never asked")


class Part(Tracked):
    """A piece of a text."""

    text: Key[str]
    size: int


@query
def parts(db: Database) -> tuple[Part, ...]:
    """The words of a text."""
    return tuple(Part(db, text=word, size=len(text(db, "b"))) for word in text(db, "a").split())


@query
def measured(db: Database, part: Part) -> int:
    """Reads a field."""
    return part.size


@query
def all_parts(db: Database) -> list[int]:
    """Asks about every part."""
    return [measured(db, part) for part in parts(db)]


def test_a_result_that_is_discarded_before_its_commit_is_not_what_its_row_says(tmp_path: Path) -> None:
    """A struct's reader ran, the struct went and came back, all uncommitted: the row of the reader is that of an earlier state."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        write(db, "a", "u v")
        write(db, "b", "x")
        assert all_parts(db) == [1, 1]
    with Database(path) as db:
        write(db, "b", "xxx")
        assert all_parts(db) == [3, 3]
        write(db, "a", "u")
        assert all_parts(db) == [3]
        write(db, "a", "u v")
        assert all_parts(db) == [3, 3]
        db.commit()
        assert db.check() == []
    with Database(path) as db:
        assert all_parts(db) == [3, 3]


class Remark(Accumulator):
    """A side output that may have no encoding."""

    about: object


@query
def remarked(db: Database) -> int:
    """While it pushes what has no encoding, its result cannot be stored, and it reads another text."""
    if text(db, "a") == "remark":
        Remark(about=open).push(db)
        return len(text(db, "b"))
    return len(text(db, "a"))


@query
def above_remarked(db: Database) -> int:
    """A reader of that."""
    return remarked(db) + 10


@query
def far_above_remarked(db: Database) -> int:
    """A reader of the reader."""
    return above_remarked(db) + 100


def test_a_result_that_could_not_be_stored_has_changed(tmp_path: Path) -> None:
    """A query came to something else, which has no place in the store, and then to the same once more, which has: its row knew neither."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        write(db, "a", "x")
        write(db, "b", "xx")
        assert above_remarked(db) == 11
    with Database(path) as db:
        write(db, "a", "remark")
        assert remarked(db) == 2
        write(db, "a", "yy")
        assert remarked(db) == 2
        assert above_remarked(db) == 12


def test_what_a_result_that_cannot_be_stored_rests_on_reaches_its_stored_readers(tmp_path: Path) -> None:
    """It came out equal, so its reader holds by its row; what it has read beside what its own row says changes."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        write(db, "a", "xx")
        write(db, "b", "yy")
        assert above_remarked(db) == 12
    with Database(path) as db:
        assert above_remarked(db) == 12
        assert remarked(db) == 2
        write(db, "a", "remark")
        assert remarked(db) == 2
        assert above_remarked(db) == 12
        write(db, "b", "longer")
        assert above_remarked(db) == 16
        db.commit()
        assert db.check() == []
    with Database(path) as db:
        assert above_remarked(db) == 16


def test_what_a_result_that_cannot_be_stored_rests_on_reaches_far_above_it_after_a_commit(tmp_path: Path) -> None:
    """A commit leaves what is above such a result dirty in the file, where a sweep ends, and green in memory."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        write(db, "a", "xx")
        write(db, "b", "yy")
        assert far_above_remarked(db) == 112
    with Database(path) as db:
        assert far_above_remarked(db) == 112
        assert remarked(db) == 2
        write(db, "a", "remark")
        assert far_above_remarked(db) == 112
        for _ in range(2):
            db.commit()
            write(db, "b", "longer")
            assert far_above_remarked(db) == 116
            write(db, "b", "yy")
            assert far_above_remarked(db) == 112
        assert db.check() == []


def test_garbage_collection_keeps_the_row_of_a_result_that_cannot_be_stored(tmp_path: Path) -> None:
    """The row of an earlier result is dirty then, and is written again once a result can be stored."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        write(db, "a", "xx")
        write(db, "b", "yy")
        assert above_remarked(db) == 12
    with Database(path) as db:
        write(db, "a", "remark")
        assert above_remarked(db) == 12
        db.gc(max_bytes=0)
        write(db, "a", "longer")
        assert above_remarked(db) == 16
        db.commit()
        assert db.check() == []
