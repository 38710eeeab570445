"""Processes: several on one file, and one that is killed in the middle."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from lestockage.store.connection import StoreFile

if TYPE_CHECKING:
    from pathlib import Path

WRITER = """
import sys
from lestockage.store.connection import StoreFile
from lestockage.store.intel_writer import IntelWriter
from lestockage.store.node_rows import NodeFacts, NodeKey
from lestockage.store.projects import ensure_project
with StoreFile.open(sys.argv[1]) as store:
    project = ensure_project(store, "zoo", "/").id
    for turn in range(1_000_000):
        # Every file is in the same state at each commit, and names an external of that state only.
        with IntelWriter(store) as writer:
            for file in ("a.py", "b.py", "c.py"):
                writer.replace_nodes(project, file, [NodeFacts(f"{file}.{n}", turn, str(n), "function", *[None] * 9) for n in range(200)])
            for file in ("a.py", "b.py", "c.py"):
                edges = [(NodeKey(project, None, f"x{turn}"), "call", 0, 0, 1.0, "name")]
                writer.replace_edges({NodeKey(project, file, f"{file}.{n}", turn): edges for n in range(200)})
        print(turn, flush=True)
"""


def state(store: StoreFile) -> set[tuple[int, ...]]:
    """Return the turns that the file's nodes are of, with how many there are, and how many edges: one consistent state is one turn."""
    with store.snapshot():
        turns = store.query("SELECT ordinal, count(*) FROM intel_nodes WHERE file_path IS NOT NULL GROUP BY ordinal")
        externals = store.query("SELECT count(*) FROM intel_nodes WHERE file_path IS NULL")[0][0]
        edges = store.query("SELECT count(*) FROM intel_edges")[0][0]
    return {(*turn, externals, edges) for turn in turns}


@pytest.mark.parametrize("delay", [0.0, 0.004, 0.013, 0.031])
def test_readers_see_whole_states_and_a_killed_writer_leaves_one(path: Path, delay: float) -> None:
    """While a process writes, a reader sees one of its commits each time; after it is killed, the file is whole and at a commit."""
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "0\n"
        with StoreFile.open(path, read_only=True) as reader:
            seen = [state(reader) for _ in range(20)]
        while writer.stdout.readline() != "5\n":
            pass
        time.sleep(delay)
        writer.send_signal(signal.SIGKILL)
        told = [int(line) for line in writer.stdout.read().split()]
    for turns in seen:
        assert len(turns) == 1
        assert next(iter(turns))[1:] == (600, 1, 600)
    with StoreFile.open(path) as store:
        ((turn, *counts),) = state(store)
        assert counts == [600, 1, 600]
        assert turn >= max(told, default=5)
        assert store.query("PRAGMA integrity_check") == [("ok",)]
        assert store.query("PRAGMA foreign_key_check") == []
