"""Try artefact: what a user does first with an installed package, run by the environment that it was installed into, away from the tree."""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import lestockage
from lestockage import Database, Input, Key, query


class Text(Input):
    """A text by its name."""

    name: Key[str]
    text: str


@query
def words(db: Database, text: Text) -> int:  # noqa: ARG001  # every query takes the database
    """How many words a text has."""
    return len(text.text.split())


def main() -> None:
    """Index a tree with every way to start the command, and keep a memo over a restart."""
    assert "site-packages" in lestockage.__file__, f"imported from {lestockage.__file__}, which was not installed"
    assert Path(lestockage.__file__).with_name("py.typed").exists()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tree").mkdir()
        (folder / "tree" / "a.py").write_text("def f():\n    return g()\n\n\ndef g():\n    return 1\n")
        script = Path(sys.executable).with_name("lestockage")
        version = importlib.metadata.version("lestockage")
        for start in ([str(script)], [sys.executable, "-I", "-m", "lestockage"]):
            assert _run([*start, "--version"], folder).strip() == f"lestockage {version}"
            assert "index" in _run([*start, "--help"], folder)
            report = json.loads(_run([*start, "index", "tree", "--json"], folder))
            assert report["nodes"] == 3
            assert "a.f" in _run([*start, "callers", "g"], folder)
        for executions in (1, 0):
            with Database(folder / "memo.db") as db:
                assert words(db, Text(db, name="a", text="one two")) == 2
                assert sum(db.executions().values()) == executions
    print(f"lestockage {version} works from {lestockage.__file__}")  # noqa: T201  # a script


def _run(command: list[str], folder: Path) -> str:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout  # noqa: S603  # our own command


if __name__ == "__main__":
    main()
