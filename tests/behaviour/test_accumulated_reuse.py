"""Accumulated values survive memo hits at any depth, validation, and a backdated execution whose values differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Accumulator, Database, Input, Key, query
from lestockage.testing import assert_executed
from lestockage.testing.invariants import check_invariants

if TYPE_CHECKING:
    from pathlib import Path

    from lestockage.testing import EventLog


class Text(Input):
    path: Key[str]
    text: str


class Problem(Accumulator):
    message: str


@query
def check(db: Database, file: Text) -> int:
    for number, line in enumerate(file.text.splitlines()):
        if "!" in line:
            Problem(message=f"{file.path}:{number}").push(db)
    return len(file.text.splitlines())


@query
def check_all(db: Database) -> int:
    return sum(check(db, file) for file in Text.all(db))


def _messages(db: Database) -> list[str]:
    return [problem.message for problem in check_all.accumulated(Problem, db)]


@pytest.fixture
def files(db: Database) -> tuple[Text, Text]:
    """Two texts with one problem each, checked."""
    made = Text(db, path="a", text="x\n!"), Text(db, path="b", text="!\ny")
    check_all(db)
    return made


def test_through_memo_hits(db: Database, log: EventLog, files: tuple[Text, Text]) -> None:
    """Nothing runs, everything is there."""
    log.clear()
    assert _messages(db) == _messages(db) == ["a:1", "b:0"]
    assert_executed(log)


def test_after_one_part_ran_again(db: Database, log: EventLog, files: tuple[Text, Text]) -> None:
    """What did not run contributes what it pushed before."""
    files[0].text = "!\nx\n!"
    assert check_all(db) == 5
    assert_executed(log, check_all, check, check, "check(Text(path='a'))", check_all)
    assert _messages(db) == ["a:0", "a:2", "b:0"]
    assert_executed(log)


def test_after_a_backdated_execution_with_other_values(db: Database, log: EventLog, files: tuple[Text, Text]) -> None:
    """The number of lines is equal, so the root is only validated; the problem has moved all the same."""
    assert _messages(db) == ["a:1", "b:0"]
    log.clear()
    files[0].text = "!\nx"
    assert _messages(db) == ["a:0", "b:0"]
    assert_executed(log, "check(Text(path='a'))")


def test_after_a_validation_that_others_asked_for(db: Database, log: EventLog, files: tuple[Text, Text]) -> None:
    """The root is brought up to date by a plain call first; collecting afterwards sees the new values."""
    assert _messages(db) == ["a:1", "b:0"]
    files[0].text = "!\nx"
    check_all(db)
    log.clear()
    assert _messages(db) == ["a:0", "b:0"]
    assert_executed(log)


def test_what_is_not_pushed_again_is_gone(db: Database, files: tuple[Text, Text]) -> None:
    """Repaired, deleted, or not called any more."""
    files[0].text = "x\ny"
    assert _messages(db) == ["b:0"]
    files[1].delete()
    assert _messages(db) == []


def test_a_failed_execution_leaves_nothing(db: Database) -> None:
    """What was pushed before the exception is not kept, and asking again pushes again."""

    class Flag(Input):
        fails: bool

    flag = Flag(db, fails=True)

    @query
    def risky(db: Database) -> int:
        Problem(message="risky").push(db)
        return 1 // (0 if flag.fails else 1)

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            risky.accumulated(Problem, db)
    flag.fails = False
    assert risky.accumulated(Problem, db) == (Problem(message="risky"),)


def test_a_circle_that_was_only_validated_is_collected_whole(db: Database) -> None:
    """The participants of a circle are brought up to date with its head, which does not depend on them."""

    class Limit(Input):
        value: int

    limit = Limit(db, value=2)

    def nothing(_db: Database, _number: int) -> int:
        return 0

    @query(cycle_initial=nothing)
    def around(db: Database, number: int) -> int:
        Problem(message=f"around {number}").push(db)
        return max(around(db, 1 - number), limit.value) if number == 0 else around(db, 0)

    around(db, 0)
    with db.write():
        limit.value = 3
        limit.value = 2
    assert around.accumulated(Problem, db, 0) == (Problem(message="around 0"), Problem(message="around 1"))
    check_invariants(db)


def test_a_restart_loses_none(tmp_path: Path) -> None:
    """After reopening, the same values are there, wherever they come from."""
    with Database(tmp_path / "memo.db") as db:
        Text(db, path="a", text="x\n!")
        Text(db, path="b", text="fine")
        assert _messages(db) == ["a:1"]
    with Database(tmp_path / "memo.db") as db:
        check_all(db)
        assert _messages(db) == ["a:1"]
        file = Text.get(db, path="b")
        assert file is not None
        file.text = "!"
        assert _messages(db) == ["a:1", "b:0"]
