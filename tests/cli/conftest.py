"""Fixtures of the command line's tests: a database, and a way to run a command line in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import pytest

from lestockage.cli import main
from tests.cli.zoo import build_zoo

if TYPE_CHECKING:
    from pathlib import Path


class Ended(NamedTuple):
    """What a command line left behind."""

    status: int
    out: str
    err: str


class Run(Protocol):
    """Run a command line."""

    def __call__(self, *words: str) -> Ended:
        """Return its exit status and what it wrote."""
        ...


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs a command line as the installed script would."""

    def ended(*words: str) -> Ended:
        status = main(words)
        return Ended(status, *capsys.readouterr())

    return ended


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a database with the project `zoo`, which is the one that commands work on."""
    path = tmp_path / "zoo.db"
    build_zoo(path)
    monkeypatch.setenv("LESTOCKAGE_DB", str(path))
    return path
