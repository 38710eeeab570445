"""The commands `index --snapshot`, `history` and `snapshots`: recording states, listing and dropping them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.workspace.git_repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository of one file, committed, and a database that commands work on."""
    monkeypatch.setenv("LESTOCKAGE_DB", str(tmp_path / "states.db"))
    repository = Repository(tmp_path / "tree")
    repository.write("a.py", "def f():\n    return 1\n")
    repository.commit("first steps")
    return repository


def test_states_are_recorded_and_listed(run: Run, tree: Repository) -> None:
    """A clean tree's snapshot has its commit's facts, under a label or under the commit's id."""
    commit = tree.git("rev-parse", "HEAD")
    given = run("index", str(tree.folder), "--snapshot", "start")
    assert given.out.endswith("snapshot start: 6 rows written\n")
    answer = json.loads(run("index", str(tree.folder), "--snapshot-commit", "--json").out)
    assert (answer["snapshot"]["label"], answer["snapshot"]["rows"]) == (commit, 0)
    tree.write("a.py", "def f():\n    return 2\n")
    run("index", str(tree.folder), "--snapshot", "edited")
    assert run("snapshots").out.splitlines()[1].split() == (
        [commit[:12], "2024-01-01", "1", "files", "2", "symbols", "1", "edges", "first", "steps"]
    )
    listed = json.loads(run("snapshots", "--json").out)
    assert [(row["label"], row["commit_id"]) for row in listed] == [("start", commit), (commit, commit), ("edited", None)]


def test_a_snapshot_is_dropped_by_its_label(run: Run, tree: Repository) -> None:
    """What is dropped is listed no more."""
    run("index", str(tree.folder), "--snapshot", "start")
    dropped = run("snapshots", "--drop", "start")
    assert (dropped.status, dropped.out, dropped.err) == (0, "", "lestockage: start is dropped, with 6 rows.\n")


def test_a_tree_that_is_no_commit_is_refused_before_anything_is_indexed(run: Run, tree: Repository) -> None:
    """`--snapshot-commit` on a tree with a difference ends with status 2, and no database is made."""
    tree.write("b.py", "")
    refused = run("index", str(tree.folder), "--snapshot-commit")
    assert refused.status == 2
    assert "differs from its last commit" in refused.err
    assert run("status").status == 2


def test_one_of_several_projects_must_be_named(run: Run, tree: Repository) -> None:
    """Without `--project` the error lists the projects."""
    for name in ("one", "two"):
        run("index", str(tree.folder), "--project", name, "--snapshot", name)
    refused = run("snapshots")
    assert (refused.status, refused.err) == (2, "lestockage: There are 2 projects in the file: one, two. Name one with --project.\n")
    assert [row["label"] for row in json.loads(run("snapshots", "--project", "two", "--json").out)] == ["two"]


def test_history_lists_each_commit_with_what_it_cost(run: Run, tree: Repository) -> None:
    """A line each, oldest first; asked again, nothing is read."""
    first = tree.git("rev-parse", "HEAD")
    tree.write("a.py", "def f():\n    return g()\n\n\ndef g():\n    return 1\n")
    second = tree.commit("g is new")
    words = ("history", f"{first}..HEAD", "--path", str(tree.folder))
    found = run(*words)
    assert found.err.startswith("lestockage: tree: 2 commits recorded, 0 known already (")
    assert [" ".join(line.split()) for line in found.out.splitlines()] == [
        f"{first[:12]} 2024-01-01 2 symbols 1 edges 1 file read, 6 rows written first steps",
        f"{second[:12]} 2024-01-01 3 symbols 3 edges 1 file read, 10 rows written g is new",
    ]
    again = json.loads(run(*words, "--json").out)
    assert [(each["snapshot"]["commit_id"], each["read"]) for each in again["commits"]] == [(first, None), (second, None)]
    assert run("history", "HEAD", "--path", str(tree.folder)).out.count("known already") == 2


def test_history_without_a_folder_is_of_the_project_of_the_file(
    run: Run, tree: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The only project's folder, wherever one is, so that what follows is about one project; of several, the named one's."""
    tree.write("src/b.py", "def h(): ...\n")
    tree.commit("a folder")
    monkeypatch.chdir(tree.folder)
    run("index", "src", "--snapshot", "now")
    found = run("history", "HEAD~1..HEAD")
    assert found.err.startswith("lestockage: src: 2 commits recorded")
    assert [line.split()[2] for line in found.out.splitlines()] == ["0", "2"]
    assert run("trend").status == run("compare", "now", tree.git("rev-parse", "HEAD")).status == 0
    monkeypatch.chdir(tmp_path)
    assert run("history", "HEAD").err.startswith("lestockage: src: 0 commits recorded, 2 known already")
    run("index", str(tree.folder), "--project", "whole")
    assert run("history", "HEAD", "--project", "src").err.startswith("lestockage: src: 0 commits recorded, 2 known already")
    assert run("history", "HEAD").status == 2  # several, none named, and this folder is in no repository
    monkeypatch.chdir(tree.folder)
    assert run("history", "HEAD").err.startswith("lestockage: tree: 2 commits recorded")
    assert run("history", "HEAD", "--project", "fresh").err.startswith("lestockage: fresh: 2 commits recorded")


def test_compare_shows_totals_and_symbols_with_measures(run: Run, tree: Repository) -> None:
    """Two snapshots, by label and by commit: a line for each total, then one for each symbol, measured before and after."""
    commit = tree.git("rev-parse", "HEAD")
    run("index", str(tree.folder), "--snapshot", "start")
    tree.write("a.py", "def f():\n    return g() if g else 0\n\n\ndef g():\n    return 1\n")
    tree.write("b.py", "def broken(:\n")
    run("index", str(tree.folder), "--snapshot", "end")
    found = run("compare", commit[:8], "end")
    assert found.err == (
        "lestockage: b.py is left out: it could not be read in one of the two.\n"
        f"lestockage: 2 symbols in 2 files differ between {commit[:8]} and end.\n"
    )
    lines = [" ".join(line.split()) for line in found.out.splitlines()]
    assert "complexity 1 -> 3 +2" in lines
    assert lines[-2:] == [
        "modified function a.f (body) a.py:1 complexity 1 -> 2, lines 2, in 0, out 0 -> 1",
        "added function a.g a.py:5 complexity - -> 1, lines - -> 2, in - -> 1, out - -> 0",
    ]
    answer = json.loads(run("compare", "start", "end", "--json").out)
    assert (answer["old"]["snapshot"]["label"], answer["new"]["functions"], answer["failed"]) == ("start", 2, ["b.py"])
    assert [each["before"] is None for each in answer["symbols"]] == [False, False, True]


def test_trend_and_ages_read_the_recorded_states(run: Run, tree: Repository) -> None:
    """A line for each snapshot; the steps by coupling; the symbols by churn and age; all of it as JSON too."""
    assert (run("index", str(tree.folder)).status, run("trend").out, run("ages").out) == (0, "", "")
    run("index", str(tree.folder), "--snapshot", "start")
    tree.write("a.py", "def f():\n    return 2\n")
    tree.write("b.py", "import a\n")
    run("index", str(tree.folder), "--snapshot", "end")
    assert [line.split()[0] for line in run("trend").out.splitlines()] == ["snapshot", "start", "end"]
    assert [point["modified"] for point in json.loads(run("trend", "--json", "--limit", "1").out)] == [1]
    assert " ".join(run("trend", "--coupling").out.split()[2:]) == "+1 pairs 0 pairs +1 references"
    assert json.loads(run("trend", "--coupling", "--json").out)[0]["coupled"] == [["b.py", "a.py"]]
    assert run("ages", "--limit", "1").out.split()[:2] == ["1", "change"]
    assert json.loads(run("ages", "--sort", "newest", "--json").out)[0]["qualified_name"] in ("a.f", "b")
    tree.write("c.py", "")
    run("index", str(tree.folder), "--snapshot", "alone")
    assert len(run("trend", "--coupling").out.splitlines()) == 1
    assert len(json.loads(run("trend", "--coupling", "--json").out)) == 2


@pytest.mark.parametrize("words", [("trend",), ("trend", "--coupling"), ("ages",), ("snapshots",)])
def test_without_snapshots_it_is_said_how_to_record_one(run: Run, tree: Repository, words: tuple[str, ...]) -> None:
    """Nothing on standard output is no answer for people; for programs it is an empty list."""
    run("index", str(tree.folder))
    found = run(*words)
    assert (found.status, found.out) == (0, "")
    assert found.err.startswith("lestockage: No snapshot is recorded. lestockage index PATH --snapshot LABEL records one")
    told = run(*words, "--json")
    assert (json.loads(told.out), told.err) == ([], "")


def test_snapshots_that_couple_nothing_are_said_to(run: Run, tree: Repository) -> None:
    """Two states of one file: no step to list."""
    run("index", str(tree.folder), "--snapshot", "one")
    tree.write("a.py", "def f():\n    return 2\n")
    run("index", str(tree.folder), "--snapshot", "two")
    assert run("trend", "--coupling").err == "lestockage: No snapshot coupled files that were not coupled in the one before.\n"
