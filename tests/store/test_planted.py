"""Planted: a schema that does more than keep rows is refused; nothing that a file names is run or imported."""

from __future__ import annotations

import ast
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest

import lestockage
from lestockage import Database
from lestockage.errors import CorruptStore, LestockageError
from lestockage.store.connection import StoreFile
from lestockage.store.planted import _ROOTLESS, USUAL, digest_of
from lestockage.store.row_seal import member_seal, node_seal, unpack_ids
from tests.crash import ledger

TRIGGERS = [
    "CREATE TRIGGER planted AFTER UPDATE ON memo_nodes BEGIN DELETE FROM projects; END",
    "CREATE TRIGGER planted INSTEAD OF INSERT ON somebodys BEGIN SELECT 1; END",
]
STAND_INS = [
    "DROP TABLE memo_values; CREATE VIEW memo_values AS SELECT name AS hash, sql AS bytes FROM sqlite_schema",
    "DROP TABLE intel_nodes; CREATE VIRTUAL TABLE intel_nodes USING fts5(x)",
]


def crafted(path: Path, script: str) -> Path:
    """A file of ours that somebody has been at."""
    StoreFile.open(path).close()
    raw = sqlite3.connect(path)
    raw.execute("CREATE VIEW somebodys AS SELECT qualified_name FROM intel_nodes")
    raw.executescript("PRAGMA foreign_keys = OFF; " + script)
    raw.close()
    return path


@pytest.mark.parametrize("script", TRIGGERS)
def test_a_planted_trigger_is_refused(path: Path, script: str) -> None:
    """A trigger that this release did not make would run with our own writes, so the file is not opened."""
    with pytest.raises(CorruptStore, match="trigger 'planted'"):
        StoreFile.open(crafted(path, script))


@pytest.mark.parametrize("script", STAND_INS)
def test_what_stands_in_for_a_table_is_refused(path: Path, script: str) -> None:
    """A view or a virtual table under the name of a table of ours would run something whenever we read."""
    with pytest.raises(CorruptStore, match="is no table but a"):
        StoreFile.open(crafted(path, script))


def test_a_view_of_somebodys_own_is_theirs(path: Path) -> None:
    """People may keep views in the file; what they can call is harmless."""
    with StoreFile.open(crafted(path, "SELECT 1")) as store:
        assert store.query("SELECT * FROM somebodys") == []
        assert store.row("PRAGMA trusted_schema") == (0,)


def test_the_usual_digest_is_that_of_a_fresh_file(store: StoreFile) -> None:
    """Opening a file of ours does not load the SQL of every table: update `planted.USUAL` with the schema."""
    assert digest_of(store.query(_ROOTLESS)) == USUAL


def test_names_in_a_file_import_nothing(path: Path) -> None:
    """Stored names are looked up among what is declared, never imported, whatever they say."""
    with Database(path) as db:
        ledger.write(db, 0)
        ledger.ledger(db)
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("UPDATE memo_names SET name = 'this.' || id WHERE name LIKE '%entry' OR name LIKE '%spelled%'")
    raw.execute("INSERT INTO memo_names (name, fingerprint) VALUES ('antigravity.fly', x''), ('os.system', x'')")
    raw.execute(
        "INSERT INTO memo_name_edges SELECT a.id, b.id FROM memo_names a, memo_names b WHERE b.name IN ('os.system', 'antigravity.fly')"
    )
    raw.close()
    before = set(sys.modules)
    with Database(path) as db:
        assert ledger.ledger(db) == ledger.oracle(ledger.state(0))
    assert not {"this", "antigravity"} & (set(sys.modules) - before)


def test_circles_of_ids_end(path: Path) -> None:
    """Nodes that depend on themselves and on each other, all of them dirty, are computed again; nothing runs for ever."""
    with Database(path) as db:
        ledger.write(db, 0)
        ledger.ledger(db)
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("INSERT OR IGNORE INTO memo_edges SELECT a.id, b.id, 0 FROM memo_nodes a, memo_nodes b WHERE b.deps NOTNULL")
    raw.execute("UPDATE memo_nodes SET dirty = 1, seal = ~seal WHERE deps NOTNULL")
    raw.execute("INSERT OR IGNORE INTO memo_suspects SELECT dependent, dep, dep FROM memo_edges")
    raw.close()
    with Database(path) as db:
        assert ledger.ledger(db) == ledger.oracle(ledger.state(0))
        ledger.write(db, 1)
        assert ledger.ledger(db) == ledger.oracle(ledger.state(1))


HOSTILE: list[bytes] = [
    b"\xdd\xff\xff\xff\xff",
    b"\xdf\xff\xff\xff\xff",
    b"\xc6\xff\xff\xff\xff",
    b"\x91" * 5_000 + b"\x00",
    b"\xc7\x04\x01evil",
    b"\xd6\xff\x00\x00\x00\x00",
    b"cos\nsystem\n(S'true'\ntR.",
    b"",
]


@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_bytes_that_claim_too_much_are_refused(path: Path, data: bytes) -> None:
    """Absurd lengths, deep nesting, extension types and pickles, under right seals, are answered right, or refused in words of ours."""
    assert unpack_ids(data) is None
    with Database(path) as db:
        ledger.write(db, 0)
        ledger.ledger(db)
    raw = sqlite3.connect(path, isolation_level=None)
    for row in raw.execute("SELECT id, name, key, digest, changed_at, verified_at, dirty FROM memo_nodes WHERE id % 2 = 0").fetchall():
        fields: list[Any] = list(row)
        fields[2 if row[0] % 4 else 3] = data[:31]
        raw.execute("UPDATE memo_nodes SET key = ?, digest = ?, seal = ? WHERE id = ?", (*fields[2:4], node_seal(*fields), row[0]))
    name, key, cells = raw.execute("SELECT name, key, cells FROM memo_members LIMIT 1").fetchone()
    raw.execute("UPDATE memo_members SET key = ?, seal = ? WHERE name = ? AND key = ?", (data, member_seal(name, data, cells), name, key))
    raw.close()
    db = Database(path)
    try:
        ledger.write(db, 1)
        assert ledger.ledger(db).keys() == ledger.oracle(ledger.state(1)).keys()
    except LestockageError:
        pass
    finally:
        db.close()


def test_no_module_reads_pickles_or_code() -> None:
    """Nothing in the package imports what turns bytes into code."""
    banned = {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle"}
    for module in Path(lestockage.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not banned & {name.partition(".")[0] for name in names}, module
