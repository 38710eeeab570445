"""Damage: flipped bytes in the file are computed again, refused, or told; never an answer."""

from __future__ import annotations

import random
import shutil
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from lestockage import Database
from lestockage.engine.events import DidFindDamage
from lestockage.errors import CorruptStore, DamagedInput, LestockageError
from tests.crash import ledger

if TYPE_CHECKING:
    from pathlib import Path

SEALED = (
    ("memo_nodes", ("id", "name", "key", "digest", "changed_at", "verified_at", "dirty", "deps", "seal")),
    ("memo_members", ("key", "cells", "seal")),
    ("memo_values", ("hash", "bytes")),
)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the ledger's first step, and a second one of which some rows are dirty."""
    path = tmp_path_factory.mktemp("damage") / "base.db"
    with Database(path) as db:
        ledger.write(db, 0)
        ledger.ledger(db)
    with Database(path) as db:
        ledger.write(db, 1)
        ledger.page(db, 0)
    return path


def damaged(base: Path, path: Path, sql: str, *values: Any) -> Path:
    """A copy of the file in which one statement has changed something."""
    shutil.copyfile(base, path)
    raw = sqlite3.connect(path, isolation_level=None)
    assert raw.execute(sql, values).rowcount
    raw.close()
    return path


def flipped(value: Any, chance: random.Random) -> Any:
    """A value of the same type with one bit changed."""
    if value is None:
        return b"\0"
    if isinstance(value, int):
        return value ^ (1 << chance.randrange(20))
    data = bytearray(value or b"\0")
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def test_a_flipped_bit_in_any_column_never_becomes_an_answer(base: Path, tmp_path: Path) -> None:
    """Whatever bit of a node, an input or a value has changed, every answer is right or refused, before and after the next change."""
    chance = random.Random(5)  # noqa: S311  # nothing secret
    raw = sqlite3.connect(base)
    refused = right = 0
    for table, columns in SEALED:
        rowid = "id" if table == "memo_nodes" else "key" if table == "memo_members" else "hash"
        for column in columns:
            rows = raw.execute(f"SELECT {rowid}, {column} FROM {table}").fetchall()  # noqa: S608  # names of this module
            for identity, value in chance.sample(rows, 5):
                sql = f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {rowid} = ?"  # noqa: S608  # as above
                try:
                    path = damaged(base, tmp_path / "damaged.db", sql, flipped(value, chance), identity)
                except (AssertionError, sqlite3.IntegrityError):
                    continue  # the schema does not take it
                try:
                    db = Database(path)
                    accounts = ledger.found(db)
                    assert accounts == ledger.state(1), f"{table}.{column}"
                    assert ledger.ledger(db) == ledger.oracle(accounts), f"{table}.{column} of {identity!r}"
                    ledger.write(db, 2)
                    assert ledger.ledger(db) == ledger.oracle(ledger.state(2)), f"{table}.{column} of {identity!r}, changed"
                    right += 1
                except LestockageError:
                    refused += 1
                finally:
                    db.close()
    raw.close()
    assert right > 30
    assert refused > 5


def test_a_damaged_value_is_computed_again_told_and_healed(base: Path, tmp_path: Path) -> None:
    """Bytes that are not those of their hash are an event and a count, and the commit puts the right ones back."""
    path = damaged(base, tmp_path / "damaged.db", "UPDATE memo_values SET bytes = zeroblob(length(bytes))")
    events: list[object] = []
    db = Database(path, on_event=events.append)
    assert any(finding.kind == "damage" for finding in db.check())
    assert ledger.ledger(db) == ledger.oracle(ledger.state(1))
    assert db.counts.damaged == sum(isinstance(event, DidFindDamage) for event in events) > 0
    db.commit()
    db.close()
    with Database(path) as again:
        assert ledger.ledger(again) == ledger.oracle(ledger.state(1))
        assert again.counts.damaged == 0
        assert again.executions() == {}


def test_a_damaged_row_is_computed_again_and_healed(base: Path, tmp_path: Path) -> None:
    """Every memo's row damaged: everything is computed again, and the file is sound after the commit."""
    path = damaged(base, tmp_path / "damaged.db", "UPDATE memo_nodes SET changed_at = changed_at + 1 WHERE deps NOTNULL AND dirty = 0")
    db = Database(path)
    assert ledger.ledger(db) == ledger.oracle(ledger.state(1))
    assert db.counts.damaged > 0
    for number in range(ledger.ACCOUNTS // ledger.GROUP + 1):
        ledger.page(db, number)
    for account in ledger.Account.all(db):
        ledger.entry(db, account)
        ledger.parity(db, account)
    db.commit()
    assert db.check() == []
    db.close()
    with Database(path) as again:
        assert ledger.ledger(again) == ledger.oracle(ledger.state(1))
        assert again.executions() == {}


def test_a_damaged_input_is_refused_until_it_is_set_again(base: Path, tmp_path: Path) -> None:
    """What cannot be computed is not guessed: reading it raises, the rest answers, and setting it heals."""
    path = damaged(
        base,
        tmp_path / "damaged.db",
        "UPDATE memo_nodes SET digest = x'2a' WHERE id = (SELECT max(n.id) FROM memo_nodes n JOIN memo_names m ON m.id = n.name"
        " WHERE m.name LIKE '%Account.amount%' AND n.digest != x'')",
    )
    db = Database(path)
    with pytest.raises(DamagedInput, match="Set the field again"):
        ledger.found(db)
    ledger.write(db, 1)
    assert ledger.found(db) == ledger.state(1)
    assert ledger.ledger(db) == ledger.oracle(ledger.state(1))
    db.commit()
    db.close()
    with Database(path) as again:
        assert again.check() == []
        assert ledger.found(again) == ledger.state(1)


def test_a_damaged_list_of_inputs_is_refused(base: Path, tmp_path: Path) -> None:
    """Which inputs there are cannot be computed either: nothing is answered without it."""
    path = damaged(base, tmp_path / "damaged.db", "UPDATE memo_members SET seal = seal + 1")
    db = Database(path)
    with pytest.raises(CorruptStore, match="list of its inputs"):
        ledger.found(db)
    db.close()


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("DELETE FROM memo_edges WHERE dependent = (SELECT max(dependent) FROM memo_edges)", "mirror"),
        ("UPDATE memo_edges SET position = position + 1 WHERE dependent = (SELECT max(dependent) FROM memo_edges)", "mirror"),
        ("UPDATE memo_nodes SET deps = x'00' WHERE deps NOTNULL", "damage"),
        ("UPDATE memo_nodes SET hash = hash + 1", "damage"),
        ("UPDATE memo_nodes SET dirty = 1, seal = ~seal WHERE deps IS NULL", "green"),
        ("UPDATE memo_nodes SET verified_at = changed_at - 1", "order"),
        ("UPDATE memo_nodes SET verified_at = 1000", "order"),
        ("UPDATE memo_state SET value = 3 WHERE name = 'next id'", "id"),
        ("UPDATE memo_state SET value = 1 WHERE name = 'revision'", "order"),
        ("DELETE FROM memo_names", "name"),
        ("DELETE FROM memo_suspects", "suspect"),
        ("UPDATE memo_suspects SET dep = 1", "suspect"),
        ("INSERT INTO memo_suspects VALUES (1, 0, 2)", "suspect"),
        ("INSERT INTO memo_suspects VALUES (12345, 0, 2)", "suspect"),
        ("UPDATE memo_members SET cells = x'00'", "damage"),
        ("DELETE FROM memo_nodes", "id"),
        ("UPDATE memo_values SET bytes = x'00'", "damage"),
    ],
)
def test_the_check_finds(base: Path, tmp_path: Path, sql: str, kind: str) -> None:
    """Each kind of disorder has a finding of its own kind; a sound file has none."""
    path = damaged(base, tmp_path / "damaged.db", sql)
    with Database(base) as sound, Database(path) as db:
        assert sound.check() == []
        assert kind in {finding.kind for finding in db.check()}


def test_a_broken_page_is_a_finding(base: Path, tmp_path: Path) -> None:
    """Where SQLite's own structures are broken, the check says so instead of failing."""
    path = tmp_path / "broken.db"
    raw = sqlite3.connect(base)
    ((root, size),) = raw.execute("SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_schema WHERE name = 'memo_nodes'")
    raw.close()
    data = bytearray(base.read_bytes())
    data[(root - 1) * size : root * size] = b"\xff" * size
    path.write_bytes(data)
    db = Database(path)
    assert "structure" in {finding.kind for finding in db.check()}
    db.close()
