"""Back in time: what was computed in an earlier state of inputs or code is not computed again when that state is back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from lestockage import Database, Input, Key, query
from lestockage.engine.events import DidReuseTrace
from lestockage.testing.event_log import EventLog, assert_executed, assert_not_executed

if TYPE_CHECKING:
    from pathlib import Path


class File(Input):
    """A text."""

    path: Key[str]
    text: str


class Flag(Input):
    """Decides what is read."""

    on: bool = False


@query
def words(db: Database, file: File) -> tuple[str, ...]:
    """The words of one text, long enough to be kept apart."""
    return tuple(word.center(40) for word in file.text.split())


@query(durable=False)
def counted(db: Database, file: File) -> int:
    """How many; kept in memory only."""
    return len(words(db, file))


@query(traces=False)
def first_word(db: Database, file: File) -> str:
    """Costs less than looking for what it was."""
    return words(db, file)[0].strip()


@query
def shouted(db: Database, file: File) -> str:
    """Reads what runs."""
    return first_word(db, file).upper()


@query
def total(db: Database) -> int:
    """The words of all texts."""
    return sum(counted(db, file) for file in File.all(db))


@query
def late(db: Database) -> int:
    """What `chosen` reads only while the flag is on."""
    return total(db)


@query
def chosen(db: Database) -> int:
    """Reads the flag, and more only if it is on."""
    flag = Flag.get(db)
    return late(db) if flag is not None and flag.on else -1


def opened(path: Path) -> tuple[Database, EventLog]:
    """The database of a file, and what it does."""
    log = EventLog()
    return Database(path, on_event=log), log


def kept(log: EventLog) -> list[str]:
    """What ran, but for what is kept in memory only."""
    return [call for call in log.executed if not call.startswith("counted(")]


@pytest.mark.parametrize("restarts", [False, True])
def test_an_edit_taken_back_executes_nothing(tmp_path: Path, *, restarts: bool) -> None:
    """A, B, A: the results of A hold again, whether or not the process lived on in between."""
    db, log = opened(tmp_path / "memo.db")
    with db.write():
        for name in "abc":
            File(db, path=name, text=f"{name} and more")
    assert total(db) == 9
    for step, text in enumerate(("one", "a and more", "one", "one two three four", "a and more")):
        if restarts:
            db.commit()
            db.close()
            db, log = opened(tmp_path / "memo.db")
        File(db, path="a", text=text)
        log.clear()
        assert total(db) == 6 + len(text.split())
        if step in (0, 3):
            assert kept(log) == ["words(File(path='a'))", "total()"]
        else:
            assert_not_executed(log)
            assert log.calls(DidReuseTrace)[-1] == "total()"
    db.close()


def test_what_has_no_traces_runs_and_what_read_it_does_not(tmp_path: Path) -> None:
    """A, B, A: the body without traces runs each time; its result is recognised by what read it."""
    with opened(tmp_path / "memo.db")[0] as db:
        file = File(db, path="a", text="one")
        assert shouted(db, file) == "ONE"
        db.commit()
        file.text = "two"
        assert shouted(db, file) == "TWO"
    db, log = opened(tmp_path / "memo.db")
    File(db, path="a", text="one")
    log.clear()
    assert shouted(db, File.get(db, path="a")) == "ONE"
    assert kept(log) == ["first_word(File(path='a'))"]
    db.close()


@pytest.mark.parametrize("restarts", [False, True])
def test_a_file_deleted_and_restored_executes_nothing(tmp_path: Path, *, restarts: bool) -> None:
    """Neither what was computed about the file, nor what was computed over all files with it, nor over all without it."""
    db, log = opened(tmp_path / "memo.db")
    with db.write():
        for name in "abc":
            File(db, path=name, text=f"{name} and more")
    assert total(db) == 9
    for is_first in (True, False):
        for is_there in (False, True):
            if restarts:
                db.commit()
                db.close()
                db, log = opened(tmp_path / "memo.db")
            log.clear()
            if is_there:
                File(db, path="b", text="b and more")
            else:
                file = File.get(db, path="b")
                assert file is not None
                file.delete()
            assert total(db) == (9 if is_there else 6)
            if is_first and not is_there:
                assert kept(log) == ["total()"]
            else:
                assert_not_executed(log)
    db.close()


def test_nothing_is_brought_up_to_date_that_would_not_be_read_now(tmp_path: Path) -> None:
    """The flag is off again, and a file has changed: what was read while it was on is not looked at."""
    with Database(tmp_path / "memo.db") as db:
        File(db, path="a", text="one two")
        Flag(db, on=False)
        assert chosen(db) == -1
        Flag(db, on=True)
        assert chosen(db) == 2
    db, log = opened(tmp_path / "memo.db")
    with db.write():
        File(db, path="a", text="one two three")
        Flag(db, on=False)
    assert chosen(db) == -1
    assert_not_executed(log)
    Flag(db, on=True)
    assert chosen(db) == 3
    assert_executed(log, "words(File(path='a'))", "counted(File(path='a'))", "total()", "late()", "chosen()")
    with db.write():
        File(db, path="a", text="one two")
    assert chosen(db) == 2
    assert_not_executed(log)
    db.close()


def test_a_result_that_was_overtaken_before_it_was_committed_is_known_after_a_restart(tmp_path: Path) -> None:
    """A is computed, B is set and not asked, then the file is closed: back at A nothing runs."""
    path = tmp_path / "memo.db"
    with Database(path) as db:
        File(db, path="a", text="one two")
        assert total(db) == 2
        File(db, path="a", text="one")
    db, log = opened(path)
    File(db, path="a", text="one two")
    assert total(db) == 2
    assert_not_executed(log, words, total)
    db.close()


def test_seventeen_states_are_kept(tmp_path: Path) -> None:
    """The present one and sixteen earlier ones; the one that was left longest ago is computed again."""
    path = tmp_path / "memo.db"
    for state in range(18):
        with Database(path) as db:
            File(db, path="a", text="word " * state)
            assert total(db) == state
    db, log = opened(path)
    for state in range(1, 18):
        File(db, path="a", text="word " * state)
        assert total(db) == state
    assert_not_executed(log)
    File(db, path="a", text="")
    assert total(db) == 0
    assert_executed(log, words, counted, total)
    db.close()


def test_explain_names_a_reused_trace(tmp_path: Path) -> None:
    """The first step says that the result of an earlier state holds again, and the next what has changed for it."""
    with Database(tmp_path / "memo.db") as db:
        File(db, path="a", text="one")
        total(db)
        File(db, path="a", text="two three")
        total(db)
        File(db, path="a", text="one")
        total(db)
        assert "earlier state" in db.explain(total).outcome


@query
async def awaited(db: Database, file: File) -> int:
    """An async query over a plain one."""
    await asyncio.sleep(0)
    return len(words(db, file))


@query
async def awaiting(db: Database) -> int:
    """An async query over async ones."""
    return sum([await awaited(db, file) for file in File.all(db)])


def test_async_queries_go_back_in_time_too(tmp_path: Path) -> None:
    """A, B, A, each in a process's life of its own."""
    ran = []
    for text in ("one", "two three", "one", "two three"):
        with Database(tmp_path / "memo.db") as db:
            File(db, path="a", text=text)
            assert asyncio.run(awaiting(db)) == len(text.split())
            ran.append(sum(db.executions().values()))
    assert ran == [3, 3, 0, 0]


def close(one: int, other: int) -> bool:
    """Equal for a query of its own mind."""
    return abs(one - other) <= 1


@query(eq=close)
def rough(db: Database, file: File) -> int:
    """Differs only by more than one."""
    return len(file.text)


@query
def over_rough(db: Database, file: File) -> int:
    """What reads it."""
    return rough(db, file)


def test_a_comparison_of_its_own_holds_for_traces_too(tmp_path: Path) -> None:
    """A result that comes back, and is equal by the query's comparison, leaves what reads it alone."""
    with Database(tmp_path / "memo.db") as db:
        file = File(db, path="a", text="1234")
        for text in ("1234", "123456", "12345", "1234", "12345", "123456"):
            file.text = text
            assert close(over_rough(db, file), len(text))
            db.commit()
        assert db.executions()[f"{__name__}.over_rough"] == 2


class Page(Input):
    """A page that leads to another."""

    name: Key[str]
    to: str


def nobody(db: Database, page: Page) -> frozenset[str]:  # the query's shape
    """What is reached before anything is known."""
    return frozenset()


@query(cycle_initial=nobody)
def reached(db: Database, page: Page) -> frozenset[str]:
    """The pages that a page leads to, at any distance."""
    after = Page.get(db, name=page.to)
    return frozenset({page.to}) | (frozenset() if after is None else reached(db, after))


def test_a_circle_whose_head_is_discarded_runs_again(tmp_path: Path) -> None:
    """The page that a circle was entered by is deleted: what took part in the circle runs, since what it rested on is gone."""
    with Database(tmp_path / "memo.db") as db:
        head, other = Page(db, name="a", to="b"), Page(db, name="b", to="a")
        assert reached(db, head) == reached(db, other) == {"a", "b"}
        db.commit()
        head.delete()
        assert reached(db, other) == {"a"}
