"""Raw connection: how a path becomes a connection of sqlite3's, for writing or only for reading."""

from __future__ import annotations

import contextlib
import os
import sqlite3

from lestockage.errors import ReadOnlyStore, StoreIO
from lestockage.store.sqlite_errors import REFUSED, store_error


def connect(path: str, timeout: float) -> sqlite3.Connection:
    """Return a raw connection for reading and writing, the file made when missing.

    Raises:
        StoreIO: the operating system refused.
    """
    try:
        return sqlite3.connect(os.path.abspath(path), timeout=timeout, isolation_level=None, check_same_thread=False)
    except REFUSED as error:
        raise store_error(error, path, timeout) from error


def connect_for_reading(path: str, timeout: float) -> sqlite3.Connection:
    """Return a raw connection that refuses to write.

    Where the file could be written, it is opened for writing and told not to: a connection that is read-only to SQLite leaves the files of
    its WAL behind. Where not even those files can be made, the file is read as one that nobody changes.

    Raises:
        StoreIO: commits wait in a WAL that cannot be opened, or the operating system refused.
    """
    if _is_writable(path):
        connection = connect(path, timeout)
        connection.execute("PRAGMA query_only = ON")
        return connection
    location = "file://" + os.path.abspath(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    try:
        return _connect_to(f"{location}?mode=ro", timeout)
    except REFUSED as error:
        with contextlib.suppress(OSError):
            if os.stat(f"{path}-wal").st_size:
                raise StoreIO(path, "its WAL holds commits, and cannot be opened without write access to the folder") from error
    try:
        return _connect_to(f"{location}?mode=ro&immutable=1", timeout)
    except REFUSED as error:
        raise store_error(error, path, timeout) from error


def _connect_to(location: str, timeout: float) -> sqlite3.Connection:
    """Return a connection to a URI that has read something, which is when SQLite finds out whether it can."""
    connection = sqlite3.connect(location, timeout=timeout, isolation_level=None, check_same_thread=False, uri=True)
    try:
        connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _is_writable(path: str) -> bool:
    """Tell whether both a file and its folder (for the WAL beside it) can be written."""
    return os.access(path, os.W_OK) and os.access(os.path.dirname(os.path.abspath(path)), os.W_OK | os.X_OK)


def require_writable(path: str, *, is_missing: bool) -> None:
    """Make the folder of a missing file, and refuse a file that cannot be written before SQLite has opened it.

    Raises:
        ReadOnlyStore: the file or its folder cannot be written.
        StoreIO: the folder cannot be made for another reason.
    """
    if not is_missing:
        if not _is_writable(path):
            raise ReadOnlyStore(path)
        return
    folder = os.path.dirname(os.path.abspath(path))
    try:
        os.makedirs(folder, exist_ok=True)
    except PermissionError as error:
        raise ReadOnlyStore(path) from error
    except OSError as error:
        raise StoreIO(path, f"its folder cannot be made ({(error.strerror or str(error)).lower()})") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ReadOnlyStore(path)
