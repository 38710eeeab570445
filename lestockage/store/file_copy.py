"""File copy: another file with what a database file holds at one moment, whoever writes to it meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.store.connection import PATIENCE
from lestockage.store.raw_connection import connect, connect_for_reading
from lestockage.store.sqlite_errors import REFUSED, store_error

if TYPE_CHECKING:
    import os


def copy_file(path: str | os.PathLike[str], target: str | os.PathLike[str], *, timeout: float = PATIENCE) -> None:
    """Copy a database file page by page to a new file.

    Raises:
        StoreError: one of the files cannot be opened, read or written.
    """
    source = connect_for_reading(str(path), timeout)
    try:
        copy = connect(str(target), timeout)
        try:
            source.backup(copy)
        except REFUSED as error:
            raise store_error(error, str(path), timeout) from error
        finally:
            copy.close()
    finally:
        source.close()
