"""Processes: the soak of several processes on one file, for a few seconds; `make processes SECONDS=60` goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.processes_soak import soak

if TYPE_CHECKING:
    from pathlib import Path


def test_processes_that_write_and_are_killed_leave_nothing_stale(tmp_path: Path) -> None:
    """Four processes set, delete, commit and ask at random, some are killed: nothing is stale, torn or lost."""
    assert soak(tmp_path / "memo.db", 5, seed=1).killed > 0
