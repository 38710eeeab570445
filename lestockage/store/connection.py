"""Store file: one connection to the SQLite file, how it is opened, its transactions, and its errors.

Every connection is in autocommit mode with foreign keys on and `synchronous = NORMAL` over a WAL: a commit survives the process, and
after a power cut the file holds the last commit or one before it. Readers never wait for the writer. One connection may be used by many
threads; a transaction keeps the others out until it ends.

A connection does not survive a fork: a child process opens the file again.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from typing import TYPE_CHECKING, Any, NoReturn, Self

from lestockage.errors import ReadOnlyStore, StoreClosed, TransactionLost
from lestockage.store.file_header import read_header, require_existing
from lestockage.store.opening import prepare
from lestockage.store.raw_connection import connect, connect_for_reading, require_writable
from lestockage.store.schema import SCHEMA_VERSION
from lestockage.store.sqlite_errors import REFUSED, store_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import TracebackType

    Parameters = Sequence[Any] | dict[str, Any]

PATIENCE = 60.0
"""Seconds to wait for other processes' writes, where nothing else is said."""


class StoreFile:
    """One connection to the SQLite file of a database; made by `StoreFile.open`."""

    __slots__ = ("_connection", "_depth", "_is_writing", "_lock", "is_read_only", "path", "timeout")

    path: str
    timeout: float
    is_read_only: bool

    def __init__(self, connection: sqlite3.Connection, path: str, timeout: float, *, is_read_only: bool) -> None:
        self._connection: sqlite3.Connection | None = connection
        self._lock = threading.RLock()
        self._depth = 0
        self._is_writing = False
        self.path = path
        self.timeout = timeout
        self.is_read_only = is_read_only

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, read_only: bool = False, timeout: float = PATIENCE) -> Self:
        """Open the file, making it, its folder and its tables when missing, and migrating it when it is older.

        With `read_only` nothing is made or migrated. `timeout` is how many seconds to wait for another process's write.

        Raises:
            PathNotFound: `read_only`, and there is no file.
            NotADatabase: the file is something else's, and is left untouched.
            NewerSchema: a newer release wrote it; it is left untouched.
            OlderSchema: `read_only`, and it needs a migration.
            ReadOnlyStore: the file or its folder cannot be written, and it was not opened `read_only`.
            StoreLocked: another process held the file for longer than `timeout`.
            StoreIO: the operating system refused.
            CorruptStore: its structure is damaged.
        """
        name = os.fspath(path)
        header = read_header(name, SCHEMA_VERSION)
        if read_only:
            header = require_existing(name, header)
            store = cls(connect_for_reading(name, timeout), name, timeout, is_read_only=True)
        else:
            require_writable(name, is_missing=header is None)
            store = cls(connect(name, timeout), name, timeout, is_read_only=False)
        try:
            prepare(store, is_wal=header is not None and header.is_wal)
        except BaseException:
            store.close()
            raise
        return store

    def execute(self, sql: str, parameters: Parameters = ()) -> sqlite3.Cursor:
        """Run one statement and return its cursor (`rowcount`, `lastrowid`); rows are better read with `query`, which maps errors."""
        with self._lock:
            try:
                return self._live().execute(sql, parameters)
            except REFUSED as error:
                self._fail(error)

    def executemany(self, sql: str, rows: Iterable[Parameters]) -> int:
        """Run one statement for each row and return how many rows it changed in all."""
        with self._lock:
            try:
                return self._live().executemany(sql, rows).rowcount
            except REFUSED as error:
                self._fail(error)

    def query(self, sql: str, parameters: Parameters = ()) -> list[Any]:
        """Run one statement and return all its rows, as tuples."""
        with self._lock:
            try:
                return self._live().execute(sql, parameters).fetchall()
            except REFUSED as error:
                self._fail(error)

    def row(self, sql: str, parameters: Parameters = ()) -> Any | None:  # noqa: ANN401  # a row is a tuple whose types only the SQL knows
        """Run one statement and return its first row, or None."""
        with self._lock:
            try:
                return self._live().execute(sql, parameters).fetchone()
            except REFUSED as error:
                self._fail(error)

    def stream(self, sql: str, parameters: Parameters = (), *, size: int = 10_000) -> Iterator[list[Any]]:
        """Run one statement and give its rows in lists of at most `size`, all of one moment, in the memory of one list.

        The file may be written meanwhile, by this connection too; the WAL cannot be emptied before the last row was given.

        Raises:
            StoreClosed: the store was closed before the last row was given.
        """
        rows = self.execute(sql, parameters)
        while True:
            with self._lock:
                self._live()
                try:
                    found = rows.fetchmany(size)
                except REFUSED as error:
                    self._fail(error)
            if not found:
                return
            yield found

    def transaction(self) -> Transaction:
        """Return a block that commits as a whole or, on any exception, not at all.

        A block inside a block joins it: it becomes durable with the outermost one, and its own failure undoes only itself.

        Raises (on entering):
            StoreLocked: another process wrote for longer than the timeout.
            ReadOnlyStore: the file was opened for reading only.
        """
        return Transaction(self, is_write=True)

    def snapshot(self) -> Transaction:
        """Return a block in which every read sees the file as it was at the block's first read, whatever others commit meanwhile."""
        return Transaction(self, is_write=False)

    def pin(self) -> bool:
        """Let every read of this connection see the file as it is now, until `unpin` or the next transaction; False inside one.

        Unlike a snapshot it keeps no thread out. The WAL cannot be emptied meanwhile.
        """
        with self._lock:
            if self._live().in_transaction:
                return False
            self.execute("BEGIN")
            self.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
            return True

    @property
    def is_pinned(self) -> bool:
        """Whether reads see an earlier state, because of `pin`."""
        return self._connection is not None and not self._depth and self._connection.in_transaction

    @property
    def is_in_transaction(self) -> bool:
        """Whether a transaction or snapshot is open, whose end may undo what is read in it."""
        return self._depth > 0

    def unpin(self) -> None:
        """Let reads see the latest state again; does nothing when a transaction has ended the pin already."""
        with self._lock:
            if self._connection is not None and not self._depth and self._connection.in_transaction:
                self.execute("COMMIT")

    @property
    def is_closed(self) -> bool:
        """Whether `close` was called."""
        return self._connection is None

    @property
    def total_changes(self) -> int:
        """How many rows this connection has inserted, updated and deleted since it was opened."""
        return self._live().total_changes

    def foreign_commits(self) -> int:
        """Return a number that changes when another connection has committed to the file; one's own commits do not count."""
        with self._lock:  # written out: asked with every look into the file
            connection = self._live() if self._depth or self._connection is None else self._connection
            try:
                number: int = connection.execute("PRAGMA data_version").fetchone()[0]
            except REFUSED as error:
                self._fail(error)
        return number

    def close(self) -> None:
        """Close the file, undoing a transaction that is still open; closing again does nothing."""
        with self._lock:
            connection, self._connection = self._connection, None
            if connection is not None:
                connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _live(self) -> sqlite3.Connection:
        """Return the connection, unless it is closed or has lost the transaction that the caller believes in."""
        connection = self._connection
        if connection is None:
            raise StoreClosed(self.path)
        if self._depth and not connection.in_transaction:
            raise TransactionLost(self.path)
        return connection

    def _fail(self, error: Exception) -> NoReturn:
        """Raise what sqlite3 raised as an error of ours."""
        mapped = store_error(error, self.path, self.timeout)
        if mapped is error:
            raise error
        raise mapped from error

    def _begin(self, *, is_write: bool) -> bool:
        """Enter a block and tell whether it is the outermost one; takes the lock, which `_end` gives back."""
        self._lock.acquire()
        try:
            if self._depth == 0:
                is_outermost = True
                self._start(is_write=is_write)
            else:
                is_outermost = False
                if is_write:
                    self._start_inner()
            self._depth += 1
        except BaseException:
            self._lock.release()
            raise
        return is_outermost

    def _start(self, *, is_write: bool) -> None:
        """Start a transaction of SQLite's."""
        if is_write and self.is_read_only:
            raise ReadOnlyStore(self.path)
        connection = self._live()
        try:
            # What an interrupt left open between two bytecodes must not be joined by accident.
            if connection.in_transaction:
                connection.rollback()
            # Never a deferred transaction for writing: its upgrade fails at once when another process wrote in between.
            connection.execute("BEGIN IMMEDIATE" if is_write else "BEGIN")
        except REFUSED as error:
            self._fail(error)
        self._is_writing = is_write

    def _start_inner(self) -> None:
        """Start a transaction inside a transaction."""
        if not self._is_writing:
            msg = "a transaction cannot begin inside a snapshot: it would write over rows that the snapshot does not show"
            raise RuntimeError(msg)
        self.execute("SAVEPOINT inner_block")

    def _end(self, *, is_outermost: bool, is_write: bool, has_failed: bool) -> None:
        """Leave a block: commit the outermost one, or undo what failed."""
        try:
            if self._connection is None:
                self._depth -= 1
                if not has_failed:
                    raise StoreClosed(self.path)
            elif is_outermost:
                self._finish(has_failed=has_failed)
            else:
                self._depth -= 1
                if is_write and (not has_failed or self._connection.in_transaction):
                    if has_failed:
                        self.execute("ROLLBACK TO inner_block")
                    self.execute("RELEASE inner_block")
        finally:
            self._lock.release()

    def _finish(self, *, has_failed: bool) -> None:
        """End SQLite's transaction: commit it, or roll it back when the block or the commit failed."""
        assert self._connection is not None  # noqa: S101  # its caller looked
        is_committed = False
        try:
            if not has_failed:
                self.execute("COMMIT")
                is_committed = True
        finally:
            self._depth = 0
            if not is_committed:
                # What failed first is what the caller must see, so a failing rollback stays silent; closing undoes it all the same.
                with contextlib.suppress(sqlite3.Error):
                    self._connection.rollback()


class Transaction:
    """A block of `StoreFile.transaction` or `StoreFile.snapshot`; entered once."""

    __slots__ = ("_is_outermost", "_is_write", "_store")

    def __init__(self, store: StoreFile, *, is_write: bool) -> None:
        self._store = store
        self._is_write = is_write
        self._is_outermost = False

    def __enter__(self) -> None:
        self._is_outermost = self._store._begin(is_write=self._is_write)  # noqa: SLF001  # the two are one mechanism

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._store._end(is_outermost=self._is_outermost, is_write=self._is_write, has_failed=kind is not None)  # noqa: SLF001
