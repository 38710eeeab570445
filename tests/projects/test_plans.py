"""Plans: whatever is sent to the tables across projects finds its rows by an index."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING, Any

from lestockage.cli import main
from lestockage.store.connection import StoreFile
from tests.projects.trees import LIBRARY, plant

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

TABLES = re.compile(r"\b(project_distributions|project_imports|project_deps|global_symbols|module_names|external_refs|external_steps)\b")
STATEMENT = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", re.IGNORECASE)
GIVEN = re.compile(r"SCAN (json_each|json_tree|j) VIRTUAL TABLE INDEX \d+:")
"""What was given to the statement as one list, or stands in the row."""
SUBQUERY = "SCAN (subquery-1)"
"""The names that were looked up, which an index has found."""


def test_every_statement_uses_an_index(
    db: Path, lib: Path, app: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Indexing in both orders, editing, asking everything and forgetting reads no row of these tables that an index did not find."""
    StoreFile.open(db).close()  # a migration reads all that it changes
    seen: list[str] = []
    connect = sqlite3.connect

    def traced(*words: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*words, **options)
        connection.set_trace_callback(seen.append)
        return connection

    monkeypatch.setattr(sqlite3, "connect", traced)
    index = [f"index {app}", f"index {lib}"]
    questions = ["projects", "refs lib.make --all-projects", "resolve lib.Thing.method", "resolve lib.make --from app", "deps", "breakage"]
    for line in [*index, *questions, "impact lib.sub.old", "callers lib.make"]:
        assert main([*line.split(), "--db", str(db)]) == 0
    plant(
        lib, {"lib/sub.py": "from lib.core import Root\ndef starred(n):\n    return n\ndef new(a):\n    return a * 3\n", "lib/two.py": ""}
    )
    plant(app, {"pyproject.toml": '[project]\nname = "app"\ndependencies = ["lib"]\n'})
    (lib / "lib/core.py").write_text(LIBRARY["lib/core.py"].replace("class Other:\n    def other", "class Other:\n    def another"))
    for line in [*index, *questions, f"index {app} --as-library", "forget lib"]:
        assert main([*line.split(), "--db", str(db)]) == 0
    statements = {text for text in seen if STATEMENT.match(text) and TABLES.search(text)}
    assert len(statements) > 60
    monkeypatch.undo()
    with sqlite3.connect(db) as connection:
        found = {
            (row[3], statement)
            for statement in statements
            for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")
            if row[3].startswith("SCAN") and not GIVEN.match(row[3]) and row[3] not in ("SCAN CONSTANT ROW", SUBQUERY)
        }
    assert {(plan, " ".join(statement.split())[:200]) for plan, statement in found} == set()
