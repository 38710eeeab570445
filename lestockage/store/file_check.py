"""File check: whether the whole file is sound: SQLite's structures, our tables and nothing beside them, rows that lead somewhere, memos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.errors import CorruptStore
from lestockage.store.memo_check import Finding, memo_findings

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile


def file_findings(file: StoreFile) -> list[Finding]:
    """Everything that is wrong with a file, what SQLite finds first; an empty list for a sound one."""
    found: list[Finding] = []
    try:
        found += [Finding("structure", str(row[0])) for row in file.query("PRAGMA integrity_check") if row[0] != "ok"]
        found += [
            Finding("orphan", f"row {row[1]} of {row[0]} leads to no row of {row[2]}") for row in file.query("PRAGMA foreign_key_check")
        ]
        found += memo_findings(file)
    except CorruptStore as error:
        found.append(Finding("structure", error.detail))
    return found
