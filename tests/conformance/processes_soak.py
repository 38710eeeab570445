"""Processes soak: several processes write and read one file, some are killed on the way, for as long as asked.

`python -m tests.conformance.processes_soak --seconds 60`. Each process sets, deletes, commits and asks at random. What it remembers must be
what its bodies give for the inputs that it sees, and the file must be sound whenever it is looked at: nothing stale, torn or lost. In the
end a new process finds a sound file, and what was committed last runs nothing again.
"""

# ruff: noqa: T201, S311  # a command that prints; random, not secret

from __future__ import annotations

import argparse
import contextlib
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from lestockage import Database, Input, Key, query
from lestockage.errors import DeletedHandle

ROOT = Path(__file__).parents[2]
PROCESSES = 4
KILLED_EVERY = 0.8
"""Seconds."""
NAMES = 8
WAL_BOUND = 32_000_000
"""Bytes that the write-ahead log may take while four processes write without a pause; it is emptied at 4 MB when nobody reads."""


class Note(Input):
    """One text."""

    name: Key[str]
    text: str


@query
def length(db: Database, note: Note) -> int:
    """Its length."""
    return len(note.text)


@query
def total(db: Database) -> int:
    """The length of all texts."""
    return sum(length(db, note) for note in Note.all(db))


@query
def found(db: Database, name: str) -> int | None:
    """The length of a text that may not be there."""
    note = Note.get(db, name=name)
    return None if note is None else length(db, note)


@query
def slow(db: Database, name: str) -> str:
    """Something that is worth a lease, with a value that is kept apart."""
    text = "" if found(db, name) is None else "x" * (found(db, name) or 0)
    time.sleep(0.002)
    return text * 3


class Soaked(NamedTuple):
    """What a soak came to: steps of the processes that lived to the end, processes killed, and the largest write-ahead log."""

    steps: int
    killed: int
    wal: int


def work(path: str, seed: int, until: float) -> int:
    """Do random things until then, and return how many.

    Raises:
        AssertionError: something remembered is not true, or the file is not sound.
    """
    dice = random.Random(seed)
    steps = 0
    with Database(path) as db:
        while time.time() < until:
            steps += 1
            _step(db, dice)
            if dice.random() < 0.1:
                db.refresh()
                total(db)
                wrong = db.verify()
                assert not wrong, (seed, steps, wrong)
            if dice.random() < 0.02:
                findings = db.check()
                assert not findings, (seed, steps, findings)
    return steps


def _step(db: Database, dice: random.Random) -> None:
    choice = dice.random()
    name = str(dice.randrange(NAMES))
    if choice < 0.25:
        Note(db, name=name, text="x" * dice.randrange(50))
    elif choice < 0.3:
        note = Note.get(db, name=name)
        if note is not None:
            with contextlib.suppress(DeletedHandle):  # another process was faster
                note.delete()
    elif choice < 0.4:
        with db.write():
            for _ in range(3):
                Note(db, name=str(dice.randrange(NAMES)), text="y" * dice.randrange(50))
    elif choice < 0.6:
        db.commit()
    elif choice < 0.8:
        db.refresh()
        total(db)
    elif choice < 0.9:
        found(db, name)
    else:
        slow(db, name)


def soak(path: Path, seconds: float, seed: int) -> Soaked:
    """Run the processes on a file, and look at what they leave behind."""
    dice = random.Random(seed)
    until = time.time() + seconds
    wal = Path(f"{path}-wal")
    largest = killed = steps = 0
    running: list[subprocess.Popen[str]] = []
    try:
        while True:
            while len(running) < PROCESSES:
                running.append(_start(path, dice.randrange(1 << 30), until))
            if time.time() > until - KILLED_EVERY:
                break
            time.sleep(KILLED_EVERY)
            with contextlib.suppress(FileNotFoundError):
                largest = max(largest, wal.stat().st_size)
            victim = running[dice.randrange(PROCESSES)]
            if victim.poll() is None:
                victim.kill()
                victim.communicate()
                running.remove(victim)
                killed += 1
            steps += sum(_steps_of(process) for process in running if process.poll() is not None)
            running = [process for process in running if process.poll() is None]
        steps += sum(_steps_of(process) for process in running)
    finally:
        for process in running:
            process.kill()
            process.communicate()
    _look(path)
    assert largest < WAL_BOUND, f"the write-ahead log grew to {largest} bytes"
    return Soaked(steps, killed, largest)


def _start(path: Path, seed: int, until: float) -> subprocess.Popen[str]:
    code = "import sys; from tests.conformance.processes_soak import work; print(work(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))"
    command = [sys.executable, "-c", code, str(path), str(seed), str(until)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)


def _steps_of(process: subprocess.Popen[str]) -> int:
    """How many steps a process has taken, once it has ended."""
    out, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return int(out)


def _look(path: Path) -> None:
    """What the processes left behind is sound, true, and all there."""
    with Database(path) as db:
        findings = db.check()
        assert not findings, findings
        _, wrong = db.verify_stored()
        assert not wrong, wrong
        for name in range(NAMES):
            slow(db, str(name))
        answer = total(db)
    with Database(path) as db:
        assert total(db) == answer
        for name in range(NAMES):
            slow(db, str(name))
        assert db.executions() == {}


def main() -> None:
    """Soak as the command line says."""
    parser = argparse.ArgumentParser(description="several processes on one file")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=None)
    arguments = parser.parse_args()
    seed = random.randrange(1 << 30) if arguments.seed is None else arguments.seed
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        print(soak(Path(folder) / "memo.db", arguments.seconds, seed))


if __name__ == "__main__":
    main()
