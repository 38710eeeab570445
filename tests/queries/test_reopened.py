"""Reopened: what a database on disk still knows when it is opened again."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tests.queries.test_incremental import FILES
from tests.queries.trees import Tree

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A database that was asked for the rows of a package of four files, committed and closed."""
    path = tmp_path / "memo.db"
    tree = Tree(FILES, store=path)
    tree.ask()
    tree.db.commit()
    tree.db.close()
    return path


def executed_for_rows(tree: Tree) -> dict[str, int]:
    """Ask for the rows' digests; how often each query ran for it."""
    tree.ask()
    return {name.rpartition(".")[2]: count for name, count in tree.db.executions().items()}


def test_unchanged_files_execute_nothing(store: Path) -> None:
    """After a restart with the same files nothing is computed, and the digests are those that were."""
    tree = Tree(FILES, store=store)
    assert executed_for_rows(tree) == {}
    assert tree.ask() == Tree(FILES).ask()
    tree.db.close()


def test_one_body_edited_while_closed(store: Path) -> None:
    """After a restart with one body edited, one file is parsed, one unit analysed, and the rows are those of a fresh database."""
    source = FILES["p/base.py"]
    assert isinstance(source, str)
    files = {**FILES, "p/base.py": source.replace("return 1", "return abs(1)")}
    tree = Tree(files, store=store)
    executed = executed_for_rows(tree)
    assert {name: executed[name] for name in ("parsed", "scan", "facts", "edges_of")} == {"parsed": 1, "scan": 1, "facts": 1, "edges_of": 1}
    assert not {"module_file", "modules", "exported", "member", "order"} & executed.keys()
    assert tree.everything() == Tree(files).everything()
    tree.db.close()


def test_a_line_at_the_top_while_closed(store: Path) -> None:
    """After a restart with a comment on top of a file, no unit is analysed."""
    source = FILES["p/base.py"]
    assert isinstance(source, str)
    files = {**FILES, "p/base.py": "# new\n" + dedent(source)}
    tree = Tree(files, store=store)
    executed = executed_for_rows(tree)
    assert not {"facts", "edges_of"} & executed.keys()
    assert tree.everything() == Tree(files).everything()
    tree.db.close()


def test_a_function_renamed_while_closed(store: Path) -> None:
    """After a restart with a function renamed, its callers in other files are linked again, and not analysed."""
    source = FILES["p/shapes.py"]
    assert isinstance(source, str)
    files = {**FILES, "p/shapes.py": source.replace("def make", "def build")}
    tree = Tree(files, store=store)
    executed = executed_for_rows(tree)
    assert (executed["facts"], executed["edges_of"], executed["file_edges"]) == (2, 2, 2)
    assert tree.everything() == Tree(files).everything()
    tree.db.close()


def test_a_file_removed_while_closed(store: Path) -> None:
    """After a restart without a file, what it defined is outside."""
    files = {path: source for path, source in FILES.items() if path != "p/base.py"}
    tree = Tree(FILES, store=store)
    tree.remove("p/base.py")
    tree.ask()
    assert tree.everything() == Tree(files).everything()
    tree.db.close()
