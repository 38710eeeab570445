"""Incremental runs: what is executed and written after one edit, in the same process and after a restart, over one small package."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.workspace.tables import current, difference, edges_of, everything, file_bytes, ids, rows
from tests.workspace.zoo_tree import ZooTree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lestockage.workspace.report import IndexReport

ANALYSIS = ("parsed", "scan", "facts", "edges_of")


@pytest.fixture
def tree(tmp_path: Path) -> ZooTree:
    """Return the package, indexed."""
    tree = ZooTree(tmp_path)
    tree.index()
    return tree


@pytest.fixture(params=["same process", "reopened"])
def again(request: pytest.FixtureRequest, tree: ZooTree) -> Callable[[], IndexReport]:
    """Return a function that indexes once more: in this process, or after closing and opening the file."""

    def index() -> IndexReport:
        if request.param == "reopened":
            tree.reopen()
        return tree.index()

    return index


def analysed(report: IndexReport) -> dict[str, int]:
    """Return how often files were parsed and symbols analysed."""
    return {query: report.executed[query] for query in ANALYSIS if query in report.executed}


def assert_fresh(tree: ZooTree) -> None:
    """Compare the tables with those of a new database."""
    assert difference(current(tree.db), current(tree.fresh())) == []


# -- nothing changed ---------------------------------------------------------------------------------------------------------------


def test_an_unchanged_run_executes_nothing_and_writes_no_byte(tree: ZooTree) -> None:
    """Right after the files were written and in the same process, the second run leaves file and WAL as they are."""
    before = file_bytes(tree.db)
    report = tree.index()
    assert (report.executed, report.written, report.failed) == ({}, 0, ())
    assert file_bytes(tree.db) == before


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_unchanged_run_after_a_restart_writes_no_byte(tree: ZooTree, jobs: int) -> None:
    """A new process finds everything known, with any number of jobs, and leaves the file as it was, also after closing."""
    tree.reopen()
    before = file_bytes(tree.db)
    report = tree.index(jobs)
    assert (report.executed, report.written) == ({}, 0)
    tree.reopen()
    assert file_bytes(tree.db) == before


def test_touched_files_are_read_and_execute_nothing(tree: ZooTree, again: Callable[[], IndexReport]) -> None:
    """A new time of modification over the same content is no change of anything that was computed."""
    before = everything(tree.db, ("projects", "intel_nodes", "intel_edges"))
    for path in tree.root.rglob("*.py"):
        os.utime(path, ns=(1, 1))
    report = again()
    assert (report.executed, report.written) == ({}, 0)
    assert everything(tree.db, ("projects", "intel_nodes", "intel_edges")) == before


def test_the_report_counts_what_the_tables_hold(tree: ZooTree, again: Callable[[], IndexReport]) -> None:
    """Files, nodes and edges of the report are the rows of the project, whatever this run did."""
    report = again()
    assert report.files == len(list(tree.root.rglob("*.py")))
    assert rows(tree.db, "SELECT (SELECT count(*) FROM intel_nodes), (SELECT count(*) FROM intel_edges)") == [(report.nodes, report.edges)]


# -- one edit ----------------------------------------------------------------------------------------------------------------------


def test_one_body_edit_parses_one_file_and_analyses_one_symbol(tree: ZooTree, again: Callable[[], IndexReport]) -> None:
    """The rest of the edited file and every other file are known already."""
    tree.replace("zoo/cat.py", "noise('meow')", "noise('purr') or len('x')")
    assert analysed(again()) == {"parsed": 1, "scan": 1, "facts": 1, "edges_of": 1}
    assert_fresh(tree)


def test_one_body_edit_writes_rows_of_that_symbol_only(tree: ZooTree, again: Callable[[], IndexReport]) -> None:
    """Every other row of nodes and edges stays byte for byte, time of update included."""
    tables = ("intel_nodes", "intel_edges")
    before = everything(tree.db, tables)
    meow = ids(tree.db)[1, "zoo/cat.py", "zoo.cat.meow", 0]
    tree.replace("zoo/cat.py", "noise('meow')", "noise('purr') or len('x')")
    report = again()
    after = everything(tree.db, tables)
    written = {row[0] for table in tables for row in before[table] ^ after[table]}
    assert written == {meow}
    assert report.written == 2  # the node, and its new edge to `len`


def test_one_body_edit_leaves_positions_below_right(tree: ZooTree, again: Callable[[], IndexReport]) -> None:
    """Lines added to a body move what follows, which is not analysed again."""
    tree.replace("zoo/cat.py", "    return noise('meow')", "    text = 'meow'\n    return noise(text)")
    assert analysed(again()) == {"parsed": 1, "scan": 1, "facts": 1, "edges_of": 1}
    assert rows(tree.db, "SELECT start_line FROM intel_nodes WHERE qualified_name = 'zoo.cat.alone'") == [(16,)]
    assert_fresh(tree)


@pytest.mark.parametrize("line", ["\n", "# a remark\n"])
def test_a_line_at_the_top_analyses_no_symbol(tree: ZooTree, again: Callable[[], IndexReport], line: str) -> None:
    """A blank line or comment above everything moves positions; ids, times and everything else stay."""
    kept = "SELECT id, qualified_name, signature, complexity, content_hash, created_at, updated_at FROM intel_nodes"
    before = rows(tree.db, kept)
    start = "SELECT start_line FROM intel_nodes WHERE qualified_name = 'zoo.cat.meow'"
    ((line_before,),) = rows(tree.db, start)
    tree.write("zoo/cat.py", line + (tree.root / "zoo/cat.py").read_text())
    report = again()
    assert analysed(report) == {"parsed": 1, "scan": 1}
    assert rows(tree.db, kept) == before
    assert rows(tree.db, start) == [(line_before + 1,)]
    assert_fresh(tree)


def test_a_comment_inside_a_body_analyses_no_symbol(tree: ZooTree, again: Callable[[], IndexReport]) -> None:
    """The calls below the comment are found a line further down, and nothing is looked at but where they are."""
    before = edges_of(tree.db, "zoo.cat.meow")
    tree.replace("zoo/cat.py", "    return noise('meow')", "    # loudly\n    return noise('meow')")
    assert analysed(again()) == {"parsed": 1, "scan": 1}
    assert {(name, line + 1) for name, line in before} == edges_of(tree.db, "zoo.cat.meow")
    assert_fresh(tree)


def test_an_edit_taken_back_executes_nothing_but_what_compares(tree: ZooTree, again: Callable[[], IndexReport]) -> None:
    """Going back to earlier content parses and analyses nothing: scan and facts are known by that content."""
    tree.replace("zoo/cat.py", "noise('meow')", "noise('purr')")
    again()
    tree.replace("zoo/cat.py", "noise('purr')", "noise('meow')")
    report = again()
    assert {query: count for query, count in analysed(report).items() if query != "edges_of"} == {}
    assert_fresh(tree)


# -- across files ------------------------------------------------------------------------------------------------------------------


def test_a_rename_updates_callers_in_other_files(tree: ZooTree, again: Callable[[], IndexReport]) -> None:
    """Who called a function by its old name calls something unknown now, though its own file is untouched."""
    assert ("zoo.cat.meow", 1) in edges_of(tree.db, "zoo.keeper.feed")
    tree.replace("zoo/cat.py", "def meow()", "def shout()")
    report = again()
    assert not {name for name, _ in edges_of(tree.db, "zoo.keeper.feed")} & {"zoo.cat.meow", "zoo.cat.shout"}
    assert report.executed["parsed"] == 1
    assert_fresh(tree)
    tree.replace("zoo/keeper.py", "cat.meow()", "cat.shout()")
    again()
    assert ("zoo.cat.shout", 1) in edges_of(tree.db, "zoo.keeper.feed")
    assert_fresh(tree)


def test_ids_stay_while_the_identity_does(tree: ZooTree, again: Callable[[], IndexReport]) -> None:
    """A rename ends one id and begins another; all others stay."""
    before = ids(tree.db)
    tree.replace("zoo/cat.py", "def meow()", "def shout()")
    again()
    after = ids(tree.db)
    assert before.keys() - after.keys() == {(1, "zoo/cat.py", "zoo.cat.meow", 0)}
    assert after.keys() - before.keys() == {(1, "zoo/cat.py", "zoo.cat.shout", 0)}
    assert all(after[key] == before[key] for key in before.keys() & after.keys())
    assert after[1, "zoo/cat.py", "zoo.cat.shout", 0] not in before.values()


def test_a_module_that_appears_takes_external_edges_in(tree: ZooTree, again: Callable[[], IndexReport]) -> None:
    """What was outside the project is a symbol of it now, and the external nodes go with their last edge."""
    assert (1, None, "missing.order", 0) in ids(tree.db)
    tree.write("missing.py", "def order():\n    pass\n")
    again()
    found = ids(tree.db)
    assert {key for key in found if key[2].startswith("missing")} == {
        (1, "missing.py", "missing", 0),
        (1, "missing.py", "missing.order", 0),
    }
    assert ("missing.order", 2) in edges_of(tree.db, "zoo.keeper.feed")
    assert_fresh(tree)
    tree.remove("missing.py")
    again()
    assert (1, None, "missing.order", 0) in ids(tree.db)
    assert_fresh(tree)


def test_an_external_node_goes_with_its_last_edge(tree: ZooTree, again: Callable[[], IndexReport]) -> None:
    """No node outside the project stays that nothing leads to."""
    assert (1, None, "builtins.len", 0) in ids(tree.db)
    tree.replace("zoo/cat.py", "return len('x')", "return 1")
    again()
    assert (1, None, "builtins.len", 0) not in ids(tree.db)
    assert_fresh(tree)


def test_a_removed_file_takes_its_rows_with_it(tree: ZooTree, again: Callable[[], IndexReport]) -> None:
    """Nodes, edges and the record of the file go; its callers are looked at again."""
    tree.remove("zoo/cat.py")
    report = again()
    assert report.files == 3
    assert rows(tree.db, "SELECT count(*) FROM intel_nodes WHERE file_path = 'zoo/cat.py'") == [(0,)]
    assert rows(tree.db, "SELECT count(*) FROM source_files WHERE path = 'zoo/cat.py'") == [(0,)]
    assert "parsed" not in report.executed
    assert_fresh(tree)


def test_a_renamed_file_is_another_module(tree: ZooTree, again: Callable[[], IndexReport]) -> None:
    """Its symbols have new names, though none of them is analysed again."""
    (tree.root / "zoo/cat.py").rename(tree.root / "zoo/feline.py")
    report = again()
    assert {"parsed", "scan", "facts"} & report.executed.keys() == set()
    assert (1, "zoo/feline.py", "zoo.feline.meow", 0) in ids(tree.db)
    assert_fresh(tree)


def test_code_moved_between_files_is_not_analysed_again(tree: ZooTree, again: Callable[[], IndexReport]) -> None:
    """A function that moves is known by its content: only the two modules are, which have one name less and one more."""
    tree.replace("zoo/cat.py", "\n\ndef alone():\n    return len('x')\n", "")
    tree.write("zoo/keeper.py", (tree.root / "zoo/keeper.py").read_text() + "\n\ndef alone():\n    return len('x')\n")
    report = again()
    assert (report.executed["parsed"], report.executed["facts"]) == (2, 2)
    assert ("builtins.len", 1) in edges_of(tree.db, "zoo.keeper.alone")
    assert_fresh(tree)


def test_two_projects_share_a_file_and_nothing_else(tree: ZooTree, tmp_path: Path) -> None:
    """A second tree is indexed beside the first, whose rows do not change, and what is equal in it is not read again."""
    before = everything(tree.db, ("intel_nodes", "intel_edges"))
    other = ZooTree(tmp_path / "other")
    report = tree.workspace.index(other.root, project="copy")
    after = everything(tree.db, ("intel_nodes", "intel_edges"))
    assert all(before[table] <= after[table] for table in before)
    assert {"scan", "facts"} & report.executed.keys() == set()
    assert tree.index().executed in ({}, {"files": 1})  # the list of all inputs has changed; this project's part of it has not
    assert tree.index().executed == {}
    assert everything(tree.db, ("intel_nodes", "intel_edges")) == after


def test_a_tree_that_moved_keeps_its_symbols(tree: ZooTree) -> None:
    """The same project from another folder: the root is recorded anew, and nothing is analysed."""
    nodes = ids(tree.db)
    tree.reopen()
    tree.root = tree.root.rename(tree.root.with_name("moved"))
    report = tree.index()
    assert report.executed == {}
    assert ids(tree.db) == nodes
    assert rows(tree.db, "SELECT root FROM projects") == [(str(tree.root),)]
