"""Conftest: a database in memory and the log of what it did, for every test of the engine's behaviour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Database
from lestockage.testing import EventLog
from lestockage.testing.invariants import check_invariants

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def log() -> EventLog:
    """The events of `db`, in order."""
    return EventLog()


@pytest.fixture
def db(log: EventLog) -> Iterator[Database]:
    """A database in memory, whose invariants are checked when the test is done with it."""
    with Database(on_event=log) as database:
        yield database
        check_invariants(database)
