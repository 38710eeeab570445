"""Eviction: keep at most `lru=N` values of a query; dependencies stay, so dependents stay green without running it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.engine import events
from lestockage.engine.node import MISSING, STALE, Facet, Memo

if TYPE_CHECKING:
    from lestockage.engine.runtime import Engine
    from lestockage.engine.table import Table


def use(table: Table, memo: Memo) -> None:
    """Note that a memo's value was used just now."""
    table.used.pop(memo, None)
    table.used[memo] = None


def evict(db: Engine, table: Table) -> None:
    """Drop the values beyond the table's capacity, the least recently used first; at the start of a revision, with nothing running."""
    capacity = table.lru
    if capacity is None:
        return
    for memo in list(table.used)[: max(len(table.used) - capacity, 0)]:
        del table.used[memo]
        if memo.last is MISSING:
            continue
        if memo in db.participants or type(memo.deps) is Facet:
            continue  # its body alone does not give its value: it was found by a cycle, or specified
        memo.last = MISSING
        memo.value = STALE
        if db.on_event is not None:
            db.on_event(events.DidEvict(memo))
