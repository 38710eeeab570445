"""Linker pages: what the linker of a project knows, as pages of bytes whose meaning is the linker's, and a head that they belong to.

Every page carries a checksum. A page that is not what was written, or that another process has written since the head was read, is never
given: the reader has to begin with the head again, or without any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lestockage.store.connection import StoreFile

_HEAD: Final = "SELECT s.project_id, s.token, s.head FROM linker_states s JOIN projects p ON p.id = s.project_id WHERE p.name = ?"
_PAGE: Final = """SELECT token, (SELECT data FROM linker_pages g WHERE g.project_id = s.project_id AND g.family = ? AND g.page = ?)
    FROM linker_states s WHERE s.project_id = ?"""
_LATEST: Final = "SELECT p.id, coalesce(s.token, 0) FROM projects p LEFT JOIN linker_states s ON s.project_id = p.id WHERE p.name = ?"
_SAVE_HEAD: Final = "INSERT INTO linker_states VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET token = excluded.token, head = excluded.head"
_SAVE_PAGE: Final = "INSERT INTO linker_pages VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET data = excluded.data"

_CHECKSUM: Final = 4
"""Bytes in front of each page and head."""


class LostPagesError(Exception):
    """Pages are damaged, or of another state than the head; caught by who reads them."""


class LinkerPages:
    """The pages of one project in a file."""

    def __init__(self, file: StoreFile, project: str) -> None:
        self._file = file
        self._name = project
        self._token = 0
        self._project_id = 0

    def head(self) -> bytes | None:
        """Return the head as it is now, and read the pages of this state from here on; None when there is none, or it is damaged."""
        row = self._file.row(_HEAD, (self._name,))
        if row is None:
            return None
        self._project_id, self._token, head = row
        try:
            return _checked(head)
        except LostPagesError:
            return None

    def read(self, family: int, page: int | str) -> bytes | None:
        """Return a page of the state whose head was read or written last; None when it has none of that number.

        Raises:
            LostPagesError: it is damaged, or there is another state by now.
        """
        row = self._file.row(_PAGE, (family, page, self._project_id))
        if row is None or row[0] != self._token:
            raise LostPagesError(self._name)
        return None if row[1] is None else _checked(row[1])

    def save(self, head: bytes, pages: Iterable[tuple[int, int | str, bytes]], *, is_whole: bool) -> bool:
        """Write a head and pages, in the transaction that is open; where they are all there is (`is_whole`), others go.

        False: another process has saved a state since, and nothing was written.
        """
        row = self._file.row(_LATEST, (self._name,))
        assert row is not None  # noqa: S101  # a project that was linked is there
        self._project_id, token = row
        if is_whole:
            self.drop()
        elif token != self._token:
            return False
        self._token = token + 1
        self._file.execute(_SAVE_HEAD, (self._project_id, self._token, _sealed(head)))
        # One by one: sealed, all pages of a large project would be there twice.
        self._file.executemany(_SAVE_PAGE, ((self._project_id, family, page, _sealed(data)) for family, page, data in pages))
        return True

    def drop(self) -> None:
        """Forget the state that is saved, in the transaction that is open."""
        self._file.execute("DELETE FROM linker_states WHERE project_id = (SELECT id FROM projects WHERE name = ?)", (self._name,))


def _sealed(data: bytes) -> bytes:
    return crc32(data).to_bytes(_CHECKSUM, "little") + data


def _checked(data: bytes) -> bytes:
    if crc32(memoryview(data)[_CHECKSUM:]).to_bytes(_CHECKSUM, "little") != data[:_CHECKSUM]:
        raise LostPagesError
    return data[_CHECKSUM:]
