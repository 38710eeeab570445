"""Migrations: each step once, with its record, and the same tables by whichever way."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from lestockage.store.connection import StoreFile
from lestockage.store.file_header import read_header
from lestockage.store.migrations import MIGRATIONS, Migration, migrate
from lestockage.store.schema import SCHEMA_VERSION, stored_version

if TYPE_CHECKING:
    from pathlib import Path

NEXT = Migration(
    SCHEMA_VERSION + 1, "a column and a table", ("ALTER TABLE projects ADD COLUMN note TEXT", "CREATE TABLE extra (x INTEGER) STRICT")
)


def schema_of(store: StoreFile) -> set[tuple[Any, ...]]:
    """Return every table and index with its SQL."""
    return set(store.query("SELECT type, name, tbl_name, sql FROM sqlite_schema"))


def test_version_is_that_of_the_last_step() -> None:
    """Steps are numbered from 1 without a gap, and the last is the version of this release."""
    assert [migration.version for migration in MIGRATIONS] == list(range(1, SCHEMA_VERSION + 1))


def test_each_step_leaves_a_record(store: StoreFile) -> None:
    """The table of versions has one row for each step, with what it did and when."""
    rows = store.query("SELECT version, description, applied_at > 1700000000000 FROM schema_version ORDER BY version")
    assert rows == [(migration.version, migration.description, 1) for migration in MIGRATIONS]


def test_taken_steps_are_not_taken_again(store: StoreFile) -> None:
    """Migrating a current file takes no step and writes nothing."""
    before = store.total_changes
    assert migrate(store) == 0
    assert store.total_changes == before


def test_migrated_file_equals_a_fresh_one(store: StoreFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of an older version that is migrated has the tables of a file made by the newer release."""
    steps = (*MIGRATIONS, NEXT)
    assert migrate(store, steps) == 1
    for module in ("connection", "opening"):
        monkeypatch.setattr(f"lestockage.store.{module}.SCHEMA_VERSION", NEXT.version)
    monkeypatch.setattr(migrate, "__defaults__", (steps,))
    with StoreFile.open(tmp_path / "fresh.db") as fresh:
        assert stored_version(fresh) == NEXT.version
        assert schema_of(fresh) == schema_of(store)


def test_opening_migrates_an_older_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer release brings the file up to date on opening, and the header of the file itself says so at once."""
    StoreFile.open(path).close()
    for module in ("connection", "opening"):
        monkeypatch.setattr(f"lestockage.store.{module}.SCHEMA_VERSION", NEXT.version)
    monkeypatch.setattr(migrate, "__defaults__", ((*MIGRATIONS, NEXT),))
    with StoreFile.open(path) as store:
        assert stored_version(store) == NEXT.version
        assert int.from_bytes(path.read_bytes()[60:64], "big") == NEXT.version


def test_failing_step_leaves_the_version_before(store: StoreFile) -> None:
    """A step that fails half-way leaves no half of it, and the steps before it stand."""
    before = schema_of(store)
    broken = Migration(SCHEMA_VERSION + 2, "broken", ("CREATE TABLE half (x)", "CREATE TABLE projects (x)"))
    with pytest.raises(Exception, match="already exists"):
        migrate(store, (*MIGRATIONS, broken))
    assert schema_of(store) == before
    assert stored_version(store) == SCHEMA_VERSION


def test_step_is_taken_once_by_processes_together(path: Path) -> None:
    """Of four connections that migrate the same file together, one takes the step."""
    StoreFile.open(path).close()
    stores = [StoreFile.open(path) for _ in range(4)]
    taken: list[int] = []
    threads = [threading.Thread(target=lambda store=store: taken.append(migrate(store, (*MIGRATIONS, NEXT)))) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in stores:
        store.close()
    assert sorted(taken) == [0, 0, 0, 1]


def test_header_says_what_the_file_is(path: Path) -> None:
    """A fresh file is ours and a WAL by its first bytes, before SQLite is asked."""
    StoreFile.open(path).close()
    header = read_header(str(path), SCHEMA_VERSION)
    assert header is not None
    assert header.is_wal
    assert not header.is_blank
