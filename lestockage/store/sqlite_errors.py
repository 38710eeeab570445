"""SQLite errors: the one place where what sqlite3 raises becomes an error of ours.

An error that says the SQL itself is wrong is a defect of this package, not a state of the file: it passes through unchanged.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from lestockage.errors import (
    ConstraintError,
    CorruptStore,
    NotADatabase,
    ReadOnlyStore,
    StoreIO,
    StoreLocked,
)

_PRIMARY: Final = 0xFF
"""Extended result codes keep the primary code in their low byte."""

REFUSED: Final = (sqlite3.Error, UnicodeEncodeError, OverflowError)
"""What sqlite3 raises: its own errors, and two of Python's for text that is no Unicode and integers beyond 64 bits."""


_ERRORS: Final[dict[int, type[StoreIO | CorruptStore | NotADatabase | ConstraintError]]] = {
    sqlite3.SQLITE_IOERR: StoreIO,
    sqlite3.SQLITE_FULL: StoreIO,
    sqlite3.SQLITE_CANTOPEN: StoreIO,
    sqlite3.SQLITE_PROTOCOL: StoreIO,
    sqlite3.SQLITE_CORRUPT: CorruptStore,
    sqlite3.SQLITE_FORMAT: CorruptStore,
    sqlite3.SQLITE_NOTADB: NotADatabase,
    sqlite3.SQLITE_CONSTRAINT: ConstraintError,
    sqlite3.SQLITE_MISMATCH: ConstraintError,
    sqlite3.SQLITE_TOOBIG: ConstraintError,
}
"""Primary result code to error, where SQLite's own words are the detail."""


def store_error(error: Exception, path: str, timeout: float) -> Exception:
    """Return the error of ours that says what `error` (one of `REFUSED`) says, or `error` itself when it says that the SQL is wrong."""
    detail = str(error)
    if isinstance(error, UnicodeEncodeError | OverflowError) or detail.startswith("Error binding parameter"):
        return ConstraintError(path, f"a value cannot be stored ({detail})")
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreLocked(path, timeout)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return ReadOnlyStore(path)
    kind = _ERRORS.get(code)
    return error if kind is None else kind(path, detail)
