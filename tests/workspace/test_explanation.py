"""Explanation: what is kept of a run tells, in a new process, what was changed and what became of each query because of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage.errors import UnknownSymbol
from lestockage.queries.edges import edges_of
from lestockage.queries.inputs import SourceFile
from lestockage.store.connection import StoreFile
from lestockage.store.index_runs import RUNS_KEPT, IndexRun, RunStep, load_runs
from lestockage.workspace import run_log
from lestockage.workspace.explanation import Branch, _trees, explain_last, explain_symbol
from lestockage.workspace.workspace import Workspace
from tests.workspace.tables import file_bytes
from tests.workspace.zoo_tree import ZooTree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@pytest.fixture
def tree(tmp_path: Path) -> ZooTree:
    """The zoo, indexed."""
    tree = ZooTree(tmp_path)
    tree.index()
    tree.reopen()
    return tree


def edit(tree: ZooTree, path: str, old: str, new: str) -> None:
    """Edit a file and index in a process of its own, as far as the database can tell."""
    tree.replace(path, old, new)
    tree.index()
    tree.reopen()


def lines(trees: Sequence[Branch], depth: int = 0) -> Iterator[tuple[int, str, str]]:
    """Yield depth, call and outcome of every step."""
    for branch in trees:
        yield depth, branch.step.call + (" *" if branch.is_about else ""), branch.step.outcome
        yield from lines(branch.branches, depth + 1)


def runs(tree: ZooTree) -> list[IndexRun]:
    """Return the runs that are kept."""
    with StoreFile.open(tree.db, read_only=True) as store:
        return load_runs(store, 1)


def test_an_edited_body_is_followed_to_its_symbol(tree: ZooTree) -> None:
    """From the file's content through its outline to the unit that changed, and to its edges, which came out equal."""
    edit(tree, "zoo/cat.py", "noise('meow')", "noise('miau')")
    found = explain_symbol(tree.db, "zoo.cat.meow")
    assert (found.project, found.symbol, found.later_runs) == ("zoo", "zoo.cat.meow", 0)
    assert [line for line in lines(found.trees) if "exported" not in line[1] and "''" not in line[1]] == [
        (0, "file('zoo/cat.py').content", "set"),
        (1, "outline(file('zoo/cat.py'))", "changed"),
        (2, "unit(file('zoo/cat.py'), 'meow', 0) *", "changed"),
        (3, "edges_of(file('zoo/cat.py'), 'meow', 0) *", "backdated"),
    ]


def test_a_symbol_that_only_reads_what_changed_did_not_run(tree: ZooTree) -> None:
    """The change of a signature in another file ends at what this symbol reads, which came out equal."""
    edit(tree, "zoo/animal.py", "def noise(text)", "def noise(text, loud=1)")
    last = list(lines(explain_symbol(tree.db, "cat.meow").trees))[-1]
    assert last[1:] == ("edges_of(file('zoo/cat.py'), 'meow', 0) *", "validated")


def test_going_back_is_a_result_of_an_earlier_state(tree: ZooTree) -> None:
    """After the edit is taken back, what had been computed before holds again."""
    edit(tree, "zoo/cat.py", "noise('meow')", "print('meow')")
    edit(tree, "zoo/cat.py", "print('meow')", "noise('meow')")
    about = {line[1]: line[2] for line in lines(explain_symbol(tree.db, "cat.meow").trees) if line[1].endswith("*")}
    assert about["edges_of(file('zoo/cat.py'), 'meow', 0) *"] == "recalled"


def test_later_runs_that_did_nothing_about_a_symbol_are_counted(tree: ZooTree) -> None:
    """The answer is that of the last run that concerned the symbol, and says how many there were since."""
    edit(tree, "zoo/cat.py", "noise('meow')", "noise('miau')")
    for number in range(2):
        edit(tree, "zoo/keeper.py", f"import missing{number or ''}\n", f"import missing{number + 1}\n")
    assert explain_symbol(tree.db, "cat.meow").later_runs == 2
    assert explain_last(tree.db).later_runs == 0


def test_a_symbol_that_no_kept_run_concerned_has_no_tree(tree: ZooTree) -> None:
    """After as many other runs as are kept, what a symbol's last run did is forgotten; what is kept is bounded."""
    for number in range(RUNS_KEPT + 1):
        edit(tree, "zoo/keeper.py", f"import missing{number or ''}\n", f"import missing{number + 1}\n")
    found = explain_symbol(tree.db, "zoo.animal.Animal.speak")
    assert (found.run, found.later_runs, found.trees) == (None, RUNS_KEPT, ())
    assert len(runs(tree)) == RUNS_KEPT


def test_an_unchanged_run_keeps_what_the_one_before_it_did(tree: ZooTree) -> None:
    """A run that finds nothing to do writes nothing, so the last run is still the one that did something."""
    edit(tree, "zoo/cat.py", "noise('meow')", "noise('miau')")
    before, stored = explain_last(tree.db), file_bytes(tree.db)
    tree.index()
    tree.reopen()
    assert (explain_last(tree.db), file_bytes(tree.db)) == (before, stored)


def test_the_whole_run_has_every_step_once(tree: ZooTree) -> None:
    """The trees of the last run hold each of its steps, and the counts are those of its calls."""
    edit(tree, "zoo/animal.py", "def noise(text)", "def sound(text)")
    found = explain_last(tree.db)
    assert found.run is not None
    listed = list(lines(found.trees))
    assert sorted(line[1] for line in listed) == sorted(step.call for step in found.run.steps)
    assert sum(found.run.counts.values()) == sum(step.outcome != "set" for step in found.run.steps)


def test_the_path_is_the_engines_own(tree: ZooTree) -> None:
    """From an edge's call down to the field that was set, the steps are those of `db.explain`."""
    tree.index()
    tree.replace("zoo/animal.py", "def noise(text)", "def noise(text, loud=1)")
    tree.index()
    db = tree.workspace.db
    file = SourceFile.get(db, project="zoo", path="zoo/cat.py")
    step = db.explain(edges_of, file, "meow", 0)
    told = []
    while step is not None:
        told.append(step.node.replace("SourceFile(project='zoo', path=", "file("))
        step = step.cause
    run = runs(tree)[0]
    place = next(place for place, each in enumerate(run.steps) if each.call == told[0])
    kept = []
    while place >= 0:
        kept.append(run.steps[place].call)
        place = run.steps[place].cause
    assert kept == told
    assert len(kept) > 3


def test_steps_are_bounded_and_what_was_caused_is_kept_first(tree: ZooTree, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a run of many steps those that a change caused are kept, with what led to them; the rest is counted."""
    monkeypatch.setattr(run_log, "STEPS_KEPT", 12)
    tree.write("zoo/new.py", "def f():\n    return g()\n\n\ndef g():\n    return 1\n")
    edit(tree, "zoo/cat.py", "noise('meow')", "noise('miau')")
    run = runs(tree)[0]
    assert 12 <= len(run.steps) < 20
    assert run.omitted == sum(run.counts.values()) - sum(step.outcome != "set" for step in run.steps)
    assert all(step.cause >= 0 or step.outcome == "set" for step in run.steps)
    assert all(-1 <= step.cause < len(run.steps) for step in run.steps)


def test_steps_in_a_circle_are_told_too() -> None:
    """Steps that caused each other, which queries in a cycle may have, are a tree that begins at the first of them."""
    steps = [RunStep("a()", "changed", 1, None, None, None), RunStep("b()", "changed", 0, None, None, None)]
    run = IndexRun(0, {"changed": 2}, tuple(steps), 0)
    assert [line[:2] for line in lines(_trees(run, {0, 1}, {1}))] == [(0, "a()"), (1, "b() *")]


def test_a_deep_chain_is_a_tree() -> None:
    """A chain of as many steps as are kept takes no recursion."""
    steps = tuple(RunStep(f"{place}()", "changed", place - 1, None, None, None) for place in range(5_000))
    (tree,) = _trees(IndexRun(0, {}, steps, 0), set(range(5_000)), set())
    depth = 0
    while tree.branches:
        (tree,) = tree.branches
        depth += 1
    assert depth == 4_999


def test_whoever_listens_still_hears_every_event(tmp_path: Path) -> None:
    """A callback that is given to the workspace gets the events that are kept, too."""
    tree = ZooTree(tmp_path)
    heard: list[object] = []
    with Workspace.open(tmp_path / "heard.db", on_event=heard.append) as workspace:
        report = workspace.index(tree.root)
    assert sum(type(event).__name__ == "WillExecute" for event in heard) == sum(report.executed.values())


def test_an_unknown_symbol_is_refused(tree: ZooTree) -> None:
    """As by every other command, with the nearest names."""
    with pytest.raises(UnknownSymbol):
        explain_symbol(tree.db, "zoo.cat.meo")


def test_a_file_without_runs_has_nothing_to_tell(tree: ZooTree) -> None:
    """A database of an earlier release knows of no run."""
    with StoreFile.open(tree.db) as store:
        store.execute("DELETE FROM index_runs")
    assert explain_last(tree.db) == ("zoo", None, None, 0, ())


def test_a_long_path_is_told_whole(tree: ZooTree) -> None:
    """Two files whose paths begin alike for long are told apart."""
    path = f"zoo/{'a_long_name_' * 6}.py"
    tree.write(path, "def roar():\n    return 1\n")
    tree.index()
    tree.reopen()
    calls = {call for _, call, _ in lines(explain_last(tree.db).trees)}
    assert f"outline(file({path!r}))" in calls
    assert not [call for call in calls if "…" in call or "..." in call]
