"""Hotspots of indexed code: churn of a symbol itself where snapshots know it, else of its file; what is equal for all counts for none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lestockage.analytics import Analytics, FileChurn
from lestockage.store.snapshot_writer import SnapshotLabel
from lestockage.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

COMMITS = {"a.py": 9, "b.py": 2}


def churn(_root: str) -> Mapping[str, FileChurn]:
    """Commits of the two files."""
    return {path: FileChurn(commits, 1, 1, 1, 0) for path, commits in COMMITS.items()}


def write(folder: Path, *, often: int, rarely: int) -> None:
    """Write two files of two functions each, of which two say numbers: equal in complexity."""
    folder.mkdir(exist_ok=True)
    body = "    if x:\n        return {}\n    return 0\n"
    (folder / "a.py").write_text(f"def quiet(x):\n{body.format(1)}\n\ndef often(x):\n{body.format(often)}")
    (folder / "b.py").write_text(f"def still(x):\n{body.format(1)}\n\ndef rarely(x):\n{body.format(rarely)}")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with three snapshots: `often` changed twice, `rarely` once, their neighbours never."""
    with Workspace.open(tmp_path / "e.db") as workspace:
        for label, often, rarely in (("one", 1, 1), ("two", 2, 1), ("three", 3, 2)):
            write(tmp_path / "src", often=often, rarely=rarely)
            workspace.index(tmp_path / "src", snapshot=SnapshotLabel(label))
    return tmp_path / "e.db"


def hotspots(file: Path, **given: Any) -> dict[str, dict[str, Any]]:
    """The rows by name."""
    with Analytics.connect(file, **given) as analytics:
        return {row["qualified_name"]: row for row in analytics.table("hotspots").to_pylist()}


def test_what_is_known_of_a_symbol_goes_first(file: Path) -> None:
    """Ranked by changes of their own; those with equally many, by the commits of their files."""
    rows = hotspots(file, churn=churn)
    assert {name: (row["changes"], row["commits"]) for name, row in rows.items()} == {
        "a.often": (2, 9),
        "a.quiet": (0, 9),
        "b.rarely": (1, 2),
        "b.still": (0, 2),
    }
    assert {name: row["churn_percentile"] for name, row in rows.items()} == {
        "a.often": 1,
        "b.rarely": 2 / 3,
        "a.quiet": 1 / 3,
        "b.still": 0,
    }


def test_snapshots_are_a_history_without_git(file: Path) -> None:
    """No commits are known: what changed between snapshots is churn all the same."""
    rows = hotspots(file)
    assert [row["churn_percentile"] for row in rows.values()] == [1, 2 / 3, 0, 0]
    assert list(rows)[:2] == ["a.often", "b.rarely"]


@pytest.mark.parametrize("snapshots", [0, 1])
def test_one_snapshot_knows_of_no_change(tmp_path: Path, snapshots: int) -> None:
    """Changes are not known then, which is not the same as none; the files' commits are what there is."""
    write(tmp_path / "src", often=1, rarely=1)
    with Workspace.open(tmp_path / "e.db") as workspace:
        workspace.index(tmp_path / "src", snapshot=SnapshotLabel("one") if snapshots else None)
    rows = hotspots(tmp_path / "e.db", churn=churn)
    assert {row["changes"] for row in rows.values()} == {None}
    assert {name: row["churn_percentile"] for name, row in rows.items()} == {
        "a.often": 2 / 3,
        "a.quiet": 2 / 3,
        "b.rarely": 0,
        "b.still": 0,
    }


def test_a_symbol_that_came_since_the_last_snapshot_is_in_none(file: Path, tmp_path: Path) -> None:
    """It has no changes that are known of, and ranks by its file among those that never changed."""
    write(tmp_path / "src", often=3, rarely=2)
    with (tmp_path / "src" / "b.py").open("a") as source:
        source.write("\n\ndef fresh(x):\n    return x\n")
    with Workspace.open(file) as workspace:
        workspace.index(tmp_path / "src")
    rows = hotspots(file, churn=churn)
    assert rows["b.fresh"]["changes"] is None
    assert rows["b.fresh"]["churn_percentile"] == rows["b.still"]["churn_percentile"] == 0


def test_a_side_that_tells_nothing_apart_is_left_out(tmp_path: Path) -> None:
    """Every function is as complex and every file as old as the others: a score of 0 for all would hide that one is used."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text("def used():\n    return 1\n\n\ndef user():\n    return used()\n")
    with Workspace.open(tmp_path / "e.db") as workspace:
        workspace.index(tmp_path / "src")
    rows = hotspots(tmp_path / "e.db", churn=churn)
    assert {row["churn_percentile"] for row in rows.values()} == {None}
    assert {name: row["score"] for name, row in rows.items()} == {"a.used": 1, "a.user": 0}


def test_functions_that_are_all_alike_score_nothing(tmp_path: Path) -> None:
    """Where no side tells anything apart, none is hot."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text("def f():\n    return 1\n\n\ndef g():\n    return 1\n")
    with Workspace.open(tmp_path / "e.db") as workspace:
        workspace.index(tmp_path / "src")
    assert [row["score"] for row in hotspots(tmp_path / "e.db", churn=churn).values()] == [0, 0]
