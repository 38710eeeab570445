"""Stored hits: the short way of an outermost call to its stored result looks at the file once for many; nobody gets another's value."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from lestockage import Accumulator, Database, Input, Key, query
from lestockage.errors import DatabaseClosed, QueryInsideWrite
from lestockage.testing import EventLog, assert_executed, assert_not_executed

if TYPE_CHECKING:
    from pathlib import Path


_HIDDEN = {"extra": 1}


class Number(Input):
    """A number."""

    i: Key[int]
    value: int


class Owner(Input):
    """One who has pets."""

    name: Key[str]


class Pet(Input):
    """An input that is called by another one."""

    owner: Key[Owner]
    name: Key[str]
    age: int


class Note(Accumulator):
    """Something said beside a result."""

    text: str


@query
def twice(db: Database, i: int) -> int:
    """A number, doubled."""
    found = Number.get(db, i=i)
    return 0 if found is None else found.value * 2


@query
def listed(db: Database, i: int) -> dict[str, list[int]]:
    """A value that can be changed."""
    return {"values": [i, twice(db, i)]}


@query
def long(db: Database, i: int) -> list[str]:
    """A value that does not lie in its row."""
    return [f"{i} {'x' * 400}"]


@query
def total(db: Database, count: int) -> int:
    """The sum over many."""
    return sum([twice(db, i) for i in range(count)])


@query
def ages(db: Database) -> dict[str, int]:
    """How old every pet is."""
    return {f"{pet.owner.name}/{pet.name}": pet.age for pet in Pet.all(db)}


@query
def age(db: Database, pet: Pet) -> int:
    """How old one is."""
    return pet.age


@query
def impure(db: Database, i: int) -> list[int]:
    """What nobody sees is in it."""
    return [i, _HIDDEN["extra"]]


@query
def pets(db: Database) -> tuple[Pet, ...]:
    """Every pet."""
    return Pet.all(db)


@query
def noted(db: Database, i: int) -> int:
    """Leave a note."""
    Note(text=str(i)).push(db)
    return i


@query
def notes(db: Database, i: int) -> int:
    """How many notes were left."""
    return len(noted.accumulated(Note, db, i))


def _build(path: Path, count: int = 40) -> None:
    with Database(path) as db:
        for i in range(count):
            Number(db, i=i, value=i)
        for i in range(count):
            twice(db, i)
            listed(db, i)
            long(db, i)
        total(db, count)


def test_results_asked_in_a_row_are_read_together(tmp_path: Path) -> None:
    """Forty hits in the order of their rows take few looks at the file: statements are counted, and no body runs."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        for i in range(40):
            Number(db, i=i, value=i)
            long(db, i)
    statements: list[str] = []
    log = EventLog()
    with Database(path, on_event=log) as db:
        assert long(db, 0) == ["0 " + "x" * 400]
        connection: sqlite3.Connection = db.file._connection
        connection.set_trace_callback(statements.append)
        assert [long(db, i)[0].split()[0] for i in range(1, 40)] == [str(i) for i in range(1, 40)]
        connection.set_trace_callback(None)
    assert_not_executed(log)
    assert len([text for text in statements if "memo_nodes" in text]) <= 16


@pytest.mark.parametrize("name", ["listed", "long"])
def test_a_value_that_can_be_changed_is_nobody_elses(tmp_path: Path, name: str) -> None:
    """What the first who asks does to a stored value is not seen by those who ask later, nor stored."""
    path = tmp_path / "memo.db"
    _build(path)
    asked = {"listed": listed, "long": long}[name]
    log = EventLog()
    with Database(path, on_event=log) as db:
        answers = [asked(db, 7) for _ in range(4)]
        assert answers[0] == answers[1] == answers[2] == answers[3]
        for number, answer in enumerate(answers):
            answer.clear()
            assert all(other for other in answers[number + 1 :])
        assert asked(db, 7)
    assert_not_executed(log)
    with Database(path) as db:
        assert asked(db, 7)


def test_a_change_reaches_what_was_read_ahead(tmp_path: Path) -> None:
    """A row that was read together with others, and an input that is changed before it is asked: the new value."""
    path = tmp_path / "memo.db"
    _build(path)
    with Database(path) as db:
        assert [twice(db, i) for i in range(40)][:10] == [i * 2 for i in range(10)]
        assert [listed(db, i)["values"] for i in range(10)] == [[i, i * 2] for i in range(10)]
        found = Number.get(db, i=12)
        assert found is not None
        found.value = 100
        assert listed(db, 12) == {"values": [12, 200]}
        assert listed(db, 13) == {"values": [13, 26]}


_CHANGE = """
import sys
from lestockage import Database
from tests.durable.test_stored_hits import Number
with Database(sys.argv[1]) as db:
    Number(db, i=int(sys.argv[2]), value=int(sys.argv[3]))
"""


def test_a_change_of_another_process_is_followed_with_the_next_look(tmp_path: Path) -> None:
    """Rows at hand are as memos in memory: they hold until memory follows, with the next look into the file or `refresh`."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        for i in range(40):
            Number(db, i=i, value=i)
        for i in range(40):
            twice(db, i)
    with Database(path) as db:
        assert [twice(db, i) for i in range(12)] == [i * 2 for i in range(12)]
        subprocess.run([sys.executable, "-c", _CHANGE, str(path), "13", "500"], check=True)
        db.refresh()
        assert twice(db, 13) == 1000
        subprocess.run([sys.executable, "-c", _CHANGE, str(path), "30", "600"], check=True)
        assert twice(db, 39) == 78  # not at hand: looked for in the file
        assert twice(db, 30) == 1200


def test_what_a_body_read_the_last_time_is_read_together(tmp_path: Path) -> None:
    """A root over forty memos, one of which has changed: the statements that read rows do not grow with what it reads."""
    found = {}
    for count in (10, 40):
        path = tmp_path / f"{count}.db"
        with Database(path) as db:
            for i in reversed(range(count)):
                Number(db, i=i, value=i)
                twice(db, i)
            total(db, count)
        statements: list[str] = []
        log = EventLog()
        with Database(path, on_event=log) as db:
            Number(db, i=3, value=1000)
            connection: sqlite3.Connection = db.file._connection
            connection.set_trace_callback(statements.append)
            assert total(db, count) == count * (count - 1) + 2 * 997
            connection.set_trace_callback(None)
        assert_executed(log, twice, total)
        found[count] = len([text for text in statements if "memo_nodes" in text])
    assert found[10] == found[40]


def test_calls_inside_a_write_and_after_closing_are_refused(tmp_path: Path) -> None:
    """The short way is closed where every call is refused."""
    path = tmp_path / "memo.db"
    _build(path)
    db = Database(path)
    assert twice(db, 0) == 0
    with db.write(), pytest.raises(QueryInsideWrite):
        twice(db, 1)
    assert twice(db, 2) == 4
    db.close()
    with pytest.raises(DatabaseClosed):
        twice(db, 3)


def test_writes_beside_stored_hits(tmp_path: Path) -> None:
    """While one thread changes inputs, others load stored results: none answers with less than it was asked after, nor is left stale."""
    path = tmp_path / "memo.db"
    count = 60
    with Database(path) as db:
        for i in range(count):
            Number(db, i=i, value=0)
            twice(db, i)
    for _ in range(5):
        failures: list[str] = []
        with Database(path) as db:
            done = [0] * count

            def write(db: Database = db, done: list[int] = done) -> None:
                for i in range(count):
                    Number(db, i=i, value=i + 1)
                    done[i] = i + 1

            def ask(db: Database = db, done: list[int] = done, failures: list[str] = failures) -> None:
                for i in reversed(range(count)):
                    least = done[i] * 2
                    found = twice(db, i)
                    if found < least:
                        failures.append(f"{i}: {found} < {least}")

            threads = [threading.Thread(target=write), *(threading.Thread(target=ask) for _ in range(3))]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
            assert failures == []
            assert [twice(db, i) for i in range(count)] == [(i + 1) * 2 for i in range(count)]
            with db.write():
                for i in range(count):
                    Number(db, i=i, value=0)
            assert sum(twice(db, i) for i in range(count)) == 0


def test_damage_to_a_value_in_its_row_is_found(tmp_path: Path) -> None:
    """A flipped byte in a small value, which lies in its row, is told by the seal: the body runs, and the damage is counted."""
    path = tmp_path / "memo.db"
    _build(path, count=3)
    with sqlite3.connect(path) as raw:
        rows = raw.execute(
            "SELECT n.id, digest FROM memo_nodes n JOIN memo_names m ON m.id = n.name WHERE m.name LIKE '%listed'"
        ).fetchall()
        number, digest = rows[1]
        raw.execute("UPDATE memo_nodes SET digest = ? WHERE id = ?", (digest[:-1] + bytes([digest[-1] ^ 1]), number))
    raw.close()
    log = EventLog()
    with Database(path, on_event=log) as db:
        assert [listed(db, i)["values"] for i in range(3)] == [[0, 0], [1, 2], [2, 4]]
        assert db.counts.damaged == 1
    assert_executed(log, "listed(1)")


def test_inputs_called_by_other_inputs_come_back(tmp_path: Path) -> None:
    """An input whose Key is another input is listed, looked up and followed after a restart; with the other one gone, it is gone too."""
    path = tmp_path / "memo.db"
    log = EventLog()
    with Database(path) as db:
        ann, bob = Owner(db, name="ann"), Owner(db, name="bob")
        pet = Pet(db, owner=ann, name="rex", age=3)
        Pet(db, owner=bob, name="rex", age=5)
        assert ages(db) == {"ann/rex": 3, "bob/rex": 5}
        assert age(db, pet) == 3
    with Database(path, on_event=log) as db:
        assert [(pet.owner.name, pet.age) for pet in Pet.all(db)] == [("ann", 3), ("bob", 5)]
        assert ages(db) == {"ann/rex": 3, "bob/rex": 5}
        assert_executed(log)
    with Database(path, on_event=log) as db:
        found = Owner.get(db, name="ann")
        assert found is not None
        Pet(db, owner=found, name="rex", age=4)
        assert ages(db) == {"ann/rex": 4, "bob/rex": 5}
        assert_executed(log, ages)
        found.delete()
    with Database(path, on_event=log) as db:
        assert [pet.owner.name for pet in Pet.all(db)] == ["bob"]


def test_what_was_pushed_is_collected_inside_queries_after_a_restart(tmp_path: Path) -> None:
    """A query that collects runs again for a change of its own, over what is stored of the query that pushed."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        assert notes(db, 3) == 1
    log = EventLog()
    with Database(path, on_event=log) as db:
        assert noted.accumulated(Note, db, 3) == (Note(text="3"),)
        assert notes(db, 3) == 1
    assert_not_executed(log)


def test_a_hit_that_is_overtaken_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another database commits between the row of a result and the inputs that it holds: the answer is that of the new state."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        Pet(db, owner=Owner(db, name="ann"), name="rex", age=3)
        assert len(pets(db)) == 1
    with Database(path) as db, Database(path) as other:
        adopt = db.store.nodes.adopt
        db.store.names.of_query(pets.declaration)  # its code was compared: the short way is open

        def adopt_late(memo: object, row: object, *, is_asked: bool) -> None:
            monkeypatch.undo()
            Pet(other, owner=Owner(other, name="bob"), name="kit", age=9)
            other.commit()
            adopt(memo, row, is_asked=is_asked)

        monkeypatch.setattr(db.store.nodes, "adopt", adopt_late)
        assert [(pet.owner.name, pet.age) for pet in pets(db)] == [("ann", 3), ("bob", 9)]


def test_what_was_lent_is_verified_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value that was decoded for its caller only is compared with what the body returns now."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        assert impure(db, 3) == [3, 1]
    with Database(path) as db:
        assert impure(db, 3) == [3, 1]
        assert db.verify() == []
    with Database(path) as db:
        assert impure(db, 3) == [3, 1]
        monkeypatch.setitem(_HIDDEN, "extra", 2)
        assert [(found.kept, found.found) for found in db.verify()] == [([3, 1], [3, 2])]
