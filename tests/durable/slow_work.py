"""Slow work: a program whose bodies take 20 ms and leave a mark in a file, to be run by several processes at once."""

from __future__ import annotations

import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lestockage import Database, Input, query, task

KEYS = int(os.environ.get("LESTOCKAGE_LEASE_KEYS", "60"))
HANGS = 1_000_000
"""The number whose body does not end, the first time that it runs on a file."""


class Settings(Input):
    """What the results depend on."""

    marks: str
    seconds: float


@query
def slow(db: Database, number: int) -> int:
    """A result that takes time."""
    settings = Settings.get(db)
    assert settings is not None
    _work(settings.marks, number, settings.seconds)
    return number * number


@query
def through(db: Database, number: int) -> int:
    """A cheap query over a slow one."""
    return slow(db, number) + 1


@task
def content(text: str, marks: str) -> int:
    """A task that takes time."""
    _work(marks, len(text), 0.02)
    return len(text)


@task
def marked(work: tuple[str, str]) -> int:
    """A task of one argument that takes time: a text, and where to leave the mark."""
    text, marks = work
    _work(marks, len(text), 0.02)
    return len(text)


def _work(marks: str, number: int, seconds: float) -> None:
    with Path(marks).open("ab", buffering=0) as file:
        file.write(b"%d\n" % number)
    hangs = number == HANGS and Path(marks).read_bytes().count(b"%d\n" % HANGS) == 1
    time.sleep(60 if hangs else seconds)


def main(path: str, kind: str, seed: str, *names: str) -> None:
    """Ask every key in an order that the seed decides (0: ascending), and check what comes back."""
    order = list(range(KEYS))
    if seed != "0":
        random.Random(int(seed)).shuffle(order)  # noqa: S311  # an order, no secret
    marks = f"{path}.marks"
    with Database(path) as db:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        if kind == "prefetch":
            arguments = [("x" * number, marks) for number in order]
            with ThreadPoolExecutor(2) as executor:
                db.prefetch(marked, arguments, executor=executor)
            assert [marked(db, argument) for argument in arguments] == order
            return
        for number in order:
            if kind == "task":
                assert content(db, "x" * number, marks) == number
            elif kind == "through":
                assert through(db, number) == number * number + 1
            else:
                assert slow(db, number) == number * number
            if names == ("die",) and number == order[10]:
                os.kill(os.getpid(), 9)


def hang(path: str) -> None:
    """Ask a few keys, by which the query is known to be slow, and then the one that does not end."""
    with Database(path) as db:
        for number in range(10, 13):
            slow(db, number)
        slow(db, HANGS)
