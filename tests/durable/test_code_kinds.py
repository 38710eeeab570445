"""Every kind of code is an input: an edit runs the one query again that it is part of, and taken back, nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "helpers.py": """
import functools

def outer(x):
    return inner(x)

def inner(x):
    return x + 1

def stepped(x, step=1):
    return x + step

def make(k):
    def add(x):
        return x + k
    return add

add = make(1)

class Base:
    def get(self):
        return 1

class Child(Base):
    pass

def wrap(function):
    @functools.wraps(function)
    def call(x):
        return function(x) * 1
    return call

@wrap
def wrapped(x):
    return x

def unrelated(value):
    local = value
    return local
""",
    "lib.py": "def convert(x):\n    return x\n",
    "lib-1.0.dist-info/METADATA": "Name: lib\n",
    "program.py": """
import json
import helpers, lib
from lestockage import Database, query

@query
def by_body(db: Database) -> int:
    return 1

@query
def by_transitive_helper(db: Database) -> int:
    return helpers.outer(1)

@query
def by_default(db: Database) -> int:
    return helpers.stepped(1)

@query
def by_closure_cell(db: Database) -> int:
    return helpers.add(1)

@query
def by_base_class(db: Database) -> int:
    return helpers.Child().get()

@query
def by_decorator(db: Database) -> int:
    return helpers.wrapped(1)

@query
def by_library(db: Database) -> int:
    return lib.convert(1)

@query
def by_none(db: Database) -> int:
    return helpers.unrelated(1)

@query
def above(db: Database) -> int:
    found = [by_body(db), by_transitive_helper(db), by_default(db), by_closure_cell(db), by_base_class(db), by_decorator(db)]
    return sum([value * 0 for value in found]) + by_library(db) * 0 + by_none(db)

with Database("memo.db") as db:
    above(db)
    print(json.dumps({name.rpartition(".")[2]: count for name, count in db.executions().items()}))
""",
}
ONES = (
    "by_body",
    "by_transitive_helper",
    "by_default",
    "by_closure_cell",
    "by_base_class",
    "by_decorator",
    "by_library",
    "by_none",
    "above",
)
EDITS = (
    ("by_body", "program.py", "return 1\n\n@query\ndef by_transitive", "return 1 + 0 * len('x')\n\n@query\ndef by_transitive"),
    ("by_transitive_helper", "helpers.py", "    return x + 1\n", "    return 1 + 1 * x\n"),
    ("by_default", "helpers.py", "step=1", "step=2"),
    ("by_closure_cell", "helpers.py", "add = make(1)", "add = make(2)"),
    ("by_base_class", "helpers.py", "        return 1\n", "        return 2\n"),
    ("by_decorator", "helpers.py", "function(x) * 1", "function(x) * 2"),
)
"""Query, file, text and its replacement."""


def run(folder: Path) -> dict[str, int]:
    """Which bodies run in a process of its own."""
    done = subprocess.run([sys.executable, "-B", "program.py"], cwd=folder, capture_output=True, text=True, check=True, timeout=60)
    found: dict[str, int] = json.loads(done.stdout)
    return found


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Change a file of the program."""
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new))


def test_each_kind_of_edit_runs_exactly_its_query(tmp_path: Path) -> None:
    """One edit after the other; `above` runs with those whose result is another one. Then all are taken back, and nothing runs."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert run(tmp_path) == dict.fromkeys(ONES, 1)
    for query, name, old, new in EDITS:
        edit(tmp_path, name, old, new)
        assert {called: count for called, count in run(tmp_path).items() if called != "above"} == {query: 1}, query
    (tmp_path / "lib-1.0.dist-info").rename(tmp_path / "lib-1.1.dist-info")
    assert run(tmp_path) == {"by_library": 1}
    edit(
        tmp_path,
        "helpers.py",
        "def unrelated(value):\n    local = value\n    return local",
        "def unrelated(value):\n    other = value\n    return other",
    )
    edit(tmp_path, "helpers.py", "def stepped(", "# a comment, and a line further down\n\n\ndef stepped(")
    assert run(tmp_path) == {}, "a local's name, a comment and the place of a line are no code"
    for _, name, old, new in EDITS:
        edit(tmp_path, name, new, old)
    (tmp_path / "lib-1.1.dist-info").rename(tmp_path / "lib-1.0.dist-info")
    assert run(tmp_path) == {}, "every result of the first version is kept"
