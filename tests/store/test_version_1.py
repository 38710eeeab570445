"""Version 1: a file that the first release's tables were made in is migrated with everything that it holds."""

from __future__ import annotations

import gzip
import importlib
import shutil
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest

from lestockage import Database
from lestockage.store.connection import StoreFile
from lestockage.workspace.workspace import Workspace

FILES = Path(__file__).parent / "files" / "version_1"
INTEL = ("projects", "source_files", "intel_nodes", "intel_edges")
MEMOS = ("memo_names", "memo_name_edges", "memo_edges", "memo_suspects", "memo_values")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A copy of the file of version 1."""
    copy = tmp_path / "index.db"
    copy.write_bytes(gzip.decompress((FILES / "version-1.db.gz").read_bytes()))
    return copy


def rows(path: Path, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
    """Every row of a table, read by SQLite alone."""
    raw = sqlite3.connect(path)
    try:
        return sorted(raw.execute(f"SELECT {columns} FROM {table}").fetchall(), key=repr)  # noqa: S608  # names of the test's own
    finally:
        raw.close()


def schema(path: Path) -> set[tuple[Any, ...]]:
    """Every table and index of a file."""
    return set(rows(path, "sqlite_schema", "type, name, tbl_name, sql"))


def test_rows_are_kept_exactly(path: Path) -> None:
    """Tables for people and tables of memos hold the same rows after the migration; only the seals are new."""
    nodes = "id, name, hash, key, digest, changed_at, verified_at, dirty, deps IS NULL"
    columns = {table: ", ".join(row[1] for row in rows(path, f"pragma_table_info('{table}')")) for table in (*INTEL, *MEMOS)}
    before = [rows(path, table, columns[table]) for table in (*INTEL, *MEMOS)], rows(path, "memo_nodes", nodes)
    StoreFile.open(path).close()
    after = [rows(path, table, columns[table]) for table in (*INTEL, *MEMOS)], rows(path, "memo_nodes", nodes)
    assert all(before[0])
    assert after == before


def test_tables_are_those_of_a_fresh_file(path: Path, tmp_path: Path) -> None:
    """A migrated file cannot be told from one made today."""
    StoreFile.open(path).close()
    StoreFile.open(tmp_path / "fresh.db").close()
    assert schema(path) == schema(tmp_path / "fresh.db")


def test_memos_are_served_and_what_was_dirty_runs(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every answer is right after the migration, and only what was dirty in the file is executed."""
    monkeypatch.syspath_prepend(FILES)
    program = importlib.import_module("version_1_program")
    with Database(path) as db:
        answers = program.ask(db)
        executed = {name.rpartition(".")[2]: count for name, count in db.executions().items()}
    assert answers["total"] == 2 * (0 + 1 + 4 + 100 + 16)
    assert answers["squared"] == [0, 1, 4]
    assert answers["described"][3] == {"text": "the leaf 3 doubled is 200" * 3}
    if sys.version_info[:2] == (3, 11):  # another Python compiles the bodies to other code
        assert executed == {"doubled": 1, "described": 1, "total": 1}
    with Database(path) as db:
        assert program.ask(db) == answers
        assert db.executions() == {}


def test_index_goes_on(path: Path, tmp_path: Path) -> None:
    """The index of version 1 is brought up to date as any other: its symbols are those of a fresh one."""
    shutil.copytree(FILES / "tree", tmp_path / "tree")
    with Workspace.open(path) as old, Workspace.open(tmp_path / "fresh.db") as fresh:
        old.index(tmp_path / "tree", project="zoo")
        fresh.index(tmp_path / "tree", project="zoo")
    symbols = "file_path, qualified_name, node_type, signature, start_line, end_line"
    assert rows(path, "intel_nodes", symbols) == rows(tmp_path / "fresh.db", "intel_nodes", symbols)


def test_a_blob_that_was_damaged_already_is_known_to_be(path: Path) -> None:
    """Dependencies that version 1 could not read either do not stop the migration; they are found damaged afterwards."""
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("UPDATE memo_nodes SET deps = x'c1' WHERE id = (SELECT max(id) FROM memo_nodes WHERE deps NOTNULL)")
    raw.close()
    with Database(path) as db:
        assert [finding.kind for finding in db.check() if "dependencies" in finding.detail and finding.kind == "damage"] == ["damage"]
