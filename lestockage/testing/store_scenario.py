"""Store scenario: a small program over a memo store, opened again after every change, with what must run each time.

It has what a store sees of an engine: inputs and which there are, small and large results, dependencies that depend on values, structs,
pushed values, an edit that is cut off, states that come back, and inputs that are gone.
"""

# ruff: noqa: S101  # a test's assertions, in a place where users find them

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lestockage.database import Database  # noqa: TC001  # resolved when queries are declared
from lestockage.engine.accumulator import Accumulator
from lestockage.engine.annotations import Key  # noqa: TC001  # as above
from lestockage.engine.inputs import Input
from lestockage.engine.query import query
from lestockage.engine.tracked import Tracked
from lestockage.testing.dict_store import database_over
from lestockage.testing.event_log import EventLog, assert_executed

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.engine.memostore import MemoStore

_PADDING: Final = "x" * 1_000


class Page(Input):
    """A text, and whether it counts."""

    name: Key[str]
    text: str
    is_draft: bool


class Line(Tracked):
    """One line of a page."""

    number: Key[int]
    text: str


class Empty(Accumulator):
    """A page without a line."""

    name: str


@query
def lines(db: Database, page: Page) -> tuple[Line, ...]:
    """The lines of a page."""
    found = [text for text in page.text.split("\n") if text]
    if not found:
        Empty(name=page.name).push(db)
    return tuple(Line(db, number=number, text=text) for number, text in enumerate(found))


@query
def shout(db: Database, line: Line) -> str:
    """A line in capitals, and so much more that it is no small value."""
    del db
    return line.text.upper() + _PADDING


@query
def shown(db: Database, page: Page) -> str:
    """A page as it is shown: of a draft, nothing is read but that it is one."""
    if page.is_draft:
        return ""
    return "".join(shout(db, line).removesuffix(_PADDING) for line in lines(db, page))


@query
def book(db: Database) -> str:
    """All pages."""
    return "|".join(shown(db, page) for page in Page.all(db))


def run_scenario(open_store: Callable[[], MemoStore]) -> None:
    """Run the program over a store, opened anew for each step.

    Raises:
        AssertionError: when an answer is wrong, or other bodies run than have to.
    """
    log = EventLog()

    def step(change: Callable[[Database], object], answer: str, *executed: str) -> None:
        with database_over(open_store(), on_event=log) as db:
            change(db)
            assert book(db) == answer, (book(db), answer)
            assert_executed(log, *executed)

    a, b = "Page(name='a')", "Page(name='b')"
    step(
        lambda db: (Page(db, name="a", text="one\ntwo", is_draft=False), Page(db, name="b", text="three", is_draft=True)),
        "ONETWO|",
        *("book()", f"shown({a})", f"lines({a})", "shout(Line(number=0))", "shout(Line(number=1))", f"shown({b})"),
    )
    step(lambda _: None, "ONETWO|")
    step(lambda db: _write(db, "b", "four"), "ONETWO|")
    step(lambda db: _write(db, "a", "one\ntwo\n"), "ONETWO|", f"lines({a})")
    step(lambda db: _write(db, "a", "one\n2"), "ONE2|", f"lines({a})", "shout(Line(number=1))", f"shown({a})", "book()")
    step(lambda db: _write(db, "a", "one\ntwo\n"), "ONETWO|")
    step(
        lambda db: setattr(_page(db, "b"), "is_draft", False),
        "ONETWO|FOUR",
        f"shown({b})",
        f"lines({b})",
        "shout(Line(number=0))",
        "book()",
    )
    step(lambda db: _page(db, "a").delete(), "FOUR", "book()")
    step(lambda db: Page(db, name="a", text="one\ntwo\n", is_draft=False), "ONETWO|FOUR")
    step(lambda db: _write(db, "b", ""), "ONETWO|", f"lines({b})", f"shown({b})")  # the book is that of an earlier state
    with database_over(open_store(), on_event=log) as db:
        assert lines.accumulated(Empty, db, _page(db, "b")) == (Empty(name="b"),)
        assert_executed(log)


def _page(db: Database, name: str) -> Page:
    found = Page.get(db, name=name)
    assert found is not None
    return found


def _write(db: Database, name: str, text: str) -> None:
    _page(db, name).text = text
