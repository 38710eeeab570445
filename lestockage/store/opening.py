"""Opening: what is done to a connection before it is given out."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, Final

from lestockage.errors import CorruptStore, NewerSchema, NotADatabase, OlderSchema, StoreLocked
from lestockage.store.file_header import APPLICATION_ID
from lestockage.store.planted import refuse_planted
from lestockage.store.schema import SCHEMA_VERSION, has_tables, stored_version

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile

_CACHE_KIB: Final = 65_536
"""How much of the file a connection may keep in memory; what does not fit spills to the WAL in the middle of a load."""


_SWITCHING: Final = 2000
"""Milliseconds to wait for others when the journal is to become a WAL, which can also be done at another time."""


def prepare(store: StoreFile, *, is_wal: bool) -> None:
    """Set what SQLite keeps per connection, make or migrate the tables when needed, and see that the journal is a WAL.

    `is_wal` is what the file's header said. A file that is current and a WAL is only read: one row.

    Raises:
        NotADatabase: the tables are another program's.
        CorruptStore: the tables are ours but for the record of their version.
        NewerSchema: a newer release made them.
        CorruptStore: a trigger is planted in them, or what is no table stands in for one.
        OlderSchema: they need a migration, and the file was opened for reading only.
    """
    # Before anything is read: views and triggers that somebody planted may call nothing but what is harmless.
    store.execute("PRAGMA trusted_schema = OFF")
    store.execute("PRAGMA foreign_keys = ON")
    store.execute("PRAGMA synchronous = NORMAL")
    store.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    is_made = has_tables(store)
    found = _version(store) if is_made else 0
    if found > SCHEMA_VERSION:
        raise NewerSchema(store.path, found, SCHEMA_VERSION)
    if found < SCHEMA_VERSION:
        if store.is_read_only:
            raise OlderSchema(store.path, found, SCHEMA_VERSION)
        _migrate(store, is_made=is_made, is_wal=is_wal)
    refuse_planted(store)
    if not is_wal and not store.is_read_only:
        _switch_to_wal(store)


def _version(store: StoreFile) -> int:
    """Return the version of tables that are ours."""
    # The header was looked at before; these tables may have come after it, or out of a journal.
    if store.row("PRAGMA application_id") != (APPLICATION_ID,):
        raise NotADatabase(store.path, "it is a SQLite file of another program")
    try:
        return stored_version(store)
    except sqlite3.OperationalError as error:
        raise CorruptStore(store.path, "it has our mark and no schema_version table") from error


def _migrate(store: StoreFile, *, is_made: bool, is_wal: bool) -> None:
    """Bring the tables to this release's version."""
    from lestockage.store.migrations import migrate  # noqa: PLC0415  # the SQL of every table, seldom needed

    if not is_made:
        # Can only be chosen while there is no table: it lets a garbage collection give pages back without rewriting the file.
        store.execute("PRAGMA auto_vacuum = INCREMENTAL")
    migrate(store)
    if is_wal:
        # So that the header of the file itself says the new version, not only the WAL.
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _switch_to_wal(store: StoreFile) -> None:
    """Keep the file's journal as a WAL from now on, if nobody else uses the file at the moment: SQLite needs it for itself.

    Without a WAL everything works too, with readers and writer waiting for each other; the next opening tries again. A file system without
    shared memory always refuses.
    """
    store.execute(f"PRAGMA busy_timeout = {_SWITCHING}")
    try:
        with contextlib.suppress(StoreLocked):
            store.execute("PRAGMA journal_mode = WAL")
    finally:
        store.execute(f"PRAGMA busy_timeout = {round(store.timeout * 1000)}")
