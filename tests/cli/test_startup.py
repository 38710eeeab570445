"""Start-up: what a command line costs before it does anything."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

HEAVY = {"typer", "click", "rich", "pydantic", "networkx", "duckdb", "pyarrow", "numpy", "pathspec", "asyncio", "json", "inspect", "ast"}


def imported_by(*words: str) -> set[str]:
    """Return the modules a fresh process has imported when a command line has ended."""
    script = "import sys; from lestockage.cli import main; main(sys.argv[1:]); print(*sys.modules, sep='\\n', file=sys.stderr)"
    ended = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, check=True, text=True)
    return set(ended.stderr.split())


@pytest.mark.parametrize("words", [["symbols", "purr"], ["show", "purr"], ["callers", "purr"], ["callees", "purr"], ["status"]])
def test_a_plain_reading_command_imports_nothing_heavy(zoo: Path, words: list[str]) -> None:
    """A plain line is answered without Typer, Rich, pydantic, or anything else that costs more than the answer."""
    assert not imported_by(*words) & HEAVY


def test_a_plain_json_answer_imports_json_only(zoo: Path) -> None:
    """Asking for JSON costs the JSON encoder."""
    assert imported_by("show", "purr", "--json") & HEAVY == {"json"}


def test_every_other_line_is_typer_s(zoo: Path) -> None:
    """The interface as a whole is Typer's: help comes from it."""
    assert "typer" in imported_by("status", "--help")
