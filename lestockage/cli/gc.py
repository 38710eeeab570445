"""Garbage collection: the command that takes out of a database file what its tables do not need."""

from __future__ import annotations

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.table import quantity
from lestockage.workspace.upkeep import collect_garbage

_DAY = 86_400


def answer(
    *,
    max_age: float | None = None,
    max_traces: int | None = None,
    max_bytes: int | None = None,
    db: str | None = None,
    as_json: bool = False,
) -> str:
    """Return what went and how large the file was and is; `max_age` is in days."""
    path = database_path(db)
    done = collect_garbage(path, max_age=None if max_age is None else max_age * _DAY, max_traces=max_traces, max_bytes=max_bytes)
    if as_json:
        return json_text({"database": path, **done._asdict()})
    went = f"{quantity(done.memos, 'memo')}, {quantity(done.traces, 'earlier result')} and {quantity(done.values, 'value')} dropped"
    return f"{path}: {went}; {done.bytes_before:,} bytes before, {done.bytes_after:,} now\n"
