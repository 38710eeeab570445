"""Source files: the table that tells an unchanged tree without reading it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from lestockage.errors import ConstraintError
from lestockage.store.source_files import (
    SourceFileRow,
    delete_source_files,
    failed_source_files,
    load_source_files,
    upsert_source_files,
)

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile

ROW = SourceFileRow("a.py", 10, 1_700_000_000_000_000_001, 77, b"digest", None)


def test_rows_come_back_as_they_were(store: StoreFile, project: int) -> None:
    """What is stored of each file is loaded again by its path, failures and missing digests too."""
    rows = [ROW, SourceFileRow("b.py", 0, -1, 0, None, "no UTF-8")]
    assert upsert_source_files(store, project, rows) == 2
    assert load_source_files(store, project) == {row.path: row for row in rows}


def test_equal_rows_are_not_written(store: StoreFile, project: int) -> None:
    """Storing what is stored already writes no row."""
    upsert_source_files(store, project, [ROW])
    changes = store.total_changes
    assert upsert_source_files(store, project, [ROW]) == 0
    assert store.total_changes == changes


@pytest.mark.parametrize(
    "change", [{"size": 11}, {"mtime_ns": 5}, {"inode": 78}, {"digest": None}, {"digest": b"other"}, {"failure": "gone"}]
)
def test_each_column_counts(store: StoreFile, project: int, change: dict[str, object]) -> None:
    """A difference in any one column is written."""
    upsert_source_files(store, project, [ROW])
    changed = ROW._replace(**change)  # type: ignore[arg-type]
    assert upsert_source_files(store, project, [changed]) == 1
    assert load_source_files(store, project) == {"a.py": changed}


@pytest.mark.parametrize("inode", [(1 << 63) - 1, 1 << 63, (1 << 64) - 1])
def test_large_inode_survives(store: StoreFile, project: int, inode: int) -> None:
    """A file system's 64-bit inode number comes back as it was, though SQLite's integers are signed."""
    row = ROW._replace(inode=inode)
    upsert_source_files(store, project, [row])
    assert load_source_files(store, project) == {"a.py": row}


def test_deleted_rows_are_gone(store: StoreFile, project: int) -> None:
    """Deleting by path counts what was there."""
    upsert_source_files(store, project, [ROW, ROW._replace(path="b.py")])
    assert delete_source_files(store, project, ["a.py", "never.py"]) == 1
    assert list(load_source_files(store, project)) == ["b.py"]


def test_failures_are_listed_by_path(store: StoreFile, project: int) -> None:
    """Only files that failed are listed, each with its reason."""
    upsert_source_files(store, project, [ROW, ROW._replace(path="z.py", failure="late"), ROW._replace(path="b.py", failure="bad")])
    assert failed_source_files(store, project) == [("b.py", "bad"), ("z.py", "late")]


def test_path_that_is_no_unicode_is_refused(store: StoreFile, project: int) -> None:
    """A path with undecodable bytes is a typed error, and nothing of its batch is written."""
    with pytest.raises(ConstraintError):
        upsert_source_files(store, project, [ROW, ROW._replace(path="\udcff.py")])
    assert load_source_files(store, project) == {}


def test_file_of_no_project_is_refused(store: StoreFile) -> None:
    """A row must belong to a project."""
    with pytest.raises(ConstraintError, match="FOREIGN KEY"):
        upsert_source_files(store, 12345, [ROW])


def test_ten_thousand_files_load_quickly(store: StoreFile, project: int) -> None:
    """The table of a tree of 10,000 files is loaded within 100 ms of CPU (11 measured)."""
    upsert_source_files(store, project, [ROW._replace(path=f"package/module_{number}.py") for number in range(10_000)])
    best = float("inf")
    for _ in range(3):
        begun = time.process_time()
        assert len(load_source_files(store, project)) == 10_000
        best = min(best, time.process_time() - begun)
    assert best < 0.1
