"""Refusing: a file that is not ours, or that cannot be used now, gets its own error and keeps every byte."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lestockage.errors import (
    CorruptStore,
    LestockageError,
    NewerSchema,
    NotADatabase,
    OlderSchema,
    ReadOnlyStore,
    StoreIO,
    StoreLocked,
)
from lestockage.store.connection import StoreFile
from lestockage.store.file_header import APPLICATION_ID
from lestockage.store.projects import ensure_project, list_projects
from lestockage.store.raw_connection import connect, connect_for_reading
from lestockage.store.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator


def contents(folder: Path) -> dict[str, bytes | None]:
    """Return every name in a folder with its bytes, or None where it is no regular file."""
    return {entry.name: entry.read_bytes() if entry.is_file() else None for entry in folder.iterdir()}


def refusal(path: Path, *, read_only: bool = False, timeout: float = 0.1) -> LestockageError:
    """Open a file that must be refused; return the error after a look that nothing in the folder changed."""
    before = contents(path.parent)
    with pytest.raises(LestockageError) as caught:
        StoreFile.open(path, read_only=read_only, timeout=timeout)
    assert contents(path.parent) == before
    return caught.value


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("content", [b"x", b"SQLite format 3\0", b"hello " * 1000, bytes(4096), b"SQLite format 2\0" + bytes(4096)])
def test_file_that_is_no_database_is_refused(path: Path, content: bytes, *, read_only: bool) -> None:
    """A file that does not begin as SQLite files do is no database."""
    path.write_bytes(content)
    assert isinstance(refusal(path, read_only=read_only), NotADatabase)


def test_folder_is_refused(path: Path) -> None:
    """A folder where the file should be is no database."""
    path.mkdir()
    error = refusal(path)
    assert isinstance(error, NotADatabase)
    assert error.detail == "it is no regular file"


def test_pipe_is_refused_without_waiting(path: Path) -> None:
    """A named pipe that nobody writes to does not hang the run."""
    os.mkfifo(path)
    assert isinstance(refusal(path), NotADatabase)


def test_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    """A path below a file cannot be made; the operating system's words are in the error."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreIO, match="not a directory"):
        StoreFile.open(tmp_path / "file" / "index.db")


def test_folder_that_is_a_broken_link_is_named(tmp_path: Path) -> None:
    """A folder that is a link to nothing cannot be made."""
    (tmp_path / "link").symlink_to(tmp_path / "nothing")
    with pytest.raises(StoreIO, match="its folder cannot be made"):
        StoreFile.open(tmp_path / "link" / "index.db")


def test_failing_disk_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the disk while the first bytes are read is a StoreIO in the system's words."""
    path.write_bytes(b"x")

    def fail(*_: object) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "read", fail)
    with pytest.raises(StoreIO, match="input/output error"):
        StoreFile.open(path)


@pytest.mark.parametrize("may_write", [False, True])
def test_file_that_sqlite_cannot_open_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, may_write: bool) -> None:
    """What the system refuses to SQLite is a StoreIO, for writing and for reading."""
    monkeypatch.setattr(os, "access", lambda *_: may_write)
    with pytest.raises(StoreIO, match="unable to open database file"):
        connect_for_reading(str(tmp_path / "nothing" / "index.db"), 0.1)


def test_foreign_database_is_refused(path: Path) -> None:
    """A SQLite file with tables of another program is left alone, even with tables called as ours are."""
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE schema_version (version INTEGER)")
    raw.close()
    error = refusal(path)
    assert isinstance(error, NotADatabase)
    assert error.detail == "it is a SQLite file of another program"


def test_foreign_database_with_a_wal_left_over_is_refused(tmp_path: Path) -> None:
    """The WAL that another program's crash left behind is not copied into its file by our looking."""
    raw = sqlite3.connect(tmp_path / "live.db", isolation_level=None)
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("CREATE TABLE theirs (x)")
    folder = tmp_path / "copied"
    folder.mkdir()
    for suffix in ("", "-wal"):
        shutil.copyfile(tmp_path / f"live.db{suffix}", folder / f"live.db{suffix}")
    raw.close()
    assert isinstance(refusal(folder / "live.db"), NotADatabase)


def test_foreign_tables_that_appear_while_opening_are_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables of another program that came after the header was read are seen before anything is written."""
    path.touch()

    def connect_late(name: str, timeout: float) -> sqlite3.Connection:
        raw = sqlite3.connect(name)
        raw.execute("CREATE TABLE theirs (x)")
        raw.close()
        return connect(name, timeout)

    monkeypatch.setattr("lestockage.store.connection.connect", connect_late)
    with pytest.raises(NotADatabase, match="another program"):
        StoreFile.open(path)
    raw = sqlite3.connect(path)
    assert raw.execute("SELECT name FROM sqlite_schema").fetchall() == [("theirs",)]
    raw.close()


def test_our_mark_without_our_tables_is_damage(path: Path) -> None:
    """A file with our mark and tables, but no record of its version, is damaged."""
    raw = sqlite3.connect(path)
    raw.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    raw.execute("CREATE TABLE x (y)")
    raw.close()
    assert isinstance(refusal(path), CorruptStore)


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("where", ["header", "table"])
def test_newer_schema_is_refused(path: Path, where: str, *, read_only: bool) -> None:
    """A version above ours is refused, whether the header says it or the table only."""
    StoreFile.open(path).close()
    raw = sqlite3.connect(path, isolation_level=None)
    if where == "header":
        raw.execute("PRAGMA user_version = 99")
    else:
        raw.execute("INSERT INTO schema_version VALUES (99, 1, 'from the future')")
    raw.close()
    error = refusal(path, read_only=read_only)
    assert isinstance(error, NewerSchema)
    assert (error.found, error.supported) == (99, SCHEMA_VERSION)


def test_older_schema_is_refused_for_reading_only(path: Path) -> None:
    """A reader does not migrate: it says what does."""
    StoreFile.open(path).close()
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("DELETE FROM schema_version WHERE version > 1")
    raw.close()
    error = refusal(path, read_only=True)
    assert isinstance(error, OlderSchema)
    assert (error.found, error.supported) == (1, SCHEMA_VERSION)


def test_locked_file_is_refused_after_the_timeout(path: Path) -> None:
    """A file that another connection holds for itself alone is locked; the error says how long was waited."""
    StoreFile.open(path).close()
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    error = refusal(path, timeout=0.2)
    holder.close()
    assert isinstance(error, StoreLocked)
    assert error.waited == 0.2


def test_write_waits_for_another_writer_and_then_gives_up(path: Path) -> None:
    """A transaction that cannot begin within the timeout is refused, while reading goes on."""
    with StoreFile.open(path) as writer, StoreFile.open(path, timeout=0.05) as other, writer.transaction():
        with pytest.raises(StoreLocked), other.transaction():
            pass
        assert list_projects(other) == []


@pytest.mark.parametrize("kept", [0.5, 0.9])
def test_truncated_file_is_damage(path: Path, kept: float) -> None:
    """A file that lost its end is damaged: said when opened or when read, and left as it is."""
    with StoreFile.open(path) as store:
        store.executemany(
            "INSERT INTO projects (name, root, created_at, updated_at) VALUES (?, '/', 1, 1)", [(f"{n:0200}",) for n in range(500)]
        )
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * kept)])
    before = contents(path.parent)
    with pytest.raises(CorruptStore), StoreFile.open(path) as store:  # noqa: PT012  # either step may be the first to notice
        list_projects(store)
        store.query("SELECT * FROM projects ORDER BY root")
    assert contents(path.parent) == before


def test_overwritten_page_is_damage(path: Path) -> None:
    """Bytes written over a page are told as damage."""
    with StoreFile.open(path) as store:
        ensure_project(store, "zoo", "/")
    data = bytearray(path.read_bytes())
    data[108:4096] = b"\xff" * (4096 - 108)
    path.write_bytes(data)
    assert isinstance(refusal(path), CorruptStore)


# -- permissions, which the superuser is not subject to: these run as nobody -----------------------------------------------------------


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """Make a folder that every user may enter, with a file of ours in it."""
    folder = Path(tempfile.mkdtemp())
    try:
        folder.chmod(0o777)
        with StoreFile.open(folder / "index.db") as store:
            ensure_project(store, "zoo", "/")
        (folder / "index.db").chmod(0o666)
        yield folder
    finally:
        folder.chmod(0o700)
        shutil.rmtree(folder)


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Give up the superuser's rights for the length of a block, where the tests run with them."""
    is_superuser = os.geteuid() == 0
    if is_superuser:
        os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        if is_superuser:
            os.setresuid(0, 0, 0)


@pytest.mark.parametrize("what", ["file", "folder"])
def test_read_only_file_or_folder_is_refused_for_writing(public_folder: Path, what: str) -> None:
    """A file or folder that cannot be written is refused before SQLite opens the file."""
    (public_folder / "index.db").chmod(0o444 if what == "file" else 0o666)
    public_folder.chmod(0o777 if what == "file" else 0o555)
    with as_nobody():
        error = refusal(public_folder / "index.db")
    assert isinstance(error, ReadOnlyStore)
    assert error.path == str(public_folder / "index.db")


def test_new_file_in_a_read_only_folder_is_refused(public_folder: Path) -> None:
    """A folder that cannot be written takes no new file, and no folder for one."""
    public_folder.chmod(0o555)
    with as_nobody():
        assert isinstance(refusal(public_folder / "new.db"), ReadOnlyStore)
        with pytest.raises(ReadOnlyStore):
            StoreFile.open(public_folder / "sub" / "new.db")


@pytest.mark.parametrize("what", ["file", "folder", "both"])
def test_read_only_file_can_be_read(public_folder: Path, what: str) -> None:
    """What cannot be written can still be read, when opened for that, and its bytes stay."""
    before = (public_folder / "index.db").read_bytes()
    (public_folder / "index.db").chmod(0o666 if what == "folder" else 0o444)
    public_folder.chmod(0o777 if what == "file" else 0o555)
    with as_nobody(), StoreFile.open(public_folder / "index.db", read_only=True) as store:
        assert [project.name for project in list_projects(store)] == ["zoo"]
    assert (public_folder / "index.db").read_bytes() == before


def test_unreadable_file_says_so(public_folder: Path) -> None:
    """A file without the right to read it is refused in the operating system's words."""
    (public_folder / "index.db").chmod(0)
    for read_only in (False, True):
        with as_nobody(), pytest.raises(StoreIO, match="permission denied"):
            StoreFile.open(public_folder / "index.db", read_only=read_only)


def test_read_only_folder_with_commits_in_a_wal_is_refused(public_folder: Path) -> None:
    """Commits that wait in a WAL which cannot be opened are not silently left out."""
    path = public_folder / "index.db"
    writer = StoreFile.open(path)
    ensure_project(writer, "late", "/")
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{path}{suffix}", public_folder / f"copy.db{suffix}")
    writer.close()
    for name in ("copy.db", "copy.db-wal"):
        (public_folder / name).chmod(0o444)
    public_folder.chmod(0o555)
    with as_nobody():
        error = refusal(public_folder / "copy.db", read_only=True)
    assert isinstance(error, StoreIO)
    assert "its WAL holds commits" in str(error)
