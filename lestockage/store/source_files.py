"""Source files: what the last run saw of each file of a project, which tells an unchanged tree without reading it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lestockage.store.connection import StoreFile

_WORD: Final = 1 << 64
_HALF: Final = 1 << 63


class SourceFileRow(NamedTuple):
    """One file as it was last seen.

    `size` in bytes; `digest` of its bytes, None when it could not be read; `failure` says why its symbols are missing or stale, or is None.
    `rows_digest` identifies the nodes and edges that were written for the file, None before any were.
    A path is text: a name that is no Unicode is refused with `ConstraintError`.
    """

    path: str
    size: int
    mtime_ns: int
    inode: int
    digest: bytes | None
    failure: str | None
    rows_digest: bytes | None = None


def load_source_files(store: StoreFile, project_id: int) -> dict[str, SourceFileRow]:
    """Return every file of a project by its path, in one query."""
    rows = store.query(
        "SELECT path, size, mtime_ns, inode, digest, failure, rows_digest FROM source_files WHERE project_id = ?", (project_id,)
    )
    make = SourceFileRow._make
    loaded = {row[0]: make(row) for row in rows}
    for path, row in loaded.items():
        if row.inode < 0:
            loaded[path] = row._replace(inode=row.inode + _WORD)
    return loaded


def upsert_source_files(store: StoreFile, project_id: int, rows: Iterable[SourceFileRow]) -> int:
    """Insert or update files by path and return how many rows were written; a row that is stored already is not written."""
    with store.transaction():
        return store.executemany(
            "INSERT INTO source_files (project_id, path, size, mtime_ns, inode, digest, failure, rows_digest)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (project_id, path) DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns, inode = excluded.inode,"
            " digest = excluded.digest, failure = excluded.failure, rows_digest = excluded.rows_digest"
            " WHERE size <> excluded.size OR mtime_ns <> excluded.mtime_ns OR inode <> excluded.inode"
            " OR digest IS NOT excluded.digest OR failure IS NOT excluded.failure OR rows_digest IS NOT excluded.rows_digest",
            [(project_id, row.path, row.size, row.mtime_ns, _signed(row.inode), row.digest, row.failure, row.rows_digest) for row in rows],
        )


def delete_source_files(store: StoreFile, project_id: int, paths: Iterable[str]) -> int:
    """Delete files by path and return how many there were; their nodes stay until `IntelWriter.replace_nodes` is given none for them."""
    with store.transaction():
        return store.executemany("DELETE FROM source_files WHERE project_id = ? AND path = ?", [(project_id, path) for path in paths])


def failed_source_files(store: StoreFile, project_id: int) -> list[tuple[str, str]]:
    """Return the path and reason of every file that could not be read or parsed, by path."""
    return store.query(
        "SELECT path, failure FROM source_files INDEXED BY source_files_failed WHERE project_id = ? AND failure IS NOT NULL ORDER BY path",
        (project_id,),
    )


def _signed(inode: int) -> int:
    """Return an unsigned 64-bit number as the signed one of the same bits, which is what SQLite can hold."""
    return inode - _WORD if inode >= _HALF else inode
