"""Page: one document's examples, run in a folder as a reader would run them, and what they say that they print.

- A block `python` is a part of the page's program: all of them, in order, in one namespace. `print(…)  # X` says that the line prints `X`,
  and a line `# → X` that what comes before has printed a line `X`.
- A block `python title="NAME"` is the content of that file, from there on.
- A block `py` is a fragment, and not run.
- A block `console` is a session in that folder: `$ ` begins a command, the other lines are what it prints.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```(python|console)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PRINTS = re.compile(r"(?:print\(.*\)[ \t]+# |^[ \t]*# → )(.*)$", re.MULTILINE)


class Ended(NamedTuple):
    """What came of one command: what was run, what should be printed, what was, and the exit status."""

    command: str
    expected: str
    printed: str
    status: int


def examples(page: str) -> list[tuple[str, str, str]]:
    """The blocks of a page: language, title ("" without one), text."""
    return _BLOCK.findall(page)


def program(page: str) -> str:
    """The untitled Python of a page as one program."""
    return "\n".join(text for language, title, text in examples(page) if language == "python" and not title)


def run(page: str, folder: Path) -> Iterator[Ended]:
    """Run a page's program, then write its files and hold its sessions, in order; nothing runs before what came of the last is taken."""
    if text := program(page):
        (folder / "page.py").write_text(text, encoding="utf-8")
        yield _command("python page.py", "".join(f"{line}\n" for line in _PRINTS.findall(text)), folder)
    for language, title, text in examples(page):
        if title:
            (folder / title).parent.mkdir(parents=True, exist_ok=True)
            (folder / title).write_text(text, encoding="utf-8")
        elif language == "console":
            for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                command, _, expected = part.partition("\n")
                yield _command(command, expected, folder)


def _command(command: str, expected: str, folder: Path) -> Ended:
    """Run a line of the shell, with this interpreter and its scripts first on the path, and this source tree importable."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
        "NO_COLOR": "1",
        "COLUMNS": "120",
    }
    done = subprocess.run(  # noqa: S602  # the project's own pages
        command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    return Ended(command, expected, done.stdout + done.stderr, done.returncode)
