"""Snapshot: an index run records the state of its tree; what is recorded equals a fresh index, and costs what changed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lestockage.errors import DirtyTree, SnapshotExists, UnknownSnapshot
from lestockage.store.connection import StoreFile
from lestockage.store.projects import get_project, insert_project
from lestockage.store.snapshot_removal import drop_snapshot
from lestockage.store.snapshot_rows import find_snapshot
from lestockage.store.snapshot_writer import FileRows, FileState, SnapshotLabel, SnapshotWriter
from lestockage.workspace.snapshot import commit_label
from tests.workspace.git_repository import Repository
from tests.workspace.snapshot_tables import labels, row_counts, state_of, state_of_fresh
from tests.workspace.zoo_tree import ZooTree

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.store.snapshot_writer import Recorded
    from tests.workspace.snapshot_tables import State

EDITS: list[Callable[[ZooTree], None]] = [
    lambda tree: tree.replace("zoo/animal.py", "return text.strip()", "return text.strip().lower()"),
    lambda tree: tree.replace("zoo/animal.py", "import os\n", "import os\n# a comment that moves everything\n"),
    lambda tree: tree.write("zoo/keeper.py", "def feed(:\n"),
    lambda tree: (tree.write("zoo/lion.py", (tree.root / "zoo/cat.py").read_text()), tree.remove("zoo/cat.py"))[1],
    lambda tree: tree.write("zoo/keeper.py", "from zoo.lion import Cat\n\n\ndef feed():\n    return Cat('Tom').purr()\n"),
    lambda tree: tree.replace("zoo/animal.py", "def noise(text)", "def sound(text)"),
    lambda tree: tree.write("zoo/__init__.py", "from zoo.lion import Cat, meow\n\n\ndef meow():\n    return meow\n"),
]


def drop(db: Path, label: str) -> None:
    """Drop a snapshot."""
    with StoreFile.open(db) as store:
        drop_snapshot(store, find_snapshot(store, get_project(store, "zoo").id, label))


def record(tree: ZooTree, label: str) -> Recorded:
    """Index the tree and record it."""
    report = tree.workspace.index(tree.root, project="zoo", snapshot=SnapshotLabel(label))
    assert report.recorded is not None
    return report.recorded


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, State]]:
    """A database with a snapshot after every edit, and what a fresh index of each state holds."""
    tree = ZooTree(tmp_path_factory.mktemp("recorded"))
    wanted = {}
    for number, edit in enumerate([None, *EDITS]):
        if edit is not None:
            edit(tree)
        record(tree, f"after {number}")
        wanted[f"after {number}"] = state_of_fresh(tree.fresh())
    tree.reopen()
    return tree.db, wanted


def test_each_snapshot_equals_a_fresh_index_of_its_state(recorded: tuple[Path, dict[str, State]]) -> None:
    """Edits, moves, a syntax error, a renamed file: every state can be had back, row for row, after all the others were recorded."""
    db, wanted = recorded
    assert {label: state_of(db, "zoo", label) for label in wanted} == wanted


@pytest.mark.parametrize("dropped", [[0], [3], [7], [2, 3, 4], [7, 6, 0]])
def test_dropped_snapshots_leave_the_others_what_they_were(
    tmp_path: Path, recorded: tuple[Path, dict[str, State]], dropped: list[int]
) -> None:
    """Whichever snapshots are dropped, the others hold what they held."""
    db = Path(shutil.copy(recorded[0], tmp_path))
    wanted = dict(recorded[1])
    for number in dropped:
        del wanted[f"after {number}"]
        drop(db, f"after {number}")
    assert labels(db, "zoo") == list(wanted)
    assert {label: state_of(db, "zoo", label) for label in wanted} == wanted


def test_after_the_last_snapshot_was_dropped_the_next_one_follows_the_one_before(tmp_path: Path) -> None:
    """What the dropped snapshot had ended is true again, and what it began is gone."""
    tree = ZooTree(tmp_path)
    record(tree, "first")
    tree.replace("zoo/cat.py", "noise('meow')", "noise('miau')")
    record(tree, "second")
    tree.reopen()
    drop(tree.db, "second")
    tree.replace("zoo/cat.py", "noise('miau')", "noise('meow')")
    assert record(tree, "third").rows == 0


def test_dropping_every_snapshot_leaves_no_row(tmp_path: Path, recorded: tuple[Path, dict[str, State]]) -> None:
    """Nothing of a snapshot outlives it."""
    db = Path(shutil.copy(recorded[0], tmp_path))
    for label in recorded[1]:
        drop(db, label)
    assert set(row_counts(db).values()) == {0}


def test_an_unchanged_tree_costs_one_row(tmp_path: Path) -> None:
    """A snapshot of an unchanged tree is its own record, in this process and in the next."""
    tree = ZooTree(tmp_path)
    record(tree, "first")
    before = row_counts(tree.db)
    assert record(tree, "second").rows == 0
    tree.reopen()
    assert record(tree, "third").rows == 0
    assert row_counts(tree.db) == {**before, "snapshots": 3}


def test_an_edited_body_costs_its_file_and_its_symbol(tmp_path: Path) -> None:
    """After an edit within a body that changes no reference, one row of a file and one of a node are new, and one of each ends."""
    tree = ZooTree(tmp_path)
    record(tree, "first")
    before = row_counts(tree.db)
    tree.replace("zoo/cat.py", "LIVES = 9", "LIVES = 9\n")
    tree.replace("zoo/cat.py", "noise('meow')", "noise('miau')")
    recorded = record(tree, "second")
    after = row_counts(tree.db)
    assert {table: after[table] - before[table] for table in after} == {
        "snapshots": 1,
        "snapshot_files": 1,
        "snapshot_symbols": 0,
        "snapshot_nodes": 2,  # the module is a line longer
        "snapshot_edges": 0,
    }
    assert recorded.rows == 6


def test_a_label_names_one_state(tmp_path: Path) -> None:
    """Recording a state again under its label changes nothing; under the label of another state it is refused, and the run is undone."""
    tree = ZooTree(tmp_path)
    first = record(tree, "first")
    assert record(tree, "first") == (first.snapshot, 0)
    tree.write("zoo/new.py", "NEW = 1\n")
    with pytest.raises(SnapshotExists):
        record(tree, "first")
    assert [file for file in state_of(tree.db, "zoo", "first").files if file[0] == "zoo/new.py"] == []
    assert record(tree, "second").snapshot.files == first.snapshot.files + 1


def test_a_state_that_cannot_be_told_is_not_recorded(tmp_path: Path) -> None:
    """When a file's rows fail to be made, nothing of the snapshot stays, and the writer records the next state as if it had not been."""
    with StoreFile.open(tmp_path / "s.db") as store:
        writer = SnapshotWriter(store, insert_project(store, "p", "/p").id)
        states = [FileState(path, b"d", b"r", None) for path in ("a.py", "b.py")]

        def fails(path: str) -> FileRows:
            if path == "b.py":
                raise ValueError(path)
            return FileRows([], {})

        with pytest.raises(ValueError, match=r"b\.py"):
            writer.record(SnapshotLabel("one"), states, fails)
        assert store.query("SELECT (SELECT count(*) FROM snapshots), (SELECT count(*) FROM snapshot_files)") == [(0, 0)]
        assert writer.record(SnapshotLabel("one"), states, lambda _path: FileRows([], {})).snapshot.files == 2
        assert store.query("SELECT path FROM snapshot_files ORDER BY path") == [("a.py",), ("b.py",)]


def test_several_processes_record_one_after_the_other(tmp_path: Path) -> None:
    """A workspace that has recorded before takes over what another one has recorded since."""
    tree, other = ZooTree(tmp_path), ZooTree(tmp_path)
    record(tree, "first")
    tree.write("zoo/new.py", "NEW = 1\n")
    record(other, "second")
    assert record(tree, "third").rows == 0
    tree.reopen()
    other.reopen()
    assert state_of(tree.db, "zoo", "third") == state_of_fresh(tree.fresh())


def test_a_snapshot_goes_by_its_label_or_by_the_start_of_its_commit(tmp_path: Path) -> None:
    """Of two snapshots of one commit the later one counts; what names none, or two commits, is refused with what there is."""
    tree = ZooTree(tmp_path)
    for label, commit in (("one", "abcd1"), ("two", "abcd1"), ("three", "abce1"), ("four", None)):
        tree.workspace.index(tree.root, project="zoo", snapshot=SnapshotLabel(label, commit))
    tree.reopen()
    with StoreFile.open(tree.db) as store:
        project = get_project(store, "zoo").id
        assert [find_snapshot(store, project, name).label for name in ("one", "abcd", "abcd1", "four")] == ["one", "two", "two", "four"]
        for name in ("abc", "five", "abcd12"):
            with pytest.raises(UnknownSnapshot, match="one, two, three, four"):
                find_snapshot(store, project, name)


def test_a_forgotten_project_takes_its_snapshots_with_it(tmp_path: Path) -> None:
    """Deleting a project leaves no row of its snapshots."""
    tree = ZooTree(tmp_path)
    record(tree, "first")
    tree.reopen()
    with StoreFile.open(tree.db) as store:
        store.execute("DELETE FROM projects")
    assert set(row_counts(tree.db).values()) == {0}


def test_a_clean_git_tree_is_named_by_its_commit(tmp_path: Path) -> None:
    """The label is the commit's id, with its time, author and subject."""
    repository = Repository(tmp_path)
    repository.write("a.py", "A = 1\n")
    commit = repository.commit("first steps")
    assert commit_label(tmp_path) == (commit, commit, 1_704_067_200_000, "A", "first steps")


def test_a_tree_that_differs_from_its_commit_has_no_commit_label(tmp_path: Path) -> None:
    """A new file is a difference."""
    repository = Repository(tmp_path)
    repository.commit()
    repository.write("a.py", "A = 1\n")
    with pytest.raises(DirtyTree):
        commit_label(tmp_path)
