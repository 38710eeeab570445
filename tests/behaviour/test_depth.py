"""A chain of queries far deeper than Python's stack computes, verifies and re-executes; `tests/conformance` goes to 100,000."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from lestockage import Database, Input, query

if TYPE_CHECKING:
    from lestockage.testing import EventLog

LEVELS = 5_000


class Bottom(Input):
    value: int


@query
def level(db: Database, n: int) -> int:
    if n == 0:
        bottom = Bottom.get(db)
        assert bottom is not None
        return abs(bottom.value)
    return level(db, n - 1) + 1


def test_a_deep_chain_computes_verifies_and_runs_again(db: Database, log: EventLog) -> None:
    """Five times the recursion limit, which is left as it was."""
    assert sys.getrecursionlimit() < LEVELS
    limit = sys.getrecursionlimit()
    bottom = Bottom(db, value=1)
    assert level(db, LEVELS) == LEVELS + 1
    log.clear()
    bottom.value = -1
    assert level(db, LEVELS) == LEVELS + 1
    assert log.executed == ["level(0)"]
    log.clear()
    bottom.value = 2
    assert level(db, LEVELS) == LEVELS + 2
    assert log.executed == [f"level({n})" for n in range(LEVELS + 1)]
    assert sys.getrecursionlimit() == limit
