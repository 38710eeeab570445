"""File header: what the first bytes of a file say it is, before SQLite is let near it.

SQLite may change a file by merely opening it (a left-over journal is rolled back, a left-over WAL is copied in on close), so a file that is
not ours is refused from its bytes alone. The layout is that of <https://www.sqlite.org/fileformat.html#the_database_header>.
"""

from __future__ import annotations

import os
import stat
from typing import NamedTuple

from lestockage.errors import NewerSchema, NotADatabase, PathNotFound, StoreIO

APPLICATION_ID = 0x4C535447
"""What `PRAGMA application_id` says in our files: the letters LSTG."""

_HEADER_SIZE = 108
"""The 100 bytes of the database header and the 8 of the first page's tree header."""

_LEAF_PAGE = 0x0D
"""The type of a tree's page that has no pages below it; page 1 is the root of the tree of tables."""


class FileHeader(NamedTuple):
    """What the opening needs to know; an absent or empty file is `is_blank`."""

    is_blank: bool
    is_wal: bool


def read_header(path: str, supported: int) -> FileHeader | None:
    """Return what the file's first bytes say, or None when there is no file.

    A SQLite file without any table is blank, as an empty file is: both are ours to fill.

    Raises:
        NotADatabase: it is a folder, a device, no SQLite file, or a SQLite file that something else made.
        NewerSchema: its recorded schema version is above `supported`.
        StoreIO: it cannot be read.
    """
    try:
        # Non-blocking, so that a FIFO without a writer cannot hang the run before it is refused.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreIO(path, _reason(error)) from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise NotADatabase(path, "it is no regular file")
        header = os.read(descriptor, _HEADER_SIZE)
    except OSError as error:
        raise StoreIO(path, _reason(error)) from error
    finally:
        os.close(descriptor)
    if not header:
        return FileHeader(is_blank=True, is_wal=False)
    if len(header) < _HEADER_SIZE or not header.startswith(b"SQLite format 3\0"):
        raise NotADatabase(path)
    is_wal = header[18] == 2
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        if _has_table(path, header):
            raise NotADatabase(path, "it is a SQLite file of another program")
        return FileHeader(is_blank=True, is_wal=is_wal)
    found = int.from_bytes(header[60:64], "big")
    if found > supported:
        raise NewerSchema(path, found, supported)
    return FileHeader(is_blank=False, is_wal=is_wal)


def require_existing(path: str, header: FileHeader | None) -> FileHeader:
    """Return the header of a file that is opened for reading only.

    Raises:
        PathNotFound: there is no file.
        NotADatabase: the file is blank, so there is nothing to read.
    """
    if header is None:
        raise PathNotFound(path)
    if header.is_blank:
        raise NotADatabase(path, "it is empty")
    return header


def _has_table(path: str, header: bytes) -> bool:
    """Tell whether a SQLite file has a table: a cell in the tree of page 1, or pages that wait in a WAL beside it.

    A journal beside it does not count: another process of ours may be making its tables at this moment. Should it be a foreign one, the
    tables are seen once SQLite has waited for it, and the file is refused then.
    """
    cells = int.from_bytes(header[103:105], "big")
    return cells > 0 or header[100] != _LEAF_PAGE or _size(f"{path}-wal") > 0


def _size(path: str) -> int:
    """Return a file's size in bytes, 0 when there is none."""
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def _reason(error: OSError) -> str:
    """Return the operating system's words for an error, without the path that the message has already."""
    return (error.strerror or str(error)).lower()
