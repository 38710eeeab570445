"""Opening: what `StoreFile.open` makes, and that opening what is current writes nothing."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from lestockage.errors import NotADatabase, PathNotFound, ReadOnlyStore
from lestockage.store.connection import StoreFile
from lestockage.store.file_header import APPLICATION_ID
from lestockage.store.projects import ensure_project, list_projects
from lestockage.store.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    from pathlib import Path


def names_beside(path: Path) -> list[str]:
    """Return the names in a file's folder."""
    return sorted(os.listdir(path.parent))


def test_missing_file_and_folders_are_made(tmp_path: Path) -> None:
    """Opening a path in folders that do not exist makes them, the file and its tables."""
    path = tmp_path / "a" / "b" / "index.db"
    with StoreFile.open(path) as store:
        assert list_projects(store) == []
    assert names_beside(path) == ["index.db"]


def test_empty_file_is_filled(path: Path) -> None:
    """An empty file is a database without tables, as SQLite sees it, and becomes ours."""
    path.touch()
    with StoreFile.open(path) as store:
        assert list_projects(store) == []


def test_sqlite_file_without_tables_is_filled(path: Path) -> None:
    """A SQLite file that has no table, as a run killed while it made the file leaves, becomes ours."""
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA journal_mode = WAL")
    raw.close()
    assert path.stat().st_size > 0
    with StoreFile.open(path) as store:
        assert list_projects(store) == []


@pytest.mark.parametrize("name", ["a b.db", "a?mode=ro.db", "a#b%20.db", "é.db", "file:x.db"])
@pytest.mark.parametrize("read_only", [False, True])
def test_any_name_is_a_name(tmp_path: Path, name: str, *, read_only: bool) -> None:
    """A file name with spaces, URI characters or accents is the name of the file that is opened."""
    with StoreFile.open(tmp_path / name):
        pass
    with StoreFile.open(tmp_path / name, read_only=read_only):
        pass
    assert os.listdir(tmp_path) == [name]


def test_relative_path_is_of_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path is resolved when the file is opened."""
    monkeypatch.chdir(tmp_path)
    with StoreFile.open("deep/index.db"):
        pass
    assert (tmp_path / "deep" / "index.db").is_file()


def test_connection_is_configured(store: StoreFile) -> None:
    """Every connection has foreign keys on, a WAL, `synchronous = NORMAL`, and the file bears our mark and version."""
    expected = {
        "foreign_keys": 1,
        "journal_mode": "wal",
        "synchronous": 1,
        "busy_timeout": 60000,
        "auto_vacuum": 2,
        "application_id": APPLICATION_ID,
        "user_version": SCHEMA_VERSION,
    }
    assert {name: store.row(f"PRAGMA {name}")[0] for name in expected} == expected  # type: ignore[index]


def test_reopened_connection_is_configured(path: Path) -> None:
    """What SQLite does not keep in the file is set again on reopening."""
    StoreFile.open(path).close()
    for read_only in (False, True):
        with StoreFile.open(path, read_only=read_only, timeout=1.5) as store:
            settings = [store.row(f"PRAGMA {name}")[0] for name in ("foreign_keys", "synchronous", "busy_timeout")]  # type: ignore[index]
        assert settings == [1, 1, 1500]


@pytest.mark.parametrize("read_only", [False, True])
def test_opening_a_current_file_writes_no_byte(path: Path, *, read_only: bool) -> None:
    """Opening, reading and closing leave the bytes and the time of the file as they were, and nothing beside it."""
    with StoreFile.open(path) as store:
        ensure_project(store, "zoo", "/zoo")
    os.utime(path, ns=(10**18, 10**18))
    before = path.read_bytes()
    with StoreFile.open(path, read_only=read_only) as store:
        assert [project.name for project in list_projects(store)] == ["zoo"]
        ensure_project(store, "zoo", "/zoo")
        if not read_only:
            with store.transaction():
                pass
    assert path.read_bytes() == before
    assert path.stat().st_mtime_ns == 10**18
    assert names_beside(path) == ["index.db"]


def test_read_only_needs_a_file(path: Path) -> None:
    """Opening for reading only makes nothing."""
    with pytest.raises(PathNotFound) as caught:
        StoreFile.open(path, read_only=True)
    assert caught.value.path == str(path)
    assert names_beside(path) == []


def test_read_only_refuses_an_empty_file(path: Path) -> None:
    """There is nothing to read in an empty file, and it stays empty."""
    path.touch()
    with pytest.raises(NotADatabase, match="it is empty"):
        StoreFile.open(path, read_only=True)
    assert path.read_bytes() == b""


def test_read_only_refuses_to_write(path: Path) -> None:
    """A connection for reading refuses a statement that writes, and a transaction."""
    StoreFile.open(path).close()
    with StoreFile.open(path, read_only=True) as store:
        with pytest.raises(ReadOnlyStore):
            store.execute("INSERT INTO projects (name, root, created_at, updated_at) VALUES ('a', 'b', 1, 1)")
        with pytest.raises(ReadOnlyStore), store.transaction():
            pass


def test_file_in_use_keeps_its_journal(path: Path) -> None:
    """A file without WAL that somebody reads is opened as it is; once nobody does, the next opening makes it a WAL."""
    StoreFile.open(path).close()
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("PRAGMA journal_mode = DELETE")
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM projects").fetchall()
    with StoreFile.open(path, timeout=0.1) as store:
        assert store.row("PRAGMA journal_mode") == ("delete",)
        assert list_projects(store) == []
    reader.close()
    with StoreFile.open(path) as store:
        assert store.row("PRAGMA journal_mode") == ("wal",)
        ensure_project(store, "zoo", "/")


def test_opening_is_cheap(path: Path) -> None:
    """Opening and closing an existing file takes at most 2 ms of CPU (0.3 ms measured)."""
    StoreFile.open(path).close()
    best = float("inf")
    for _ in range(20):
        begun = time.process_time()
        StoreFile.open(path).close()
        best = min(best, time.process_time() - begun)
    assert best < 0.002


def test_opening_loads_no_sql_of_tables(path: Path) -> None:
    """Opening a current file imports neither the migrations nor the tables' SQL."""
    StoreFile.open(path).close()
    code = (
        "import sys; from lestockage.store.connection import StoreFile; StoreFile.open(sys.argv[1]).close();"
        "print(sorted(name for name in sys.modules if name.startswith('lestockage.store.')))"
    )
    shown = subprocess.run([sys.executable, "-c", code, str(path)], check=True, capture_output=True, text=True).stdout
    assert "migrations" not in shown
    assert "tables" not in shown
    assert "connection" in shown


def _open_once(path: str, go: float) -> str:
    """Open a file at an agreed moment and write to it; return what went wrong, or nothing."""
    time.sleep(max(0.0, go - time.time()))
    try:
        with StoreFile.open(path) as store:
            ensure_project(store, str(os.getpid()), "/")
    except Exception as error:  # noqa: BLE001  # the other process reports it
        return repr(error)
    return ""


def test_processes_that_make_a_file_together_share_it(tmp_path: Path) -> None:
    """Four processes that open the same missing file at once all find one file with its tables, and lose no write."""
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        for attempt in range(5):
            path = tmp_path / f"{attempt}.db"
            go = time.time() + (1.0 if attempt == 0 else 0.05)
            assert pool.starmap(_open_once, [(str(path), go)] * 4, chunksize=1) == [""] * 4
            with StoreFile.open(path) as store:
                assert 1 <= len(list_projects(store)) <= 4
                assert store.row("SELECT count(*) FROM schema_version") == (SCHEMA_VERSION,)
