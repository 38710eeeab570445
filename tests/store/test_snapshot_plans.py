"""Snapshot plans: what is asked of the snapshot tables for one file, or one symbol, is looked up, never scanned for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage.store import snapshot_intervals, snapshot_state, snapshot_writer
from lestockage.store.connection import StoreFile

if TYPE_CHECKING:
    from pathlib import Path

STATEMENTS = {
    "a file's nodes": (snapshot_writer._NODES_OF_FILE, (1, "a.py")),
    "a file's edges": (snapshot_writer._EDGES_OF_FILE, (1, "a.py")),
    "a symbol": (snapshot_writer._FIND_SYMBOL, (1, "a.py", "a", 0)),
    "an external symbol": (snapshot_writer._FIND_SYMBOL, (1, None, "a", 0)),
    "the end of a node": (snapshot_writer._END_NODE, (1, 1)),
    "the end of an edge": (snapshot_writer._END_EDGE, (1, 1, 1, "call", 0, 0)),
    "the end of a file": (snapshot_writer._END_FILE, (1, 1, "a.py")),
    "the files of a snapshot": (snapshot_state._FILES, (1, 1, 1)),
    "the nodes of a file in a snapshot": (snapshot_state._NODES, (1, "a.py", 1, 1)),
    "the places in a file": (snapshot_state._PLACES, (1, "a.py", 1, 1)),
    "the edges of a snapshot": (snapshot_state._EDGES, (1, 1, 1)),
    "who refers to the symbols of files": (snapshot_state._DEGREES.format(end="callee_id"), (1, 1, '["a.py"]')),
    "what the symbols of files refer to": (snapshot_state._DEGREES.format(end="caller_id"), (1, 1, '["a.py"]')),
    "all nodes of a project": (snapshot_intervals._NODES, (1,)),
    "all references of a project": (snapshot_intervals._REFERENCES, (1,)),
}


@pytest.mark.parametrize("what", list(STATEMENTS))
def test_rows_are_looked_up(tmp_path: Path, what: str) -> None:
    """No table is read from end to end: other projects, and other files of the project, cost nothing."""
    sql, parameters = STATEMENTS[what]
    with StoreFile.open(tmp_path / "plans.db") as store:
        plan = [row[3] for row in store.query(f"EXPLAIN QUERY PLAN {sql}", parameters)]
    assert [step for step in plan if step.startswith("SCAN") and "json_each" not in step] == []
