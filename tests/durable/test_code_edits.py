"""Code is an input: after an edit and a restart, exactly the edited query runs again, and what its changed results reach."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

HELPERS = """
FACTOR = 2

def scale(x):
    return x * FACTOR
"""

PROGRAM = """
import json
from lestockage import Database, Input, Key, query
import helpers

class N(Input):
    k: Key[str]
    v: int

@query
def scaled(db: Database, n: N) -> int:
    return helpers.scale(n.v)

@query
def coarse(db: Database, n: N) -> int:
    return scaled(db, n) // 100

@query
def total(db: Database) -> int:
    return sum(coarse(db, n) for n in N.all(db))

with Database("memo.db") as db:
    with db.write():
        for i in range(3):
            N(db, k=str(i), v=i * 7)
    result = total(db)
    print(json.dumps([result, {name.rpartition(".")[2]: count for name, count in db.executions().items()}]))
"""


class Program:
    """A program in files of its own, run in processes of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("helpers.py", HELPERS)
        self.write("program.py", PROGRAM)

    def write(self, name: str, text: str) -> None:
        """Write a file of the program."""
        (self.folder / name).write_text(text)

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a file of the program."""
        text = (self.folder / name).read_text()
        assert old in text
        self.write(name, text.replace(old, new))

    def run(self) -> tuple[int, dict[str, int]]:
        """Run the program in a process of its own: its result, and which bodies ran how often."""
        done = subprocess.run([sys.executable, "-B", "program.py"], cwd=self.folder, capture_output=True, text=True, check=True, timeout=60)
        result, executed = json.loads(done.stdout)
        return result, executed


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """A program that has run once."""
    made = Program(tmp_path)
    assert made.run() == (0, {"scaled": 3, "coarse": 3, "total": 1})
    assert made.run() == (0, {})
    return made


def test_a_constant_that_a_helper_refers_to_is_code(program: Program) -> None:
    """Only the query that calls the helper runs again, then what its changed results reach, and no further."""
    program.edit("helpers.py", "FACTOR = 2", "FACTOR = 3")
    assert program.run() == (0, {"scaled": 3, "coarse": 2})
    assert program.run() == (0, {})


def test_results_that_change_with_the_code_reach_the_top(program: Program) -> None:
    """A second edit is a change of its own, though no input has changed in between."""
    program.edit("helpers.py", "FACTOR = 2", "FACTOR = 3")
    program.run()
    program.edit("helpers.py", "FACTOR = 3", "FACTOR = 300")
    assert program.run() == (63, {"scaled": 3, "coarse": 2, "total": 1})
    assert program.run() == (63, {})


def test_an_edited_body_runs_alone_when_its_results_are_equal(program: Program) -> None:
    """The queries above are validated."""
    program.edit("program.py", "return helpers.scale(n.v)", "return 0 + helpers.scale(n.v)")
    assert program.run() == (0, {"scaled": 3})


def test_comments_and_layout_are_no_code(program: Program) -> None:
    """Nothing runs again."""
    program.edit("helpers.py", "def scale(x):", "\n\n# a comment\ndef scale(x):\n    'Text.'")
    assert program.run() == (0, {})


def test_a_query_that_is_gone_counts_as_changed(program: Program) -> None:
    """Its readers run again; once they have, nothing more happens at the next start."""
    program.edit("program.py", "@query\ndef coarse", "def coarse")
    assert program.run() == (0, {"total": 1})
    assert program.run() == (0, {})
    before = (program.folder / "memo.db").read_bytes()
    assert program.run() == (0, {})
    assert (program.folder / "memo.db").read_bytes() == before


def test_the_fields_of_a_result_are_code(tmp_path: Path) -> None:
    """The same bytes mean another value once the declared type has its fields in another order, wherever that type is declared."""
    made = Program(tmp_path)
    made.write("shapes.py", "from typing import NamedTuple\nclass Size(NamedTuple):\n    width: int\n    height: int\n")
    made.write("helpers.py", "import shapes\ndef measure():\n    return getattr(shapes, 'Si' + 'ze')(width=1, height=20)\n")
    made.write(
        "program.py",
        "import json\nfrom lestockage import Database, query\nimport helpers\nfrom shapes import Size\n"
        "@query\ndef size(db: Database) -> Size:\n    return helpers.measure()\n"
        "with Database('memo.db') as db:\n    height = size(db).height\n"
        "    print(json.dumps([height, {n.rpartition('.')[2]: c for n, c in db.executions().items()}]))\n",
    )
    assert made.run() == (20, {"size": 1})
    assert made.run() == (20, {})
    made.edit("shapes.py", "    width: int\n    height: int\n", "    height: int\n    width: int\n")
    assert made.run() == (20, {"size": 1})


def test_going_back_to_earlier_code_executes_nothing(program: Program) -> None:
    """Version 1, 2, 1, 2: the results of each are kept apart, and an input that changed in between is computed once for each."""
    for first, second, expected in (
        ("2", "300", {"scaled": 3, "coarse": 2, "total": 1}),
        ("300", "2", {}),
        ("2", "300", {}),
        ("300", "2", {}),
    ):
        program.edit("helpers.py", f"FACTOR = {first}", f"FACTOR = {second}")
        assert program.run() == (63 if second == "300" else 0, expected)
