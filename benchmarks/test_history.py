"""History: what snapshots of past commits cost, against a cold index of each, and what an unchanged state costs.

Over this project's own last commits: `LESTOCKAGE_HISTORY_COMMITS` of them, else 100. Only a sample of the commits is indexed cold, evenly
spread from the oldest to the newest, and the mean of it counts for all.
"""

# ruff: noqa: S101, S603, T201  # results are asserted, git is started, figures are printed

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from lestockage.store.snapshot_writer import SnapshotLabel
from lestockage.workspace.history import record_history
from lestockage.workspace.workspace import Workspace

THIS = Path(__file__).parent.parent
COMMITS = int(os.environ.get("LESTOCKAGE_HISTORY_COMMITS", "100"))
SAMPLE = 5


def git(*words: str) -> bytes:
    """Return what git says of this project, nothing where it has no history."""
    return subprocess.run(["git", "-C", str(THIS), *words], check=False, capture_output=True).stdout  # noqa: S607  # the git that is on the path


def spent() -> float:
    """Return the processor time of this process and of those that it has waited for."""
    return sum(os.times()[:4])


def cold(commit: str, folder: Path) -> float:
    """Return the processor time of a cold index of a commit, its snapshot recorded too."""
    with tarfile.open(fileobj=BytesIO(git("archive", commit))) as archive:
        archive.extractall(folder / "tree", filter="data")
    began = spent()
    with Workspace.open(folder / "cold.db") as workspace:
        report = workspace.index(folder / "tree", project="this", snapshot=SnapshotLabel(commit))
    took = spent() - began
    assert report.recorded is not None
    return took


def test_history_against_cold_indexes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Snapshots of many commits take a tenth of the time, or less, that indexing each of them cold takes."""
    commits = git("rev-list", "--first-parent", f"--max-count={COMMITS}", "HEAD").decode().split()[::-1]
    if len(commits) < COMMITS:
        pytest.skip(f"{len(commits)} commits are here, {COMMITS} are wanted: not a git checkout, or a shallow one")
    began = spent()
    report = record_history(tmp_path / "history.db", THIS, f"{commits[0]}..{commits[-1]}", project="this")
    took = spent() - began
    read = sum(record.read or 0 for record in report.commits)
    held = sum(record.snapshot.files for record in report.commits)
    rows = sum(record.rows for record in report.commits)
    all_rows = sum(record.snapshot.nodes + record.snapshot.edges for record in report.commits)
    chosen = [commits[round(number * (len(commits) - 1) / (SAMPLE - 1))] for number in range(SAMPLE)]
    sample = [cold(commit, tmp_path / commit) for commit in chosen]
    ratio = sum(sample) / len(sample) * len(commits) / took
    size = (tmp_path / "history.db").stat().st_size
    with capsys.disabled():
        print(f"\nhistory: {len(report.commits)} commits in {took:.1f} s of processor, the first {sample[0]:.1f} s cold")
        print(f"a cold index: {sum(sample) / len(sample):.1f} s (mean of {SAMPLE}); history is {ratio:.1f} x faster")
        print(f"files read {read:,} of {held:,}; rows written {rows:,} of {all_rows:,}; {size / 2**20:.1f} MiB")
    assert len(report.commits) == len(commits)
    assert read < held / 10
    assert ratio >= 10


def test_an_unchanged_state_costs_its_own_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second snapshot of the same tree writes no row but its own, in a new process's workspace too."""
    tree = shutil.copytree(THIS / "lestockage", tmp_path / "lestockage", ignore=shutil.ignore_patterns("__pycache__"))
    with Workspace.open(tmp_path / "i.db") as workspace:
        first = workspace.index(tree, snapshot=SnapshotLabel("first")).recorded
    with Workspace.open(tmp_path / "i.db") as workspace:
        report = workspace.index(tree, snapshot=SnapshotLabel("second"))
    assert first is not None
    assert report.recorded is not None
    with capsys.disabled():
        print(f"\nfirst snapshot {first.rows:,} rows, the second {report.recorded.rows} beside its own, {report.executed} executed")
    assert (report.recorded.rows, report.executed) == (0, {})
