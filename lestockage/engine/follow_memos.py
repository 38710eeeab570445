"""Follow memos: memos in memory meet the rows that other processes have written for the same calls.

A memo whose dependencies are in memory, and unchanged, holds as it is. Every other takes its row over, clean or dirty: whoever wrote it has
seen values in between that this process has not, and only the row's `changed_at` tells of them. Where this process has a newer result that
was not committed, the memo is made to run again rather than compared with a history that others do not share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.engine.mark import mark
from lestockage.engine.node import MISSING, STALE, Cell, Memo
from lestockage.engine.publish import replace_edges, turn_green
from lestockage.engine.stored import GONE, UNLOADED, Stored

if TYPE_CHECKING:
    from lestockage.engine.durable import Durable
    from lestockage.engine.memostore import Row


def follow_memos(durable: Durable, *, is_ahead: bool) -> None:
    """Take memos over; the caller holds `db.exclusive` and a snapshot, and inputs were taken over before."""
    for memo in durable.unsaved_unknown():
        if memo.suspects is not None:
            row = durable.row_of(memo)
            if row is not None:
                durable.nodes.by_id[row.id] = memo
                memo.stored.id = row.id
    nodes = {number: node for number, node in durable.nodes.by_id.items() if type(node) is not Cell}
    rows = {row.id: row for row in durable.store.rows(list(nodes))}
    for number, node in nodes.items():
        row = rows.get(number)
        if type(node) is Memo:
            if row is None or not row.is_sound:
                make_due(durable, node, None)
            else:
                _meet(durable, node, row, is_ahead=is_ahead)


def _meet(durable: Durable, memo: Memo, row: Row, *, is_ahead: bool) -> None:
    stored = memo.stored
    is_as_known = row.digest == stored.digest and row.changed_at <= memo.changed_at
    if stored.is_linked:
        if memo.suspects is None or (row.is_dirty and is_as_known and not durable.is_unsaved(memo)):
            return  # what is in memory says all
    elif is_as_known and row.is_dirty == (memo.suspects is not None):
        memo.verified_at = row.verified_at if row.is_dirty else max(memo.verified_at, row.verified_at)
        if row.is_dirty:
            memo.suspects = UNLOADED  # there may be more
        return
    adopt(durable, memo, row, is_ahead=is_ahead)


def adopt(durable: Durable, memo: Memo, row: Row, *, is_ahead: bool = False) -> None:
    """Let a memo in memory be what its row says."""
    db = durable.db
    is_same = memo.verified_at != 0 and memo.stored.digest == row.digest
    changed_at = _since(durable, memo, row, is_same=is_same, is_ahead=is_ahead)
    verified_at = row.verified_at if row.is_dirty or is_ahead else db.revision  # what was changed here is not in the row yet
    if changed_at > verified_at or memo in db.facets or row.effects is not None:
        make_due(durable, memo, row)
        return
    _replace(durable, memo, row)
    if not is_same:
        memo.last = MISSING
        memo.table.used.pop(memo, None)
    memo.changed_at = changed_at
    memo.verified_at = verified_at
    memo.value = STALE
    mark(db, memo)
    if row.is_dirty:
        memo.suspects = UNLOADED
    else:
        turn_green(db, memo)


def meet_result(durable: Durable, memo: Memo, row: Row) -> None:
    """Let a memo that this call has claimed be what its clean row says; whatever is above it in memory is dirty, or was never computed."""
    is_same = memo.verified_at != 0 and memo.stored is not None and memo.stored.digest == row.digest
    changed_at = _since(durable, memo, row, is_same=is_same)
    if not is_same:
        memo.last = MISSING
    _replace(durable, memo, row)
    with durable.db.lock:
        memo.changed_at = changed_at
        memo.verified_at = max(durable.db.revision, changed_at)
        turn_green(durable.db, memo)


def _since(durable: Durable, memo: Memo, row: Row, *, is_same: bool, is_ahead: bool = False) -> int:
    """When a row's result has become the memo's, for those in memory who have read the memo."""
    if is_same:
        return max(memo.changed_at, row.changed_at)
    if is_ahead or durable.is_unsaved(memo):
        return durable.db.revision
    if not memo.verified_at and memo.dependents is not None:
        return durable.db.revision  # made due: they have read a result that the file may never have had
    return row.changed_at


def make_due(durable: Durable, memo: Memo, row: Row | None) -> None:
    """Have a memo run when it is next asked, as if it never had: its result changes with the latest of what it reads."""
    _replace(durable, memo, row)
    memo.last = MISSING
    memo.table.used.pop(memo, None)
    memo.value = STALE
    memo.changed_at = memo.verified_at = 0
    mark(durable.db, memo)
    memo.suspects = GONE


def _replace(durable: Durable, memo: Memo, row: Row | None) -> None:
    """Put a row in the place of what the memo knew of itself."""
    durable.forget(memo)
    with durable.db.lock:
        replace_edges(durable.db, memo, {})
    if row is not None:
        memo.stored = Stored(row.id, row.digest, effects=row.effects)
        if not memo.table.declaration.is_task:
            durable.nodes.by_id[row.id] = memo
            durable.nodes.has_unlinked = True
