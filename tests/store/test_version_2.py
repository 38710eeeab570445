"""Version 2: a file of the tables before edges were held to confidences of 0 … 1 is migrated with all that it holds."""

from __future__ import annotations

from contextlib import closing
from sqlite3 import connect
from typing import TYPE_CHECKING, Any

import pytest

from lestockage.errors import ConstraintError, OlderSchema
from lestockage.store.connection import StoreFile
from lestockage.store.migrations import MIGRATIONS, migrate
from lestockage.store.schema import stored_version

if TYPE_CHECKING:
    from pathlib import Path

EDGES = [(1, 2, "call", 3, 4, 0.5, "name"), (2, 1, "call", 1, 0, 1.5, "guess"), (2, 2, "import", 0, 0, -2.0, "import")]
KEPT = [EDGES[0], (*EDGES[1][:5], 1.0, "guess"), (*EDGES[2][:5], 0.0, "import")]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file of version 2: two nodes of a project, with edges of which two were written past the models."""
    for module in ("connection", "opening"):
        monkeypatch.setattr(f"lestockage.store.{module}.SCHEMA_VERSION", 2)
    monkeypatch.setattr(migrate, "__defaults__", (MIGRATIONS[:2],))
    with StoreFile.open(tmp_path / "index.db") as store, store.transaction():
        store.execute("INSERT INTO projects VALUES (1, 'zoo', '/src/zoo', 1, 1, NULL)")
        store.executemany(
            "INSERT INTO intel_nodes (id, project_id, symbol_name, qualified_name, node_type, created_at, updated_at)"
            " VALUES (?, 1, ?, ?, 'external', 1, 1)",
            [(1, "f", "m.f"), (2, "g", "m.g")],
        )
        store.executemany("INSERT INTO intel_edges VALUES (?, ?, ?, ?, ?, ?, ?)", EDGES)
    monkeypatch.undo()
    return tmp_path / "index.db"


def rows(path: Path, sql: str) -> list[Any]:
    """Return what a statement gives, by SQLite alone."""
    with closing(connect(path)) as raw:
        return raw.execute(sql).fetchall()


def test_edges_are_kept(path: Path) -> None:
    """Every edge is there after the migration; a confidence that was none is the nearest that is one."""
    assert rows(path, "SELECT * FROM intel_edges ORDER BY 1, 2") == EDGES
    with StoreFile.open(path) as store:
        assert stored_version(store) == len(MIGRATIONS)
    assert rows(path, "SELECT * FROM intel_edges ORDER BY 1, 2") == KEPT


def test_tables_are_those_of_a_fresh_file(path: Path, tmp_path: Path) -> None:
    """A migrated file cannot be told from one made today: tables, indexes, views."""
    StoreFile.open(path).close()
    StoreFile.open(tmp_path / "fresh.db").close()
    schema = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2"
    assert rows(path, schema) == rows(tmp_path / "fresh.db", schema)


def test_the_table_refuses_what_is_no_confidence(path: Path) -> None:
    """SQL of anybody's is refused a confidence beyond 0 … 1, in a new row and in one that is there; the ends are none beyond."""
    with StoreFile.open(path) as store:
        for confidence in (1.001, -0.001, 7, float("inf"), float("nan")):
            with pytest.raises(ConstraintError, match="confidence"):
                store.execute("UPDATE intel_edges SET confidence = ? WHERE caller_id = 1", (confidence,))
            with pytest.raises(ConstraintError, match="confidence"):
                store.execute("INSERT INTO intel_edges VALUES (1, 1, 'call', 0, 0, ?, '')", (confidence,))
        for confidence in (0, 1):
            store.execute("UPDATE intel_edges SET confidence = ?", (confidence,))


def test_edges_go_with_their_nodes_still(path: Path) -> None:
    """The new table has the keys of the old: an orphan is refused, and an edge goes with either of its ends."""
    with StoreFile.open(path) as store:
        with pytest.raises(ConstraintError):
            store.execute("UPDATE intel_edges SET callee_id = 999")
        store.execute("DELETE FROM intel_nodes WHERE id = 1")
        assert store.query("SELECT caller_id, callee_id FROM intel_edges") == [(2, 2)]


def test_a_reader_says_that_the_file_is_older(path: Path) -> None:
    """Who opens the file for reading only is told to have it migrated, and changes no byte."""
    before = path.read_bytes()
    with pytest.raises(OlderSchema):
        StoreFile.open(path, read_only=True)
    assert path.read_bytes() == before
