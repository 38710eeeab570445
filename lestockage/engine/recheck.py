"""Recheck: run what is remembered once more and compare, to find queries that are not pure, or memos that are not true."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, NamedTuple

from lestockage.engine.frame import current, enter, new_frame
from lestockage.engine.node import STALE, Facet, Memo

if TYPE_CHECKING:
    from lestockage.engine.runtime import Engine


class Mismatch(NamedTuple):
    """A call whose body gave something else than what is remembered; `found` is the exception where it raised."""

    call: str
    kept: Any
    found: Any


def recheck(db: Engine, sample: float) -> list[Mismatch]:
    """Run the bodies of a random share of the green memos again, without keeping what they return, and list those that differ.

    Left out: tasks (their arguments are not kept), async queries, and what takes part in a cycle or was specified (its body alone does
    not decide it).
    """
    chosen = [
        memo
        for table in db.ingredients
        if not table.declaration.is_task and not table.declaration.is_async
        for memo in list(table.entries.values())
        if _has_value(db, memo) and not isinstance(memo.deps, Facet) and memo not in db.participants and memo not in db.created
    ]
    if sample < 1.0:
        chosen = random.sample(chosen, round(len(chosen) * sample))
    return [mismatch for memo in chosen for mismatch in _compare(db, memo)]


def _has_value(db: Engine, memo: Memo) -> bool:
    """Whether a memo that somebody has asked for holds; its value is decoded again where it was lent."""
    if memo.value is not STALE:
        return True
    return db.store is not None and db.store.values.is_lent(memo) and bool(db.store.values.restore(memo))


def _compare(db: Engine, memo: Memo) -> list[Mismatch]:
    before = current()
    try:
        enter(new_frame(db, memo, None))
        found = memo.table.invoke(db, memo.args)
    except Exception as error:  # noqa: BLE001  # reported as what was found
        return [Mismatch(memo.describe(), memo.value, error)]
    finally:
        enter(before)
    return [] if memo.table.is_equal(memo.value, found) else [Mismatch(memo.describe(), memo.value, found)]
