"""Processes: a run with several processes gives what one process gives, also when one of them dies."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from lestockage import Database
from lestockage.engine import prefetch
from lestockage.queries.inputs import Project
from lestockage.queries.linking import Linking
from lestockage.workspace.workspace import Workspace
from tests.workspace.tables import current, difference, everything, rows
from tests.workspace.zoo_tree import ZooTree

if TYPE_CHECKING:
    from pathlib import Path

    from lestockage.workspace.report import IndexReport

MODULES = 40
PARENT = os.getpid()
plain_run = prefetch.run


@pytest.fixture
def tree(tmp_path: Path) -> ZooTree:
    """Return a tree with more files than it takes to start processes."""
    tree = ZooTree(tmp_path)
    for n in range(MODULES):
        tree.write(f"m{n}.py", f"import m{(n + 1) % MODULES} as next_one\n\n\ndef f{n}(x):\n    return next_one.f{(n + 1) % MODULES}(x)\n")
    tree.write("broken.py", "def broken(:\n")
    return tree


def ordered(db: Path) -> list[list[Any]]:
    """Return the rows of nodes and edges in the order of their ids, without the times."""
    columns = "id, file_path, qualified_name, ordinal, node_type, signature, start_line, end_line, complexity, content_hash, stale"
    return [rows(db, f"SELECT {columns} FROM intel_nodes ORDER BY id"), rows(db, "SELECT * FROM intel_edges ORDER BY 1, 2, 3, 4, 5")]  # noqa: S608


def test_two_jobs_give_what_one_gives(tree: ZooTree) -> None:
    """Every row is equal, its id too, and so is the report but for its time and what ran where."""
    two = tree.index(jobs=2)
    tree.reopen()
    with Workspace.open(tree.fresh_db) as workspace:
        one = workspace.index(tree.root, project="zoo")
    assert ordered(tree.db) == ordered(tree.fresh_db)
    assert two._replace(seconds=0, executed={}) == one._replace(seconds=0, executed={})


def test_what_two_jobs_found_is_known_to_one(tree: ZooTree) -> None:
    """After a run with two processes, a run with one executes nothing."""
    tree.index(jobs=2)
    tree.reopen()
    assert tree.index(jobs=1).executed == {}


def test_what_was_found_before_linking_ended_is_known(tree: ZooTree, monkeypatch: pytest.MonkeyPatch) -> None:
    """A first run that is interrupted while another process links has kept what it read: the next one reads nothing."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Linking, "update", interrupted)
        with pytest.raises(KeyboardInterrupt):
            tree.index(jobs=2)
    tree.reopen()
    report = tree.index(jobs=1)
    assert "lestockage.queries.reading.scan" not in report.executed
    assert report.reused > MODULES
    assert difference(current(tree.db), current(tree.fresh())) == []


def dying_run(work: Any, argument: tuple[bytes, ...]) -> Any:
    """Do the work, but for one file: there a worker process ends at once, as one does that runs out of memory."""
    if any(b"def f7(" in source for source in argument) and os.getpid() != PARENT:
        os._exit(9)
    return plain_run(work, argument)


def test_a_worker_that_dies_costs_nothing_but_time(tree: ZooTree, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it and the others had not finished is done in this process; the tables are complete."""
    monkeypatch.setattr(prefetch, "run", dying_run)
    report = tree.index(jobs=2)
    assert report.files == MODULES + 5
    assert [path for path, _ in report.failed] == ["broken.py"]
    assert difference(current(tree.db), current(tree.fresh())) == []
    tree.reopen()
    assert tree.index().executed == {}


def test_progress_goes_from_reading_to_writing(tree: ZooTree) -> None:
    """Each stage counts up to its total, one after the other."""
    told: list[tuple[str, int, int]] = []
    with Workspace.open(tree.db) as workspace:
        workspace.index(tree.root, progress=lambda *step: told.append(step))
    stages = list(dict.fromkeys(stage for stage, _, _ in told))
    assert stages == ["reading", "resolving", "writing"]
    for stage in stages:
        steps = [(done, total) for name, done, total in told if name == stage]
        assert [done for done, _ in steps] == sorted({done for done, _ in steps})
        assert steps[-1][0] == steps[-1][1] > MODULES


# -- several workspaces on one file ------------------------------------------------------------------------------------------------


def index_elsewhere(tree: ZooTree) -> None:
    """Index the tree as another process would: with a workspace of its own."""
    with Workspace.open(tree.db) as workspace:
        workspace.index(tree.root, project="zoo")


def test_what_another_process_indexed_is_not_undone(tmp_path: Path) -> None:
    """A workspace that stays open sees what another one has written, though the tree has not changed since."""
    tree = ZooTree(tmp_path)
    tree.index()
    tree.replace("zoo/cat.py", "def meow", "def shout")
    index_elsewhere(tree)
    before = everything(tree.db)
    report = tree.index()
    assert (report.executed, report.written) == ({}, 0)
    assert everything(tree.db) == before
    tree.replace("zoo/cat.py", "def alone", "def only")
    tree.index()
    assert difference(current(tree.db), current(tree.fresh())) == []


def test_two_workspaces_may_take_turns(tmp_path: Path) -> None:
    """Whoever comes next goes on from what the other has left."""
    tree = ZooTree(tmp_path)
    with Workspace.open(tree.db) as other:
        for turn in range(6):
            tree.write("turn.py", f"def turn{turn}():\n    return len('{turn}')\n")
            (tree.workspace if turn % 2 else other).index(tree.root, project="zoo")
            assert difference(current(tree.db), current(tree.fresh())) == []


@pytest.mark.parametrize("chosen", ["reading", "resolving", "writing"])
def test_a_second_run_waits_for_the_first(tree: ZooTree, chosen: str) -> None:
    """A run that begins in the middle of another one goes on when that is over, and finds nothing left to do."""
    tree.index()
    for n in range(MODULES):
        tree.write(f"m{n}.py", f"def f{n}(x):\n    return len(x)\n")
    reports: list[IndexReport] = []

    def index_beside() -> None:
        with Workspace.open(tree.db) as workspace:
            reports.append(workspace.index(tree.root, project="zoo"))

    second = threading.Thread(target=index_beside)

    def begin_beside(stage: str, done: int, total: int) -> None:
        if stage == chosen and done == 20:
            second.start()
            time.sleep(0.05)
            assert not reports

    tree.workspace.index(tree.root, project="zoo", progress=begin_beside)
    second.join()
    assert reports[0].executed == {}
    assert difference(current(tree.db), current(tree.fresh())) == []


def test_a_run_takes_over_what_is_changed_beside_it(tree: ZooTree) -> None:
    """Inputs that another database changes while a run is under way end in the tables, whichever stage the run was in."""
    tree.index()
    for n in range(MODULES):
        tree.write(f"m{n}.py", f"def f{n}(x):\n    return len(x)\n")
    count = iter(range(100))

    def change(stage: str, done: int, total: int) -> None:
        if stage == "writing" or done != total:
            return
        with Database(tree.db) as other:
            Project(other, name="another", prefix=f"p{next(count)}", project_files=(), files=())

    tree.workspace.index(tree.root, project="zoo", progress=change)
    assert next(count) == 2
    assert difference(current(tree.db), current(tree.fresh())) == []
    assert tree.index().executed == {}


def test_two_runs_of_different_projects_at_once_give_what_one_after_the_other_gives(tree: ZooTree, tmp_path: Path) -> None:
    """Two processes index two trees into one file together; each project's rows are those of a fresh index."""
    other = tmp_path / "other"
    other.mkdir()
    for n in range(5):
        (other / f"o{n}.py").write_text(f"import m{n}\n\n\ndef o{n}():\n    return m{n}.f{n}(1)\n")
    shared = tmp_path / "shared.db"
    command = [sys.executable, "-m", "lestockage", "index"]
    runs = [
        subprocess.Popen(
            [*command, str(root), "--project", name, "--db", str(shared)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for root, name in ((tree.root, "zoo"), (other, "other"), (tree.root, "zoo"))
    ]
    told = [run.communicate(timeout=60) for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0], told
    fresh = tmp_path / "apart.db"
    with Workspace.open(fresh) as workspace:
        workspace.index(tree.root, project="zoo")
        workspace.index(other, project="other")
        workspace.index(tree.root, project="zoo")
    assert difference(current(shared), current(fresh)) == []
