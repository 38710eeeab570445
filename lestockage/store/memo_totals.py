"""Memo totals: how many results of which query a file keeps, and what they take."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile

_SQL = """
    SELECT m.name, count(*),
           sum(length(n.key) + coalesce(length(n.digest), 0) + coalesce(length(n.deps), 0) + coalesce(length(n.reads), 0)
               + coalesce(length(n.effects), 0) + 24),
           coalesce(sum(length(v.bytes)), 0), sum(n.dirty)
    FROM memo_nodes n JOIN memo_names m ON m.id = n.name LEFT JOIN memo_values v ON v.hash = n.digest
    WHERE m.name NOT LIKE '%/%' AND m.name NOT LIKE '%: %'
    GROUP BY m.name ORDER BY m.name
"""


class MemoTotals(NamedTuple):
    """One query in one file: its results, how many of them are dirty, the bytes of their rows (without indexes) and of their values."""

    name: str
    memos: int
    dirty: int
    row_bytes: int
    value_bytes: int


def memo_totals(file: StoreFile) -> list[MemoTotals]:
    """Return the totals of every stored query, by name; results of a task under code of different versions are one task's. Reads every row.

    A value that several rows share is counted for each.
    """
    found: dict[str, MemoTotals] = {}
    for stored, memos, rows, values, dirty in file.query(_SQL):
        name = stored.partition("@")[0]
        before = found.get(name, MemoTotals(name, 0, 0, 0, 0))
        found[name] = MemoTotals(name, before.memos + memos, before.dirty + dirty, before.row_bytes + rows, before.value_bytes + values)
    return list(found.values())


def count_values(file: StoreFile) -> int:
    """Return how many values a file keeps; equal ones are one."""
    return int(file.query("SELECT count(*) FROM memo_values")[0][0])


def count_traces(file: StoreFile) -> int:
    """Return how many results of earlier states a file keeps."""
    return int(file.query("SELECT count(*) FROM memo_traces")[0][0])
