"""Events: what the engine did, in order, for whoever wants to listen.

A callback given to `Database(on_event=...)` receives them as they happen. Tests assert on them; `lestockage.testing.EventLog` collects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lestockage.engine.node import Node


class WillExecute(NamedTuple):
    """A query's body is about to run."""

    node: Node


class DidValidate(NamedTuple):
    """A dirty memo in memory turned green without running: nothing that it read had changed."""

    node: Node


class DidBackdate(NamedTuple):
    """A query ran and its result equals the one before: its dependents need not run."""

    node: Node


class WillBlockOn(NamedTuple):
    """The query is being computed by another thread or task: this one waits for it."""

    node: Node


class WillIterateCycle(NamedTuple):
    """The head of a cycle starts another iteration; `iteration` counts from 1, the first run is iteration 0."""

    node: Node
    iteration: int


class DidDiscard(NamedTuple):
    """A memo or a tracked struct's field is gone: what it was keyed on, or created by, no longer exists."""

    node: Node


class DidEvict(NamedTuple):
    """A memo's value was dropped to keep the query within its `lru`; its dependencies stay."""

    node: Node


class DidLoad(NamedTuple):
    """A memo came out of the store."""

    node: Node


class DidReuseTrace(NamedTuple):
    """What a query reads was recognised as an earlier state of it: the result of that state holds again, unexecuted."""

    node: Node


class DidFindDamage(NamedTuple):
    """What the store holds of this memo has changed bytes: it is computed again."""

    node: Node


Event = (
    WillExecute
    | DidValidate
    | DidBackdate
    | WillBlockOn
    | WillIterateCycle
    | DidDiscard
    | DidEvict
    | DidLoad
    | DidReuseTrace
    | DidFindDamage
)
