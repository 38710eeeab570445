"""Two releases of a program at work on one file: each gets the answers of its own code, whatever the other writes."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from lestockage import Database

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = """
import sys
from lestockage import Database, Input, Key, query

class Item(Input):
    number: Key[int]
    value: int

@query
def scaled(db: Database, item: Item) -> int:
    return item.value * {factor}

@query
def total(db: Database) -> int:
    return sum(scaled(db, item) for item in Item.all(db))

db = Database(sys.argv[1])
for line in sys.stdin:
    word, *numbers = line.split()
    if word == "set":
        Item(db, number=int(numbers[0]), value=int(numbers[1]))
    elif word == "commit":
        db.commit()
    elif word == "end":
        break
    db.refresh()
    print(total(db), sum(db.executions().values()), flush=True)
db.close()
"""


class Release:
    """A process that runs the program with a factor of its own."""

    def __init__(self, path: Path, factor: int, stack: ExitStack) -> None:
        command = [sys.executable, "-c", PROGRAM.format(factor=factor), str(path)]
        environment = {"PYTHONPATH": str(Path(__file__).parents[2])}
        self.factor = factor
        self._process = stack.enter_context(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        )
        stack.callback(self.tell, "end")

    def tell(self, line: str) -> None:
        """Send a line without waiting."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def ask(self, line: str = "ask") -> tuple[int, int]:
        """Send a line and return the total and how many bodies ran so far."""
        assert self._process.stdout is not None
        self.tell(line)
        answer, executed = self._process.stdout.readline().split()
        return int(answer), int(executed)


def _values() -> Iterator[tuple[int, int]]:
    return ((step % 4, step * 3 + 1) for step in range(12))


def test_each_release_gets_the_answers_of_its_own_code(tmp_path: Path) -> None:
    """While both set inputs and commit in turn, no answer is of the other's code or of inputs of before; the file stays sound."""
    path = tmp_path / "memo.db"
    with ExitStack() as stack:
        releases = [Release(path, 2, stack), Release(path, 5, stack)]
        values: dict[int, int] = {}
        for step, (number, value) in enumerate(_values()):
            values[number] = value
            writer = releases[step % 2]
            assert writer.ask(f"set {number} {value}")[0] == sum(values.values()) * writer.factor
            writer.ask("commit")
            for release in releases:
                assert release.ask()[0] == sum(values.values()) * release.factor
    with Database(path) as db:
        assert db.check() == []


def test_a_release_alone_again_finds_its_earlier_results(tmp_path: Path) -> None:
    """What one code computed holds again for that code when the other has been at work in between: nothing runs."""
    path = tmp_path / "memo.db"
    ran = []
    for factor in (2, 5, 2):
        with ExitStack() as stack:
            release = Release(path, factor, stack)
            if not ran:
                for number in range(3):
                    release.ask(f"set {number} {number}")
            release.ask()
            ran.append(release.ask("commit"))
    assert [answer for answer, _ in ran] == [6, 15, 6]
    assert [executed for _, executed in ran[1:]] == [4, 0]
