"""Schema: which version of the tables this release reads and writes, and which one a file has.

Kept apart from `migrations` so that opening a current file does not load the SQL of every table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile

SCHEMA_VERSION: Final = 4
"""The version of the last migration (`tests/store/test_migrations.py` holds the two together)."""


def stored_version(store: StoreFile) -> int:
    """Return the schema version that a file of ours records, reading one row."""
    row = store.row("SELECT max(version) FROM schema_version")
    return 0 if row is None or row[0] is None else int(row[0])


def has_tables(store: StoreFile) -> bool:
    """Tell whether the file has any table, which a file that was only just created has not."""
    return store.row("SELECT 1 FROM sqlite_schema LIMIT 1") is not None
