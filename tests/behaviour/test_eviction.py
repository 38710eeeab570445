"""`lru=N`: values beyond N are dropped when a new revision starts; dependencies stay, so dependents stay green without executing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Accumulator, Database, Input, Key, query
from lestockage.engine.events import DidEvict
from lestockage.errors import ArgumentError
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Text(Input):
    path: Key[str]
    text: str


class Note(Accumulator):
    text: str


@query(lru=2)
def upper(db: Database, file: Text) -> str:
    return file.text.upper()


@query
def length(db: Database, file: Text) -> int:
    return len(upper(db, file))


@pytest.fixture
def files(db: Database, log: EventLog) -> tuple[Text, ...]:
    """Four texts, each read through the query with a capacity."""
    made = tuple(Text(db, path=path, text=path * 2) for path in "abcd")
    for file in made:
        length(db, file)
    log.clear()
    return made


def test_the_least_recently_used_go_at_the_next_revision(db: Database, log: EventLog, files: tuple[Text, ...]) -> None:
    """Not before; a hit counts as a use."""
    upper(db, files[0])
    assert log.calls(DidEvict) == []
    files[3].text = "x"
    assert log.calls(DidEvict) == ["upper(Text(path='b'))", "upper(Text(path='c'))"]
    assert (upper(db, files[0]), upper(db, files[1])) == ("AA", "BB")
    assert_executed(log, "upper(Text(path='b'))")


def test_dependents_stay_green(db: Database, log: EventLog, files: tuple[Text, ...]) -> None:
    """They do not need the value that was dropped."""
    files[3].text = "x"
    assert [length(db, file) for file in files[:3]] == [2, 2, 2]
    assert_executed(log)


def test_a_dropped_value_is_computed_without_a_change(db: Database, log: EventLog, files: tuple[Text, ...]) -> None:
    """Asked for, the body runs; nobody above does, for nothing has changed."""
    files[3].text = "x"
    assert upper(db, files[0]) == "AA"
    assert length(db, files[0]) == 2
    assert_executed(log, "upper(Text(path='a'))")


def test_a_real_change_still_reaches_the_dependents(db: Database, log: EventLog, files: tuple[Text, ...]) -> None:
    """Without an earlier value to compare with, an execution after a change counts as one."""
    files[3].text = "x"
    files[0].text = "abc"
    assert length(db, files[0]) == 3
    assert_executed(log, "upper(Text(path='a'))", "length(Text(path='a'))")


def test_capacity_changes_at_run_time(db: Database, log: EventLog, files: tuple[Text, ...]) -> None:
    """From the next revision on; nonsense is refused."""
    upper.set_lru(db, 1)
    files[0].text = "x"
    assert len(log.calls(DidEvict)) == 3
    upper.set_lru(db, 10)
    for file in files:
        upper(db, file)
    log.clear()
    files[0].text = "y"
    assert log.calls(DidEvict) == []
    for refused in (lambda: upper.set_lru(db, 0), lambda: length.set_lru(db, 3)):
        with pytest.raises(ArgumentError, match=r"Declare it with @query\(lru=N\)"):
            refused()


def test_what_a_dropped_value_pushed_is_collected_without_it(db: Database, log: EventLog) -> None:
    """Whoever needs what an execution left, and not its value, does not run it again for that."""
    text = Text(db, path="a", text="abc")

    @query
    def first(db: Database, file: Text) -> str:
        return file.text[:1]

    @query(lru=1)
    def noting(db: Database, file: Text, number: int) -> int:
        Note(text=first(db, file)).push(db)
        return number

    noting(db, text, 1)
    noting(db, text, 2)
    text.text = "abd"
    log.clear()
    assert noting.accumulated(Note, db, text, 1) == (Note(text="a"),)
    assert_executed(log, "first(Text(path='a'))")
