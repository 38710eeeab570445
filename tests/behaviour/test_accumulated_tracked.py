"""Called inside a query, `accumulated` is a proper tracked dependency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage import Accumulator, Database, Input, Key, query
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Text(Input):
    path: Key[str]
    text: str


class Problem(Accumulator):
    message: str


class Remark(Accumulator):
    message: str


@query
def length(db: Database, file: Text) -> int:
    text = file.text
    if "!" in text:
        Problem(message=f"{file.path} shouts").push(db)
    if "?" in text:
        Remark(message=f"{file.path} asks").push(db)
    return len(text)


@query
def total(db: Database) -> int:
    return sum(length(db, file) for file in Text.all(db))


@query
def report(db: Database) -> str:
    return ", ".join(problem.message for problem in total.accumulated(Problem, db))


@query
def headline(db: Database) -> str:
    return report(db).upper()


def test_a_new_value_runs_the_collector(db: Database, log: EventLog) -> None:
    """Though the value of the query it collects from stays equal."""
    file = Text(db, path="a", text="x")
    assert headline(db) == ""
    log.clear()
    file.text = "!"
    assert headline(db) == "A SHOUTS"
    assert_executed(log, length, report, headline)


def test_equal_values_do_not_run_the_collector(db: Database, log: EventLog) -> None:
    """The text changed and its length too; what was pushed did not."""
    file = Text(db, path="a", text="!")
    headline(db)
    log.clear()
    file.text = "!!!"
    assert headline(db) == "A SHOUTS"
    assert_executed(log, length, total)


def test_another_class_is_another_dependency(db: Database, log: EventLog) -> None:
    """A remark that comes or goes is nothing to who collects problems."""
    file = Text(db, path="a", text="!.")
    headline(db)
    log.clear()
    file.text = "!?"
    assert headline(db) == "A SHOUTS"
    assert_executed(log, length)


def test_nothing_changed_nothing_runs(db: Database, log: EventLog) -> None:
    """Asked again in the same and in a later revision."""
    Text(db, path="a", text="!")
    other = Text(db, path="b", text="")
    headline(db)
    log.clear()
    headline(db)
    assert log.events == []
    other.text = "?"
    headline(db)
    assert_executed(log, "length(Text(path='b'))", total)
