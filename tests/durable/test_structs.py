"""Tracked structs, specified values and what is collected inside queries survive a restart, and are recognised in an earlier state."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from lestockage import Accumulator, Database, Input, Key, Tracked, query
from lestockage.engine import registry
from lestockage.errors import DeletedHandle
from lestockage.store.trace_blobs import pack_effects
from lestockage.testing.invariants import check_invariants

if TYPE_CHECKING:
    from pathlib import Path


class Source(Input):
    """Words, each with a weight: `a:1 b:2`."""

    text: str = ""


class Other(Input):
    """A number that some queries read besides."""

    number: int = 0


class Word(Tracked):
    """One word of the source."""

    text: Key[str]
    weight: int
    place: int


class Letter(Tracked):
    """One letter of a word, made on the word's behalf."""

    text: Key[str]
    word: Word
    copies: list[int]


class Seen(Accumulator):
    """A word that was looked at."""

    text: str


@query
def words(db: Database) -> tuple[Word, ...]:
    """The words of the source."""
    source = Source.get(db)
    assert source is not None
    found = [entry.partition(":")[::2] for entry in source.text.split()]
    made = []
    for place, (text, weight) in enumerate(found):
        word = Word(db, text=text, weight=int(weight or 0), place=place)
        if text == "given":
            length.specify(db, word, value=100 + int(weight or 0))
        made.append(word)
    return tuple(made)


@query
def weight(db: Database, word: Word) -> int:
    """Reads one field."""
    return word.weight


@query
def place(db: Database, word: Word) -> int:
    """Reads the other."""
    return word.place


@query
def length(db: Database, word: Word) -> int:
    """May be specified by the maker of the word."""
    other = Other.get(db)
    Seen(text=word.text).push(db)
    return len(word.text) + (other.number if other is not None else 0)


@query
def letters(db: Database, word: Word) -> list[Letter]:
    """Structs made for a struct, which hold it and something that can be changed."""
    return [Letter(db, text=letter, word=word, copies=[word.weight]) for letter in word.text]


@query
def spelled(db: Database, letter: Letter) -> str:
    """A query about the innermost."""
    return letter.text * letter.copies[0] + letter.word.text


@query
def report(db: Database) -> tuple[str, ...]:
    """Asks everything about every word."""
    return tuple(
        f"{word.text} {weight(db, word)} {place(db, word)} {length(db, word)} {[spelled(db, letter) for letter in letters(db, word)]}"
        for word in words(db)
    )


@query
def lengths(db: Database) -> int:
    """What pushes below the reader of pushes."""
    return sum(length(db, word) for word in words(db))


@query
def seen(db: Database) -> str:
    """Collects inside a query."""
    return " ".join(found.text for found in lengths.accumulated(Seen, db))


@query
def loudest(db: Database) -> str:
    """Above one that collects."""
    return seen(db).upper()


@query
def first(db: Database) -> Word | None:
    """A handle as a result."""
    found = words(db)
    return found[0] if found else None


@query
def first_weight(db: Database) -> int:
    """Holds a handle through another result."""
    word = first(db)
    return -1 if word is None else word.weight


def executed(db: Database) -> dict[str, int]:
    """What ran, by the query's own name; what collects is the engine's."""
    return {name.rpartition(".")[2]: count for name, count in db.executions().items() if not name.endswith("._collect")}


def test_a_restart_executes_nothing_about_structs(tmp_path: Path) -> None:
    """Nested structs, what is keyed on them, specified values and what is collected are all there again."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        Source(db, text="a:1 given:2 a:3")
        before = report(db), loudest(db), first_weight(db)
    for _ in range(2):
        with Database(path) as db:
            assert (report(db), loudest(db), first_weight(db)) == before
            one, two, three = words(db)
            assert (one.text, one.weight, two.place, three.weight) == ("a", 1, 1, 3)
            assert [length(db, word) for word in (one, two, three)] == [1, 102, 1]
            assert [letter.word for letter in letters(db, three)] == [three]
            assert lengths.accumulated(Seen, db) == (Seen(text="a"), Seen(text="a"))
            assert executed(db) == {}
            check_invariants(db)


def test_a_field_that_stays_does_not_run_its_readers_after_a_restart(tmp_path: Path) -> None:
    """Made again with another weight: only what reads the weight of that word runs."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        Source(db, text="a:1 b:2")
        for word in words(db):
            assert (weight(db, word), place(db, word)) == (word.weight, word.place)
    with Database(path) as db:
        Source(db, text="a:1 b:7")
        assert [weight(db, word) + place(db, word) for word in words(db)] == [1, 8]
        assert executed(db) == {"words": 1, "weight": 1}
        check_invariants(db)
    with Database(path) as db:
        Source(db, text="b:7 a:1")
        assert sorted(weight(db, word) * 10 + place(db, word) for word in words(db)) == [11, 70]
        assert executed(db) == {"words": 1, "place": 2}


def test_what_is_keyed_on_a_struct_that_is_not_made_again_is_discarded(tmp_path: Path) -> None:
    """Handles of the struct, and of those made for it, raise, whether or not their memos were in memory."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        Source(db, text="a:1 b:2")
        report(db)
    with Database(path) as db:
        a, b = words(db)
        letter = letters(db, b)[0]
        Source(db, text="a:1")
        assert words(db) == (a,)
        for dead in (lambda: b.weight, lambda: letter.copies, lambda: weight(db, b), lambda: spelled(db, letter)):
            with pytest.raises(DeletedHandle):
                dead()
        assert report(db) == ("a 1 0 1 ['aa']",)
        check_invariants(db)
    with Database(path) as db:
        assert len(words(db)) == 1
        assert executed(db) == {}


def test_structs_of_an_earlier_state_come_back_without_executing(tmp_path: Path) -> None:
    """A → B → A, and all of it once more after a restart; handles that a restored result holds are the living ones."""
    path = tmp_path / "memo.db"
    states = ["a:1 given:2", "b:3", "given:5 a:1"]
    results = []
    with Database(path) as db:
        for text in states:
            Source(db, text=text)
            results.append((report(db), loudest(db), first_weight(db), first(db).text))  # type: ignore[union-attr]
    with Database(path) as db:
        for _ in range(2):
            for text, result in zip(states, results, strict=True):
                Source(db, text=text)
                assert (report(db), loudest(db), first_weight(db), first(db).text) == result  # type: ignore[union-attr]
                assert first(db) is words(db)[0]
                assert executed(db) == {}
                check_invariants(db)
            db.commit()


def test_a_struct_back_in_the_same_process_is_not_served_as_the_dead_one(tmp_path: Path) -> None:
    """A result that holds a handle is equal to the one before in bytes, and another object: nobody is left with the dead handle."""
    with Database(tmp_path / "memo.db") as db:
        Source(db, text="a:1")
        old = first(db)
        assert first_weight(db) == 1
        Source(db, text="")
        assert words(db) == ()
        Source(db, text="a:1")
        assert first(db) is not old
        assert first(db) is words(db)[0]
        assert first_weight(db) == 1
        check_invariants(db)


def test_a_value_that_is_not_specified_any_more_is_computed_after_a_restart(tmp_path: Path) -> None:
    """And specified again it is served again; the body's result is remembered for itself."""
    path = tmp_path / "memo.db"

    def given(text: str) -> tuple[int, dict[str, int]]:
        with Database(path) as db:
            Source(db, text=text)
            found = [length(db, word) for word in words(db) if word.text == "given"]
            check_invariants(db)
            return found[0], executed(db)

    assert given("given:2") == (102, {"words": 1})
    assert given("given:2") == (102, {})
    assert given("given:3 x:1") == (103, {"words": 1})
    assert given("given:2") == (102, {})


class Rating(Tracked):
    """A struct whose rating is specified while the number is odd."""

    name: Key[str]


@query
def ratings(db: Database) -> tuple[Rating, ...]:
    """Specifies one value, or not."""
    made = Rating(db, name="it")
    other = Other.get(db)
    assert other is not None
    if other.number % 2:
        stars.specify(db, made, value=other.number)
    return (made,)


@query
def stars(db: Database, rating: Rating) -> int:
    """What the body says of it."""
    source = Source.get(db)
    return -len(source.text) if source is not None else 0


@query
def all_stars(db: Database) -> int:
    """Asks for the rating."""
    return sum(stars(db, rating) for rating in ratings(db))


def test_specified_and_not_specified_alternate_across_restarts(tmp_path: Path) -> None:
    """Each state is computed once."""
    path = tmp_path / "memo.db"
    runs: dict[str, int] = {}
    for number, expected in ((1, 1), (2, -3), (3, 3), (2, -3), (1, 1), (4, -3), (1, 1)):
        with Database(path) as db:
            Source(db, text="abc")
            Other(db, number=number)
            assert all_stars(db) == expected
            check_invariants(db)
            for name, count in executed(db).items():
                runs[name] = runs.get(name, 0) + count
    assert runs["ratings"] == 4
    assert runs["stars"] == 1


@query
def flag(db: Database) -> int:
    """Pushes another thing without coming out different."""
    other = Other.get(db)
    assert other is not None
    Seen(text=str(other.number)).push(db)
    return 0


@query
def told(db: Database) -> str:
    """Depends on what is pushed only."""
    return " ".join(found.text for found in flag.accumulated(Seen, db))


@query
def above_told(db: Database) -> str:
    """Above it."""
    return told(db) + "!"


def test_what_is_collected_inside_is_a_dependency_across_restarts(tmp_path: Path) -> None:
    """A push that differs beside an equal value runs its reader; equal pushes run nothing; an earlier state is recognised."""
    path = tmp_path / "memo.db"

    def ask(number: int) -> tuple[str, dict[str, int]]:
        with Database(path) as db:
            Other(db, number=number)
            found = above_told(db)
            check_invariants(db)
            return found, executed(db)

    once = {"flag": 1, "told": 1, "above_told": 1}
    assert ask(1) == ("1!", once)
    assert ask(1) == ("1!", {})
    assert ask(2) == ("2!", once)
    assert ask(1) == ("1!", {})


class Opaque(Tracked):
    """A struct with a field that has no encoding."""

    name: Key[str]
    thing: object


@query
def opaques(db: Database) -> tuple[Opaque, ...]:
    """Makes one."""
    other = Other.get(db)
    assert other is not None
    return (Opaque(db, name="it", thing=object() if other.number else 7),)


@query
def named(db: Database, opaque: Opaque) -> str:
    """Keyed on it."""
    return opaque.name + str(opaque.thing)[:0]


def test_a_struct_that_cannot_be_written_is_made_again(tmp_path: Path) -> None:
    """Its maker, and what is keyed on it, are computed after a restart; an earlier row of theirs is not taken for the present."""
    path = tmp_path / "memo.db"
    for number, ran in ((0, 1), (1, 1), (1, 1), (0, 0)):
        with Database(path) as db:
            Other(db, number=number)
            assert [named(db, opaque) for opaque in opaques(db)] == ["it"]
            assert executed(db).get("opaques", 0) == ran
            check_invariants(db)


def test_structs_of_a_class_that_is_gone_are_made_again(tmp_path: Path) -> None:
    """With another class of that name and other fields, the record says nothing: the maker runs."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        Source(db, text="a:1")
        assert report(db)
        before = report(db)
    tag = registry.struct_tag(Word)
    kept = registry.structs.pop(tag)
    try:
        with Database(path) as db:
            assert [word.text for word in words(db)] == ["a"]
            assert executed(db) == {"words": 1}
    finally:
        registry.structs[tag] = kept
    with Database(path) as db:
        assert report(db) == before


@query(durable=False)
def grade(db: Database, rating: Rating) -> int:
    """Its value is not stored."""
    return len(rating.name)


@query
def graded(db: Database) -> tuple[Rating, ...]:
    """Specifies a value that must not be stored."""
    made = Rating(db, name="graded")
    grade.specify(db, made, value=9)
    return (made,)


def test_a_value_specified_for_a_query_that_is_not_stored_is_specified_again(tmp_path: Path) -> None:
    """Its maker runs after a restart, and the body never does."""
    path = tmp_path / "memo.db"
    for _ in range(2):
        with Database(path) as db:
            assert [grade(db, rating) for rating in graded(db)] == [9]
            assert executed(db) == {"graded": 1}


def test_a_damaged_record_is_made_again(tmp_path: Path) -> None:
    """Bytes with a good checksum that are no record, or speak of no struct: the maker runs, nothing is served."""
    for damage in (b"\x01", b"\x95\x90\xc0\x90\x91\x95\xc4\x00\xc4\x00\x00\x90\x90\x90", b"\x92\x90\x90", b"\xc1"):
        path = tmp_path / f"{damage.hex()}.db"
        with Database(path) as db:
            Source(db, text="a:1 given:2")
            before = report(db)
        file = sqlite3.connect(path)
        file.execute("UPDATE memo_nodes SET effects = ? WHERE effects NOTNULL", (pack_effects(damage),))
        file.commit()
        file.close()
        with Database(path) as db:
            assert [weight(db, word) for word in words(db)] == [1, 2]
            assert executed(db)["words"] == 1
            assert report(db) == before
            check_invariants(db)
        with Database(path) as db:
            assert [weight(db, word) for word in words(db)] == [1, 2]
            assert executed(db) == {}


def test_a_specified_value_whose_row_was_lost_comes_with_its_maker(tmp_path: Path) -> None:
    """What its maker's record says is served, and stored again."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        Source(db, text="given:2")
        assert [length(db, word) for word in words(db)] == [102]
    file = sqlite3.connect(path)
    number = file.execute("SELECT id FROM memo_names WHERE name LIKE '%.length'").fetchone()[0]
    file.execute("DELETE FROM memo_edges WHERE dependent IN (SELECT id FROM memo_nodes WHERE name = ?)", (number,))
    file.execute("DELETE FROM memo_nodes WHERE name = ?", (number,))
    file.commit()
    file.close()
    for _ in range(2):
        with Database(path) as db:
            assert [length(db, word) for word in words(db)] == [102]
            assert executed(db) == {}
            check_invariants(db)


def test_what_was_collected_from_a_discarded_call_goes_with_it(tmp_path: Path) -> None:
    """Collected again from the struct that is back, by way of the store."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        for text in ("a:1", "b:1", "a:1"):
            Source(db, text=text)
            for word in words(db):
                assert length.accumulated(Seen, db, word) == (Seen(text=word.text),)
            check_invariants(db)
        db.commit()
        assert db.check() == []
    with Database(path) as db:
        assert [length.accumulated(Seen, db, word) for word in words(db)] == [(Seen(text="a"),)]
        assert executed(db) == {}


class Loose(Accumulator):
    """Pushed, with what cannot be stored."""

    thing: object


@query
def loose(db: Database) -> int:
    """Pushes what has no encoding."""
    Loose(thing=object()).push(db)
    return 1


@query
def loose_count(db: Database) -> int:
    """Collects it."""
    return len(loose.accumulated(Loose, db))


def test_what_has_no_encoding_is_collected_again(tmp_path: Path) -> None:
    """Inside a query too: it is neither stored nor an error."""
    path = tmp_path / "memo.db"
    for _ in range(2):
        with Database(path) as db:
            assert loose_count(db) == 1
            assert executed(db) == {"loose": 1, "loose_count": 1}


def test_two_databases_agree_on_structs_that_one_of_them_made(tmp_path: Path) -> None:
    """What one commits, the other takes over, with results of its own that it has not committed, and revisions that it has counted."""
    path = tmp_path / "memo.db"
    with Database(path) as one, Database(path) as two:
        Source(one, text="a:1 given:2")
        assert report(one)
        one.commit()
        assert report(two) == report(one)
        Other(two, number=3)
        assert report(two)
        Source(one, text="a:5 given:2")
        assert report(one)
        one.commit()
        two.refresh()
        assert report(two) == ("a 5 0 4 ['aaaaaa']", *report(two)[1:])
        two.commit()
        one.refresh()
        assert report(one) == report(two)
        for db in (one, two):
            check_invariants(db)
            assert db.verify() == []
    with Database(path) as db:
        assert report(db)[0].startswith("a 5 0 4")
        assert db.check() == []


class BrokenError(Exception):
    """What a body raises."""


@query
def fragile(db: Database) -> tuple[Word, ...]:
    """Makes structs, and fails for some texts."""
    source = Source.get(db)
    assert source is not None
    made = tuple(Word(db, text=text, weight=len(text), place=0) for text in source.text.split())
    if "fail" in source.text:
        raise BrokenError(source.text)
    return made


def test_a_maker_that_fails_after_a_restart_leaves_its_row_for_the_state_that_it_tells_of(tmp_path: Path) -> None:
    """What it made before it failed is not known to hold; back in the earlier state nothing runs."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        Source(db, text="ab c")
        assert [weight(db, word) for word in fragile(db)] == [2, 1]
    with Database(path) as db:
        Source(db, text="ab fail")
        with pytest.raises(BrokenError):
            fragile(db)
        check_invariants(db)
        db.commit()
    with Database(path) as db:
        with pytest.raises(BrokenError):
            fragile(db)
        Source(db, text="ab c")
        assert [weight(db, word) for word in fragile(db)] == [2, 1]
        assert executed(db) == {"fragile": 1}
        check_invariants(db)
