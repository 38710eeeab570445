"""Scale: what a cold index of 10,000 to 1,000,000 lines of real packages costs, and an edit after it: processor time, memory, bytes.

`make bench-scale` runs all of it (a quarter of an hour), `make bench` the two smallest sizes. Ratios are of one run. The trees hold
installed packages, whole, the same ones first in each.
"""

# ruff: noqa: S101, S603, T201  # results are asserted, a process of our own is started, figures are printed

from __future__ import annotations

import ast
import gc
import importlib.util
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from lestockage.store.connection import StoreFile
from lestockage.store.projects import find_project
from lestockage.store.totals import count_edges, count_nodes

SIZES: Final = [int(size) for size in os.environ.get("LESTOCKAGE_SCALE", "10000,30000").split(",")]

PACKAGES: Final = (
    *("diskcache", "yaml", "anyio", "jinja2", "click", "_pytest", "networkx", "pip", "mypy", "setuptools", "pydantic"),
    *("numpy", "coverage", "virtualenv", "pyarrow", "playwright", "griffe", "markdown_it", "polars", "scipy", "pandas"),
)
"""Top-level packages in the order in which they are taken until a tree has its lines."""

MOST_MEMORY: Final = 1_500_000_000
"""What the main process may take at 1,000,000 lines."""

_INDEX: Final = """\
import json, os, resource, sys
from lestockage.cli import main
status = main(["index", *sys.argv[1:], "--project", "scale", "--jobs", "2"])
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
spent = os.times()
print(json.dumps([status, int(peak.split()[1]) * 1024, worker * 1024, sum(spent[:4])]))
"""
"""The command in a process of its own, which tells what it took: of its own memory, since `exec` hands the largest size so far on."""


_EDITS: Final = 15
_FUNCTION: Final = re.compile(r"^def (\w+)\((\w+).*?^    return", re.MULTILINE | re.DOTALL)


class Edited(NamedTuple):
    """What the command cost, started anew after each of some edits: medians of processor time, of bodies run and of memos loaded."""

    seconds: float
    most_seconds: float
    executed: float
    loaded: float

    def __str__(self) -> str:
        return (
            f"  one function edited so that values move, a whole command: {self.seconds:.2f} s of processor time, at most"
            f" {self.most_seconds:.2f} s; {self.executed:.0f} bodies run, {self.loaded:.0f} memos loaded"
        )


class Measured(NamedTuple):
    """What one tree cost."""

    lines: int
    nodes: int
    edges: int
    seconds: float
    alone: float
    peak: int
    worker: int
    size: int
    edited: Edited

    def __str__(self) -> str:
        seconds = f"{self.seconds:.1f} s of processor time, {self.seconds / self.lines * 1e6:.0f} us a line"
        ratio = f"{self.seconds / self.alone:.1f} x ast.parse alone"
        peak = f"{self.peak / 1e6:.0f} MB, {self.peak / self.lines / 1e3:.2f} KB a line"
        return (
            f"{self.lines:,} lines: {self.nodes:,} symbols, {self.edges:,} edges, {seconds}, {ratio},"
            f" peak {peak}, largest worker {self.worker / 1e6:.0f} MB, database {self.size / 1e6:.0f} MB\n{self.edited}"
        )


def make_tree(root: Path, lines: int) -> int:
    """Copy packages until there are so many lines, or nearly; returns how many there are."""
    count = 0
    for name in PACKAGES:
        if count >= lines * 0.9:
            break
        found = importlib.util.find_spec(name)
        if found is None or not found.submodule_search_locations:
            continue
        source = Path(found.submodule_search_locations[0])
        for path in sorted(source.rglob("*.py")):
            copy = root / name / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
            count += path.read_bytes().count(b"\n")
    assert count >= lines * 0.9, "there are not enough packages in this environment"
    return count


def parse_alone(tree: Path) -> float:
    """Seconds of processor time that `ast.parse` needs for every file of the tree, in this process; some are no Python of ours."""
    sources = [path.read_bytes() for path in tree.rglob("*.py")]
    gc.disable()
    try:
        started = time.process_time()
        for source in sources:
            try:
                ast.parse(source)
            except SyntaxError:
                continue
        return time.process_time() - started
    finally:
        gc.enable()


def measure(folder: Path, size: int) -> Measured:
    """Index a tree of that size with nothing known before."""
    tree, database = folder / f"tree{size}", folder / f"{size}.db"
    lines = make_tree(tree, size)
    before = parse_alone(tree)
    words = [sys.executable, "-c", _INDEX, str(tree), "--db", str(database)]
    done = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True)
    status, peak, worker, seconds = json.loads(done.stdout.splitlines()[-1])
    assert status == 0
    alone = min(before, parse_alone(tree))
    with closing(StoreFile.open(database, read_only=True)) as store:
        project = find_project(store, "scale")
        assert project is not None
        nodes, edges = (sum(count(store, project.id).values()) for count in (count_nodes, count_edges))
    size = database.stat().st_size
    measured = Measured(lines, nodes, edges, seconds, alone, peak, worker, size, measure_edits(tree, database))
    shutil.rmtree(tree)
    database.unlink()
    return measured


def measure_edits(tree: Path, database: Path) -> Edited:
    """Add a call to one function of one file after another, far apart, and index in a process of its own after each."""
    found = []
    paths = [path for path in sorted(tree.rglob("*.py")) if _with_call(path.read_bytes()) is not None]
    words = [sys.executable, "-m", "lestockage", "index", str(tree), "--db", str(database), "--project", "scale", "--json"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for path in paths[:: max(1, len(paths) // _EDITS)][:_EDITS]:
        edited = _with_call(path.read_bytes())
        assert edited is not None
        path.write_bytes(edited)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        report = json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE, env=environment).stdout)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert report["executed"]["parsed"] == 1
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        found.append((spent, sum(report["executed"].values()), report["reused"]))
    seconds, executed, loaded = zip(*found, strict=True)
    return Edited(statistics.median(seconds), max(seconds), statistics.median(executed), statistics.median(loaded))


def _with_call(source: bytes) -> bytes | None:
    """Return a file whose first function calls its last one with its own first argument; None where there are not two."""
    text = source.decode("utf-8", "surrogateescape")
    functions = list(_FUNCTION.finditer(text))
    if len(functions) < 2 or functions[0][2] == "self":
        return None
    place = functions[0].end() - len("    return")
    changed = f"{text[:place]}    print({functions[-1][1]}({functions[0][2]}))\n{text[place:]}".encode("utf-8", "surrogateescape")
    try:
        ast.parse(changed)
    except SyntaxError:
        return None
    return changed


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of a process is read from /proc")
def test_scale(tmp_path: Path) -> None:
    """Each size is indexed cold in a process of its own: all of it is found, and memory stays within what 1,000,000 lines may take."""
    print()
    found = []
    for size in SIZES:
        found.append(measure(tmp_path, size))
        print(found[-1], flush=True)
        assert found[-1].nodes * 30 > found[-1].lines
    least, most = found[0], found[-1]
    for title, slope in (
        ("processor time a line", (most.seconds / most.lines) / (least.seconds / least.lines)),
        ("ratio to ast.parse", (most.seconds / most.alone) / (least.seconds / least.alone)),
        ("peak memory a line", (most.peak / most.lines) / (least.peak / least.lines)),
    ):
        print(f"{title} at {most.lines:,} lines: {slope:.2f} x that at {least.lines:,} (aim: no more than 1)")
    assert most.peak <= MOST_MEMORY * max(1, most.lines / 1_000_000)
