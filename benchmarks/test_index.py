"""Index: what indexing the installed source of networkx costs: cold, unchanged, after the edit of one function.

`make bench` prints the figures; run it alone with `pytest benchmarks/test_index.py -s`. Ratios are of one run; results are asserted.
"""

# ruff: noqa: S101, S603, T201  # results are asserted, a process of our own is started, figures are printed

from __future__ import annotations

import ast
import gc
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from lestockage.languages.python.survey import parse
from lestockage.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = 5


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of networkx's source, to be edited."""
    found = importlib.util.find_spec("networkx")
    assert found is not None
    assert found.submodule_search_locations is not None
    copy: Path = tmp_path_factory.mktemp("source") / "networkx"
    shutil.copytree(found.submodule_search_locations[0], copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


@pytest.fixture(scope="module")
def database(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that knows the tree."""
    path = tmp_path_factory.mktemp("database") / "index.db"
    _command(path, tree)
    return path


def _command(database: Path, tree: Path) -> tuple[float, float]:
    """Run the command in a process of its own: seconds of wall time, and of processor time with that of its workers."""
    before = os.times()
    started = time.perf_counter()
    words = [sys.executable, "-m", "lestockage", "index", str(tree), "--db", str(database), "--jobs", "2"]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - started, spent


def _parse_alone(tree: Path) -> float:
    """Seconds that `ast.parse` needs for every file of the tree, in this process."""
    sources = [path.read_bytes() for path in tree.rglob("*.py")]
    gc.disable()
    try:
        started = time.perf_counter()
        for source in sources:
            ast.parse(source)
        return time.perf_counter() - started
    finally:
        gc.enable()


def test_cold(tree: Path, tmp_path: Path) -> None:
    """A whole command over a tree that no database knows, against `ast.parse` alone."""
    walls = [_command(tmp_path / f"{number}.db", tree)[0] for number in range(2)]
    alone = min(_parse_alone(tree) for _ in range(2))
    with Workspace.open(tmp_path / "0.db") as workspace:
        report = workspace.index(tree)
    assert report.executed == {}
    assert report.nodes > 9_000
    print(f"\ncold, --jobs 2: {min(walls):.2f} s, {min(walls) / alone:.1f} x ast.parse alone ({alone:.2f} s) (aim 6)")


def test_no_change(database: Path, tree: Path) -> None:
    """The whole command again: processor time, the interpreter's start included."""
    size = database.stat().st_size
    spent = min(_command(database, tree)[1] for _ in range(ROUNDS))
    assert database.stat().st_size == size
    print(f"\nunchanged: {spent:.3f} s of processor time (aim 0.15)")


def test_one_edit(database: Path, tree: Path) -> None:
    """One function's body, in a process that has the workspace open: what goes beyond parsing that file."""
    path = tree / "classes" / "graph.py"
    original = path.read_text()
    beyond = []
    with Workspace.open(database) as workspace:
        workspace.index(tree)
        for number in range(ROUNDS + 1):
            edited = original.replace("return iter(self._node)", f"marked = {number}\n        return iter(self._node)", 1)
            path.write_text(edited)
            time.sleep(0.05)  # older than the clock's step, which the run would wait for
            started = time.process_time()
            report = workspace.index(tree)
            spent = time.process_time() - started
            started = time.process_time()
            parse(edited.encode())
            beyond.append(spent - (time.process_time() - started))
            assert [report.executed[name] for name in ("parsed", "scan", "facts", "edges_of")] == [1, 1, 1, 1]
    path.write_text(original)
    print(f"\none edit: {min(beyond[1:]) * 1e3:.1f} ms beyond parsing the file (aim 50)")
