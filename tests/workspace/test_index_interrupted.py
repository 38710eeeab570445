"""Interrupted runs: stopped by Ctrl-C or killed at any moment, a run has not happened, and the next one completes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lestockage.store.connection import StoreFile
from tests.workspace.stopping import started
from tests.workspace.tables import current, difference, everything, rows
from tests.workspace.zoo_tree import ZooTree

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULES = 24
PLACES = {
    "while files are read": ("lestockage.workspace.workspace", "Workspace._prefetch"),
    "while a worker's results arrive": ("lestockage.engine.prefetch", "learn"),
    "while symbols are resolved": ("lestockage.workspace.workspace", "project_rows"),
    "while memos are written": ("lestockage.workspace.sync", "sync"),
    "while nodes are written": ("lestockage.store.intel_writer", "IntelWriter.replace_edges"),
    "while edges are written": ("lestockage.workspace.sync", "upsert_source_files"),
    "before the commit": ("lestockage.store.connection", "StoreFile._finish"),
}


def grow(tree: ZooTree, edition: int) -> None:
    """Change many files at once."""
    for n in range(MODULES):
        after = (n + edition) % MODULES
        tree.write(f"m{n}.py", f"import m{after} as other\n\n\ndef f{n}(x):\n    y{edition} = x\n    return other.f{after}(y{edition})\n")


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[ZooTree]:
    """Return a tree that was indexed, and then changed in many files; its database is closed."""
    tree = ZooTree(tmp_path)
    grow(tree, 1)
    tree.index()
    tree.reopen()
    grow(tree, 2)
    yield tree
    tree.reopen()


def command_line(tree: ZooTree, *words: str) -> tuple[str, ...]:
    """Return the words that index the tree as `tree.index` does."""
    return ("index", str(tree.root), "--db", str(tree.db), "--project", "zoo", *words)


def assert_next_run_completes(tree: ZooTree) -> None:
    """The file is sound, and the next run brings it to what a new database holds."""
    assert rows(tree.db, "PRAGMA integrity_check") == [("ok",)]
    assert rows(tree.db, "PRAGMA foreign_key_check") == []
    tree.index()
    assert difference(current(tree.db), current(tree.fresh())) == []
    tree.reopen()
    assert tree.index().executed == {}


def wait_for_end(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Return what a process wrote until it ended."""
    out, err = process.communicate(timeout=30)
    return out, err


# -- Ctrl-C ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reopened", [False, True])
@pytest.mark.parametrize("chosen", ["reading", "resolving", "writing"])
def test_an_interrupt_leaves_the_last_commit(tree: ZooTree, chosen: str, *, reopened: bool) -> None:
    """No row of any table has changed, and the next run completes, with the workspace that was interrupted as with a new one."""
    before = everything(tree.db)

    def interrupt(stage: str, done: int, total: int) -> None:
        if stage == chosen and done == 12:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tree.workspace.index(tree.root, project="zoo", progress=interrupt)
    assert everything(tree.db) == before
    if reopened:
        tree.reopen()
    assert_next_run_completes(tree)


@pytest.mark.parametrize("place", ["while a worker's results arrive", "while symbols are resolved", "while nodes are written"])
def test_ctrl_c_ends_the_command_with_one_line(tree: ZooTree, place: str) -> None:
    """A SIGINT to the command and its workers, as a terminal sends it: status 130, one line, and the last commit stands."""
    before = everything(tree.db)
    process = started(PLACES[place], *command_line(tree, "--jobs", "2"))
    os.killpg(process.pid, signal.SIGINT)
    _, err = wait_for_end(process)
    assert (process.returncode, err) == (130, "lestockage: Interrupted: the last commit stands.\n")
    assert everything(tree.db) == before
    assert_next_run_completes(tree)


def test_ctrl_c_in_the_first_run_leaves_a_file_that_opens(tree: ZooTree) -> None:
    """There is no earlier commit but the empty tables."""
    tree.db.unlink()
    process = started(PLACES["while nodes are written"], *command_line(tree))
    process.send_signal(signal.SIGINT)
    wait_for_end(process)
    assert process.returncode == 130
    assert all(not found for found in everything(tree.db).values())
    assert_next_run_completes(tree)


# -- killed ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.no_cover  # the run that is killed is another process; around it are plain runs, which measured line by line take twice as long
@pytest.mark.parametrize("place", PLACES)
def test_a_killed_run_has_not_happened(tree: ZooTree, place: str) -> None:
    """SIGKILL at a known place: the tables are those of the run before, and the next run completes."""
    before = everything(tree.db)
    process = started(PLACES[place], *command_line(tree))
    process.kill()
    wait_for_end(process)
    StoreFile.open(tree.db).close()
    assert everything(tree.db) == before
    assert_next_run_completes(tree)


@pytest.mark.parametrize("delay", [0.2, 0.35])
def test_a_run_killed_at_any_moment_leaves_a_file_that_opens(tree: ZooTree, delay: float) -> None:
    """SIGKILL after some time, wherever the run is then: the tables are those before it or after it."""
    before = current(tree.db)
    process = subprocess.Popen([sys.executable, "-m", "lestockage", *command_line(tree)], stdout=subprocess.DEVNULL)
    time.sleep(delay)
    process.kill()
    process.wait()
    with closing(StoreFile.open(tree.db)):
        found = current(tree.db)
    assert found == before or difference(found, current(tree.fresh())) == []
    assert_next_run_completes(tree)


def test_workers_end_with_the_process_they_work_for(tree: ZooTree) -> None:
    """Nobody else would ever end them."""
    process = started(PLACES["while a worker's results arrive"], *command_line(tree, "--jobs", "2"))
    assert session(process.pid) > {process.pid}
    process.kill()
    wait_for_end(process)  # returns when the last holder of the pipes is gone
    deadline = time.monotonic() + 5
    while session(process.pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert session(process.pid) == set()


def session(leader: int) -> set[int]:
    """Return the living processes of a session, as Linux lists them."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] not in ("Z", "X") and int(fields[3]) == leader:
            found.add(int(folder.name))
    return found


@pytest.mark.parametrize("was_known", [False, True])
def test_a_file_put_back_after_an_interrupt_is_seen(tmp_path: Path, *, was_known: bool) -> None:
    """The interrupted run had told the engine of content that is gone, and the file's status is that of the last finished run."""
    tree = ZooTree(tmp_path)
    file = tree.root / "zoo/cat.py"
    old = file.read_text()
    new = old.replace("meow", "woof")
    if was_known:
        tree.write("zoo/cat.py", new)
        tree.index()
        tree.write("zoo/cat.py", old)
    tree.index()
    tree.reopen()
    status = file.stat()
    tree.write("zoo/cat.py", new)
    process = started(PLACES["while edges are written"], *command_line(tree))
    process.kill()
    wait_for_end(process)
    tree.write("zoo/cat.py", old)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert file.stat().st_ino == status.st_ino
    tree.index()
    assert difference(current(tree.db), current(tree.fresh())) == []
    assert tree.index().executed == {}


def test_a_file_added_and_taken_away_around_an_interrupt_leaves_nothing(tmp_path: Path) -> None:
    """The engine had heard of it, the tables had not; the next run does not look for it."""
    tree = ZooTree(tmp_path)
    tree.index()
    tree.reopen()
    tree.write("extra.py", "def f():\n    pass\n")
    process = started(PLACES["while edges are written"], *command_line(tree))
    process.kill()
    wait_for_end(process)
    tree.remove("extra.py")
    assert_next_run_completes(tree)


def test_a_file_removed_and_put_back_around_an_interrupt_is_there(tmp_path: Path) -> None:
    """The other way round: a rename away and back keeps the file's status."""
    tree = ZooTree(tmp_path)
    tree.index()
    tree.reopen()
    away = (tree.root / "zoo/cat.py").rename(tmp_path / "away")
    process = started(PLACES["while edges are written"], *command_line(tree))
    process.kill()
    wait_for_end(process)
    away.rename(tree.root / "zoo/cat.py")
    assert_next_run_completes(tree)
