"""README: its example runs and prints what it says, and what it names exists."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_example_runs(tmp_path: Path) -> None:
    """The library example runs as it stands, twice (the second time over its own file), and prints the totals its comments promise."""
    (example,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    (tmp_path / "example.py").write_text(example)
    for _ in range(2):
        ended = subprocess.run([sys.executable, "example.py"], cwd=tmp_path, capture_output=True, check=False, text=True)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "2\n2\n", "")


def test_the_example_is_short() -> None:
    """The example is one a reader takes in at a glance: at most 15 lines of code."""
    (example,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    assert len([line for line in example.splitlines() if line.strip()]) <= 15


def test_every_command_is_in_the_table() -> None:
    """The table names the commands there are, and no others."""
    from lestockage.cli.app import app  # noqa: PLC0415  # brings Typer

    named = set(re.findall(r"^\| `lestockage (\w+)", README, flags=re.MULTILINE))
    assert named == {info.callback.__name__ for info in app.registered_commands if info.callback}


def test_every_target_is_in_the_makefile() -> None:
    """The two commands of the README are targets."""
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert set(re.findall(r"^make (\w+)", README, flags=re.MULTILINE)) <= targets


def test_links_lead_somewhere() -> None:
    """Every relative link of the README and of the documents leads to a file or folder of the repository."""
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")):
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
