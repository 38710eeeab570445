"""Type checkers: mypy and pyright agree that queries keep their signatures, and refuse what must be refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
API = Path(__file__).with_name("api.py")


def _refused_lines() -> set[int]:
    """The lines of the API file that a type checker must refuse."""
    return {number for number, line in enumerate(API.read_text().splitlines(), 1) if "  # type: ignore[" in line}


def test_mypy_accepts_the_api_file() -> None:
    """Strictly: every assertion holds, and every ignore hides an error of its code."""
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", str(ROOT / ".mypy_cache"), str(API)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("", 0)


def test_pyright_refuses_the_same_lines(tmp_path: Path) -> None:
    """With its own rules, and blind to the ignores: exactly the marked lines are errors."""
    (tmp_path / API.name).write_text(API.read_text())
    settings = {"include": [API.name], "enableTypeIgnoreComments": False, "typeCheckingMode": "standard", "extraPaths": [str(ROOT)]}
    config = tmp_path / "pyrightconfig.json"
    config.write_text(json.dumps(settings))
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "--project", str(config)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        found = json.loads(done.stdout)["generalDiagnostics"]
    except (ValueError, KeyError):
        pytest.skip(f"pyright could not start (its first run downloads it): {(done.stdout + done.stderr)[-300:]}")
    errors = {item["range"]["start"]["line"] + 1: item["message"] for item in found if item["severity"] == "error"}
    assert sorted(errors) == sorted(_refused_lines()), errors
