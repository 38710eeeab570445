"""Killing: processes that die at every statement of a commit, each forked from this one. Run as `python -m tests.crash.killing FOLDER`.

Prints how many died, and at how many statements the first commit, and the next, was found in the file.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from lestockage import Database
from lestockage.store.connection import StoreFile
from tests.crash import ledger


def die_at(count: int) -> None:
    """Have the process killed when it comes to its `count`-th statement from here on: odd ones before they run, even ones after."""
    due = [count]

    def mortal(method: Any) -> Any:
        def run(*arguments: Any) -> Any:
            due[0] -= 1
            if not due[0] and count % 2:
                os.kill(os.getpid(), signal.SIGKILL)
            result = method(*arguments)
            if not due[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return run

    for name in ("execute", "executemany"):
        setattr(StoreFile, name, mortal(getattr(StoreFile, name)))


def commit(path: Path, step: int, count: int = 0) -> None:
    """Bring the file to a step."""
    with Database(path) as db:
        ledger.write(db, step)
        ledger.ledger(db)
        if count:
            die_at(count)


def main(folder: Path) -> None:
    """Kill one process at every statement, and look at what each has left."""
    base = folder / "base.db"
    commit(base, 0)
    outcomes: list[int] = []
    while True:
        path = folder / "victim.db"
        for suffix in ("", "-wal", "-shm"):
            path.with_name(f"victim.db{suffix}").unlink(missing_ok=True)
        shutil.copyfile(base, path)
        child = os.fork()
        if not child:
            commit(path, 1, len(outcomes) + 1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        step = ledger.assert_sound(path, 0, 1)
        if not os.WIFSIGNALED(status):
            assert step == 1
            break
        outcomes.append(step)
    print(len(outcomes), outcomes.count(0), outcomes.count(1))  # noqa: T201  # for the test that started it


if __name__ == "__main__":
    main(Path(sys.argv[1]))
