"""The commands `gc`, `check` and `verify`: what is done to a database file as a whole."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

import pytest

from lestockage import Database
from lestockage.store.row_seal import node_seal
from tests.crash import ledger

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


@pytest.fixture
def indexed(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database of a small tree that was changed once."""
    path = tmp_path / "index.db"
    monkeypatch.setenv("LESTOCKAGE_DB", str(path))
    tree = tmp_path / "tree"
    tree.mkdir()
    calls = " + ".join(f"sound_{number}()" for number in range(20))  # so that what is known of them is no small value
    sounds = "\n".join(f"def sound_{number}() -> str:\n    return 'purr'\n" for number in range(20))
    (tree / "cat.py").write_text(f"class Cat:\n    def purr(self) -> str:\n        return {calls}\n\n\n{sounds}")
    assert run("index", str(tree)).status == 0
    (tree / "cat.py").write_text(
        "class Cat:\n    def purr(self) -> str:\n        return hiss()\n\n\ndef hiss() -> str:\n    return 'hiss'\n"
    )
    assert run("index", str(tree)).status == 0
    return path


def test_a_sound_file_is_said_to_be_sound(run: Run, indexed: Path) -> None:
    """Nothing is found, the status is 0, and no byte changes."""
    before = indexed.read_bytes()
    assert run("check") == (0, f"{indexed}: sound\n", "")
    assert json.loads(run("check", "--json").out) == {"database": str(indexed), "findings": []}
    assert indexed.read_bytes() == before


def test_what_is_damaged_is_listed(run: Run, indexed: Path) -> None:
    """Findings are listed with their kind, and the status is 1."""
    raw = sqlite3.connect(indexed, isolation_level=None)
    raw.execute("UPDATE memo_values SET bytes = x'00'")
    raw.close()
    ended = run("check")
    assert ended.status == 1
    assert "damage" in ended.out
    assert run("check", "--json").status == 1


def test_garbage_goes_and_the_next_run_finds_everything(run: Run, indexed: Path) -> None:
    """What earlier states left goes; indexing again executes nothing, and a second collection finds nothing."""
    done = json.loads(run("gc", "--max-traces", "0", "--max-age", "0.00001", "--json").out)
    assert done["traces"] > 0
    assert done["values"] > 0
    assert "executed 0" in run("index", str(indexed.parent / "tree")).err + run("index", str(indexed.parent / "tree")).out
    ended = run("gc", "--max-traces", "0")
    assert ended.status == 0
    assert "0 memos, 0 earlier results and 0 values dropped" in ended.out
    assert run("check").status == 0


def test_stored_results_are_computed_again(run: Run, indexed: Path) -> None:
    """All of them, or a share, come to the same; the status is 0."""
    everything = json.loads(run("verify", "--json").out)
    assert everything["verified"] > 10
    assert everything["differing"] == []
    half = json.loads(run("verify", "--sample", "0.5", "--json").out)
    assert half["verified"] == pytest.approx(everything["verified"] / 2, abs=1)
    assert json.loads(run("verify", "--sample", "0", "--json").out)["verified"] == 0


def test_a_result_that_is_not_true_is_named(run: Run, indexed: Path) -> None:
    """A stored value that its query does not return any more is listed, and the status is 1."""
    raw = sqlite3.connect(indexed, isolation_level=None)
    row = raw.execute(
        "SELECT n.id, n.name, n.key, n.changed_at, n.verified_at FROM memo_nodes n JOIN memo_names m ON m.id = n.name"
        " WHERE m.name LIKE '%module_name' AND n.dirty = 0"
    ).fetchone()
    forged = b"\xa3dog"
    seal = node_seal(row[0], row[1], row[2], forged, row[3], row[4], 0)
    raw.execute("UPDATE memo_nodes SET digest = ?, seal = ? WHERE id = ?", (forged, seal, row[0]))
    raw.close()
    ended = run("verify")
    assert ended.status == 1
    assert "module_name" in ended.out
    assert "instead of 'dog'" in ended.out


@pytest.mark.parametrize("command", ["gc", "check", "verify"])
def test_without_a_file_nothing_is_made(run: Run, tmp_path: Path, command: str) -> None:
    """A path without a file is refused with what to do."""
    path = tmp_path / "none.db"
    ended = run(command, "--db", str(path))
    assert ended.status == 2
    assert "There is no index" in ended.err
    assert not path.exists()


def test_status_tells_what_is_kept(run: Run, indexed: Path) -> None:
    """Results, values and bytes by query, for people and for programs."""
    status = json.loads(run("status", "--json").out)
    assert status["kept"]["memos"] == sum(query["memos"] for query in status["queries"]) > 10
    assert status["kept"]["values"] > 0
    assert "results, dirty ones, bytes, by query" in run("status").out


def test_stats_of_a_database_tell_of_its_file(tmp_path: Path) -> None:
    """For each query: what is in memory, what this process did, and what the file keeps, in bytes too."""
    with Database(tmp_path / "memo.db") as db:
        ledger.write(db, 0)
        ledger.ledger(db)
        assert db.stats()["tests.crash.ledger.entry"].stored == 0
        db.commit()
        entry = db.stats()["tests.crash.ledger.entry"]
        assert (entry.memos, entry.executed, entry.stored) == (ledger.ACCOUNTS,) * 3
        assert entry.stored_bytes > ledger.ACCOUNTS * 60
    with Database(tmp_path / "memo.db") as db:
        ledger.ledger(db)
        assert db.stats()["tests.crash.ledger.ledger"][1:5] == (0, 0, 1, 1)
        assert db.verify_stored() == (len(db.ingredients) and 12 + 12 + 4 + 1, [])
    with Database() as db:
        assert db.verify_stored() == (0, [])
