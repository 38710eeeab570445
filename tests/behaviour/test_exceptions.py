"""A query's exception reaches the caller unchanged, with the query stack as a note; nothing is kept, asking again tries again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Database, Input, query
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Source(Input):
    text: str


class Refused(Exception):  # noqa: N818  # an exception of the program's own
    """Raised by a body."""


@query
def parsed(db: Database, source: Source) -> int:
    try:
        return int(source.text)
    except ValueError:
        raise Refused(source.text) from None


@query
def doubled(db: Database, source: Source) -> int:
    return 2 * parsed(db, source)


@query
def careful(db: Database, source: Source) -> int:
    try:
        return doubled(db, source)
    except Refused:
        return -1


@query
def shown(db: Database, source: Source) -> str:
    return f"{careful(db, source)}"


def test_it_arrives_unchanged_with_the_stack_as_a_note(db: Database) -> None:
    """The very exception, with one note, innermost query first."""
    with pytest.raises(Refused) as caught:
        doubled(db, Source(db, text="x"))
    assert caught.value.args == ("x",)
    assert caught.value.__notes__ == ["query stack, innermost first:\n  parsed(Source())\n  doubled(Source())"]


def test_nothing_is_kept_of_it(db: Database, log: EventLog) -> None:
    """Neither for the query nor for its callers: asking again runs again."""
    source = Source(db, text="x")
    for _ in range(2):
        with pytest.raises(Refused):
            doubled(db, source)
    assert_executed(log, doubled, parsed, doubled, parsed)


def test_after_the_cause_is_gone_it_works(db: Database, log: EventLog) -> None:
    """And fails again when it is back."""
    source = Source(db, text="x")
    with pytest.raises(Refused):
        doubled(db, source)
    source.text = "4"
    assert doubled(db, source) == 8
    log.clear()
    source.text = "y"
    with pytest.raises(Refused, match="y"):
        doubled(db, source)
    assert_executed(log, parsed, doubled)


def test_raised_during_verification_it_propagates_the_same_way(db: Database, log: EventLog) -> None:
    """The failing dependency runs once, while its dependent is being verified; whoever catches does so in its own body."""
    source = Source(db, text="4")
    assert shown(db, source) == "8"
    log.clear()
    source.text = "x"
    assert shown(db, source) == "-1"
    assert_executed(log, parsed, doubled, careful, shown)


def test_who_caught_it_depends_on_what_failed(db: Database, log: EventLog) -> None:
    """A handler's result is a result like any other: kept, and computed again when the cause changes."""
    source = Source(db, text="x")
    assert shown(db, source) == "-1"
    log.clear()
    assert shown(db, source) == "-1"
    assert_executed(log)
    source.text = "5"
    assert shown(db, source) == "10"
    assert log.executed[-1] == "shown(Source())"


def test_the_value_before_a_failure_is_still_compared_with(db: Database, log: EventLog) -> None:
    """There, away and back again: the dependent of the unchanged value does not run."""
    source = Source(db, text="4")
    assert doubled(db, source) == 8
    source.text = "x"
    with pytest.raises(Refused):
        doubled(db, source)
    log.clear()
    source.text = " 4"
    assert doubled(db, source) == 8
    assert_executed(log, parsed)
