"""Deferred indexes: a table that is filled from empty gets its indexes after its rows, which takes about half the time.

All of it happens inside the writer's transaction: other connections see the table with its indexes, before and after.
"""

# ruff: noqa: S608  # SQL is put together from constants of this package; values are always parameters

# SQL is put together from constants of this package; values are always parameters

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.errors import StoreLocked

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile


class DeferredIndexes:
    """The indexes of one table, taken away while it is filled from empty (`is_filling`)."""

    __slots__ = ("_store", "_taken", "is_filling", "table")

    def __init__(self, store: StoreFile, table: str) -> None:
        self._store = store
        self._taken: list[str] = []
        self.table = table
        self.is_filling = store.row(f"SELECT 1 FROM {table} LIMIT 1") is None

    def take_away(self) -> None:
        """Drop the table's indexes, if it was empty; those that SQLite keeps for a constraint stay.

        They stay too while somebody reads through the same connection, which SQLite does not allow to happen beside it.
        """
        if not self.is_filling or self._taken:
            return
        found = self._store.query(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL", (self.table,)
        )
        for name, sql in found:
            try:
                self._store.execute(f"DROP INDEX {name}")
            except StoreLocked:
                self.is_filling = False
                return
            self._taken.append(sql)

    def put_back(self) -> None:
        """Make the indexes again that were taken away, and from then on keep them.

        Raises:
            ConstraintError: rows that were written meanwhile are duplicates to a unique index.
        """
        self.is_filling = False
        while self._taken:
            self._store.execute(self._taken.pop())
