"""Reopened: what one edit costs after a restart, counted, in small trees and large ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.workspace.workspace import Workspace
from tests.workspace.planting import plant

if TYPE_CHECKING:
    from pathlib import Path

    from lestockage.workspace.report import IndexReport


def edited_while_closed(folder: Path, contents: dict[str, str], path: str, text: str) -> IndexReport:
    """Index a tree, write one file of it, and index it again in another workspace; return what that run did."""
    tree = plant(folder / "tree", **contents)
    with Workspace.open(folder / "store.db") as workspace:
        workspace.index(tree)
    plant(tree, **{path: text})
    with Workspace.open(folder / "store.db") as workspace:
        return workspace.index(tree)


def test_an_edit_loads_little_more_of_ten_times_as_many_files(tmp_path: Path) -> None:
    """What is loaded for one edited file grows with the square root of the number of files; what runs is the same."""

    def report(count: int) -> IndexReport:
        contents = {f"p/m{number}.py": f"def f{number}():\n    return 1\n" for number in range(count)}
        return edited_while_closed(tmp_path / str(count), contents, "p/m7.py", "def f7():\n    return abs(1)\n")

    few, many = report(60), report(600)
    assert few.executed == many.executed
    assert (many.executed["parsed"], many.executed["bucket_shapes"], many.executed["bucket_rows"]) == (1, 1, 1)
    # Digests of shapes and of rows: of each bucket, and of each file in one. 2 * (8 + 8) of 60 files, 2 * (32 + 19) of 600.
    assert many.reused - few.reused < 100
