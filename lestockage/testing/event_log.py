"""Event log: what an engine did, in order, and assertions that read it.

```python
log = EventLog()
with Database(on_event=log) as db:
    total(db)
    assert_executed(log, "total()", "words(SourceFile(path='a.txt'))")
    total(db)
    assert_executed(log)  # nothing ran
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.engine.events import WillExecute
from lestockage.engine.node import Memo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.engine.events import Event
    from lestockage.engine.query import Query

_OWN = "lestockage.engine."
"""Queries declared in here are machinery (collecting what was pushed): they appear in no assertion about a program's queries."""


class EventLog:
    """Collects events in the order they happen; give it to a database as `on_event`.

    `events` are all since the last `clear` (or `assert_executed`). Several databases and threads may share one log.
    """

    __slots__ = ("events",)

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        """Take one event."""
        self.events.append(event)

    def clear(self) -> None:
        """Forget what has happened so far."""
        self.events.clear()

    @property
    def executed(self) -> list[str]:
        """The calls whose bodies ran, as people write them: `words(SourceFile(path='a.txt'))`."""
        return self.calls(WillExecute)

    @property
    def happened(self) -> list[str]:
        """Every event as one line: its kind and what it happened to, `DidBackdate words(SourceFile(path='a.txt'))`."""
        return [f"{type(event).__name__} {event.node.describe()}" for event in self._of_the_program()]

    def calls(self, *kinds: type[Any]) -> list[str]:
        """What the events of these kinds happened to, in order."""
        return [event.node.describe() for event in self._of_the_program() if isinstance(event, kinds)]

    def _of_the_program(self) -> Iterator[Event]:
        for event in list(self.events):
            if not (isinstance(event.node, Memo) and event.node.table.name.startswith(_OWN)):
                yield event


def assert_executed(log: EventLog, *expected: str | Query[..., Any]) -> None:
    """Assert that the bodies which ran since the last such assertion are exactly these, in this order; then the log starts anew.

    Each is a call as people write it (`"words(SourceFile(path='a.txt'))"`) or a query, which stands for any call of it. None: nothing ran.

    Raises:
        AssertionError: with both lists; the log is left as it is.
    """
    ran = list(_executions(log))
    if len(ran) != len(expected) or not all(_is_call_of(memo, what) for memo, what in zip(ran, expected, strict=True)):
        raise AssertionError(f"executed   {_listed([memo.describe() for memo in ran])}\nexpected   {_listed(_spelled(expected))}")
    log.clear()


def assert_not_executed(log: EventLog, *queries: str | Query[..., Any]) -> None:
    """Assert that none of these calls or queries ran since the log was last cleared; without any: that nothing ran. The log is kept.

    Raises:
        AssertionError: naming what ran all the same.
    """
    ran = [memo.describe() for memo in _executions(log) if not queries or any(_is_call_of(memo, what) for what in queries)]
    if ran:
        unwanted = f"none of {_listed(_spelled(queries))}" if queries else "nothing"
        raise AssertionError(f"executed   {_listed(ran)}\nexpected   {unwanted}")


def _executions(log: EventLog) -> Iterator[Memo]:
    for event in list(log.events):
        if isinstance(event, WillExecute) and isinstance(event.node, Memo) and not event.node.table.name.startswith(_OWN):
            yield event.node


def _is_call_of(memo: Memo, what: str | Query[..., Any]) -> bool:
    if isinstance(what, str):
        return memo.describe() == what
    return memo.table.declaration is what.declaration


def _spelled(calls: tuple[str | Query[..., Any], ...]) -> list[str]:
    return [what if isinstance(what, str) else f"{what.__qualname__.rpartition('<locals>.')[2]}(…)" for what in calls]


def _listed(calls: list[str]) -> str:
    return ", ".join(calls) or "nothing"
