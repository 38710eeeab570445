"""Stopping: a process that indexes, and says when it has come to a certain place, where it waits for its end.

Run as `python -m tests.workspace.stopping MODULE NAME COMMAND-LINE…`: the first call of that function (a dotted NAME is a method) prints
a line and sleeps before it does anything.
"""

from __future__ import annotations

import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from lestockage.cli import main

HERE = "waiting"


def stop_at(module: str, name: str) -> None:
    """Have the first call of a function wait for ever."""
    owner: Any = import_module(module)
    *path, last = name.split(".")
    for part in path:
        owner = getattr(owner, part)
    plain = getattr(owner, last)
    calls = iter(range(1))

    def waiting(*arguments: Any, **options: Any) -> Any:
        if next(calls, None) is not None:
            print(HERE, flush=True)  # noqa: T201  # whoever started this process waits for the line
            time.sleep(60)
        return plain(*arguments, **options)

    setattr(owner, last, waiting)


def started(place: tuple[str, str], *words: str) -> subprocess.Popen[str]:
    """Start a command line in a session of its own, and return when it has come to the place."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.workspace.stopping", *place, *words],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == HERE
    return process


if __name__ == "__main__":
    stop_at(sys.argv[1], sys.argv[2])
    sys.exit(main(sys.argv[3:]))
