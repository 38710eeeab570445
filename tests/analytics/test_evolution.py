"""Evolution: what is told of a project's snapshots is what counting each state by hand gives, in whatever order they were recorded."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from lestockage.analytics.evolution import Timeline, compare, coupling_steps, symbol_ages, trend
from lestockage.store.connection import StoreFile
from lestockage.store.projects import get_project
from lestockage.store.snapshot_rows import list_snapshots
from lestockage.store.snapshot_state import edges_in, files_in, nodes_of_file
from lestockage.store.snapshot_writer import SnapshotLabel
from lestockage.testing.source_editor import SourceEditor
from lestockage.workspace.history import record_history
from lestockage.workspace.symbol_diff import symbol_diff
from lestockage.workspace.workspace import Workspace
from tests.workspace.git_repository import Repository
from tests.workspace.zoo_tree import FILES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lestockage.store.snapshot_rows import SnapshotRow
    from lestockage.store.snapshot_writer import NodeState

STATES = 9
DAY = 86_400_000
Key = tuple[str, str, int]


def write(folder: Path, files: dict[str, str]) -> None:
    """Write files below a folder."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


@pytest.fixture(scope="module", params=["in order", "permuted"])
def recorded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the states of an edited tree, a day each, recorded in the order of time or in another one."""
    folder = tmp_path_factory.mktemp("recorded")
    write(folder / "edited", FILES)
    editor = SourceEditor(folder / "edited", 41)
    for number in range(STATES):
        shutil.copytree(folder / "edited", folder / str(number) / "tree")
        for _ in range(3):
            editor.step()
    order = list(range(STATES))
    if request.param == "permuted":
        random.Random(3).shuffle(order)  # noqa: S311  # reproducible, not secret
    with Workspace.open(folder / "e.db") as workspace:
        for number in order:
            label = SnapshotLabel(f"state {number}", None, (number + 1) * DAY)
            workspace.index(folder / str(number) / "tree", project="zoo", snapshot=label)
    return folder / "e.db"


@contextmanager
def timeline(db: Path) -> Iterator[Timeline]:
    """Open the timeline of the project."""
    with StoreFile.open(db, read_only=True) as store:
        yield Timeline(store, get_project(store, "zoo").id)


def symbols(line: Timeline, snapshot: SnapshotRow) -> dict[Key, NodeState]:
    """Return the symbols of a snapshot by identity."""
    files = [file.path for file in files_in(line.store, snapshot)]
    return {(path, node.qualified_name, node.ordinal): node for path in files for node in nodes_of_file(line.store, snapshot, path)}


def references(line: Timeline, snapshot: SnapshotRow) -> Counter[tuple[str, str]]:
    """Count the references of a snapshot by the files that they lead from and to."""
    return Counter(
        (edge.caller_path or "", edge.callee_path)
        for edge in edges_in(line.store, snapshot)
        if edge.edge_type != "containment" and edge.callee_path not in (None, edge.caller_path)
    )


def test_the_timeline_is_in_the_order_of_time(recorded: Path) -> None:
    """Whenever a state was recorded, it stands where it was."""
    with timeline(recorded) as line:
        assert [row.label for row in line.snapshots] == [f"state {number}" for number in range(STATES)]


def test_the_trend_is_what_counting_gives(recorded: Path) -> None:
    """Sizes, complexity, coupling and changed symbols of every point equal those counted in its state and the one before."""
    with timeline(recorded) as line:
        before: dict[Key, NodeState] = {}
        for point in trend(line):
            after = symbols(line, point.snapshot)
            functions = [node for node in after.values() if node.node_type in ("function", "method")]
            links = references(line, point.snapshot)
            assert point[1:] == (
                sum(node.lines for node in after.values() if node.node_type == "module"),
                len(functions),
                sum(node.complexity or 0 for node in functions),
                sum((node.complexity or 0) > 10 for node in functions),
                links.total(),
                len(links),
                len(after.keys() - before.keys()),
                len(before.keys() - after.keys()),
                sum(before[key].content_hash != node.content_hash for key, node in after.items() if key in before),
            )
            before = after


def test_coupling_steps_are_the_pairs_that_came_and_went(recorded: Path) -> None:
    """Each step has the pairs of files that only one of the neighbouring states has; the greatest come first."""
    with timeline(recorded) as line:
        links = [references(line, row) for row in line.snapshots]
        steps = coupling_steps(line)
        for step in steps:
            place = line.snapshots.index(step.snapshot)
            before, after = links[place - 1], links[place]
            assert set(step.coupled) == after.keys() - before.keys()
            assert set(step.uncoupled) == before.keys() - after.keys()
            assert step.references == after.total() - before.total()
        gains = [len(step.coupled) - len(step.uncoupled) for step in steps]
        assert gains == sorted(gains, reverse=True)
        assert len(gains) == STATES - 1
        assert any(gains)


def test_ages_and_churn_are_what_looking_back_gives(recorded: Path) -> None:
    """Of each symbol of the last state: since when it has its content, how often that changed, and when it was first there."""
    with timeline(recorded) as line:
        states = [symbols(line, row) for row in line.snapshots]
        ages = {(each.path, each.qualified_name, each.ordinal): each for each in symbol_ages(line)}
        assert ages.keys() == states[-1].keys()
        for key, age in ages.items():
            contents = [state[key].content_hash if key in state else None for state in states]
            changed = STATES - 1
            while changed and contents[changed - 1] == contents[-1]:
                changed -= 1
            assert age.changed is line.snapshots[changed]
            assert age.age == STATES - 1 - changed
            assert age.born is line.snapshots[next(place for place, content in enumerate(contents) if content is not None)]
            assert age.changes == sum(None not in (one, other) and one != other for one, other in pairwise(contents))
        assert {age.changes for age in ages.values()} > {0}


def test_comparison_equals_the_diff_of_the_commits(tmp_path: Path) -> None:
    """Between any two commits, forwards and back, the symbols that differ are those that `diff` finds by reading both commits."""
    repository = Repository(tmp_path / "zoo")
    write(repository.folder, FILES)
    commits = [repository.commit()]
    editor = SourceEditor(repository.folder / "zoo", 5)
    for _ in range(10):
        for _ in range(3):
            editor.step()
        commits.append(repository.commit())
    record_history(tmp_path / "h.db", repository.folder, "HEAD")
    kinds: Counter[str] = Counter()
    with StoreFile.open(tmp_path / "h.db", read_only=True) as store:
        rows = {row.commit_id: row for row in list_snapshots(store, get_project(store, "zoo").id)}
        for one, other in [*pairwise(commits), (commits[0], commits[-1]), (commits[-1], commits[2])]:
            found, wanted = compare(store, rows[one], rows[other]), symbol_diff(repository.folder, one, other)
            assert tuple(each.change for each in found.symbols) == wanted.changes
            assert list(found.failed) == [failure.path for failure in wanted.failed]
            kinds.update(change.change for change in wanted.changes)
    assert min(kinds[word] for word in ("added", "removed", "modified", "moved", "renamed")) > 0, kinds


def test_symbols_are_measured_in_both_states(tmp_path: Path) -> None:
    """Complexity, lines, and the references to and from a symbol, before and after; a new one has nothing before."""
    repository = Repository(tmp_path / "zoo")
    write(repository.folder, {"a.py": "def f(x):\n    return x\n", "b.py": "import a\n\na.f(1)\n"})
    repository.commit()
    write(repository.folder, {"a.py": "def f(x):\n    if x:\n        return g()\n    return x\n\n\ndef g():\n    return 1\n"})
    write(repository.folder, {"b.py": "import a\n\na.f(1)\na.f(2)\n"})
    repository.commit()
    record_history(tmp_path / "h.db", repository.folder, "HEAD")
    with StoreFile.open(tmp_path / "h.db", read_only=True) as store:
        found = compare(store, *list_snapshots(store, 1))
    measured = {each.change.new.qualified_name: each[1:] for each in found.symbols if each.change.new is not None}
    assert measured["a.f"] == ((1, 2, 1, 0), (2, 4, 2, 1))
    assert measured["a.g"] == (None, (1, 2, 1, 0))
    assert (found.old.complexity, found.new.complexity, found.old.references, found.new.references) == (1, 3, 2, 3)
