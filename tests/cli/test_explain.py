"""The command `explain`: trees for people, steps for programs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Path:
    """A file that is indexed into the database that commands work on."""
    monkeypatch.setenv("LESTOCKAGE_DB", str(tmp_path / "explained.db"))
    file = tmp_path / "tree" / "a.py"
    file.parent.mkdir()
    file.write_text("def f():\n    return g()\n\n\ndef g():\n    return 1\n")
    run("index", str(file.parent))
    return file


def test_a_symbol_is_explained_from_what_was_set(run: Run, file: Path) -> None:
    """A line for each step, those about the symbol with a star; the run is told on standard error."""
    file.write_text(file.read_text().replace("return 1", "return 2"))
    run("index", str(file.parent))
    found = run("explain", "a.g")
    assert re.match(r"lestockage: a\.g: the run of [\d-]+ [\d:]+ UTC \(backdated \d+, changed \d+, validated \d+\)\.\n$", found.err)
    assert found.out == (
        "file('a.py').content: was set\n"
        "  outline(file('a.py')): ran, and its result changed\n"
        "    unit(file('a.py'), '', 0): ran, and its result came out equal (backdated)\n"
        "      namespace(file('a.py'), '', 0): ran, and its result came out equal (backdated)\n"
        "        exported(file('a.py'), 'g'): did not run: what it read came out equal *\n"
        "    unit(file('a.py'), 'g', 0): ran, and its result changed *\n"
        "      edges_of(file('a.py'), 'g', 0): ran, and its result came out equal (backdated) *\n"
    )
    steps = json.loads(run("explain", "a.g", "--json").out)["steps"]
    assert [(step["number"], step["cause"], step["outcome"], step["is_about"]) for step in steps] == [
        (0, None, "set", False),
        (1, 0, "changed", False),
        (2, 1, "backdated", False),
        (3, 2, "backdated", False),
        (4, 3, "validated", True),
        (5, 1, "changed", True),
        (6, 5, "backdated", True),
    ]


def test_a_first_run_is_counted_by_query(run: Run, file: Path) -> None:
    """What ran without an earlier result is no tree: one line says how many calls of which query; JSON has them all."""
    last = run("explain", "--last")
    assert last.out.startswith("ran: there was no earlier result: ")
    assert "edges_of 3" in last.out
    assert run("explain").out == last.out
    answer = json.loads(run("explain", "--last", "--json").out)
    assert (answer["symbol"], len(answer["steps"])) == (None, answer["run"]["counts"]["new"])


def test_a_symbol_that_nothing_was_done_about_is_told_so(run: Run, file: Path) -> None:
    """An external symbol has no analysis: a sentence, no tree; an unknown one ends with status 1."""
    file.write_text("import os\n\n\ndef f():\n    return os.getcwd()\n")
    run("index", str(file.parent))
    found = run("explain", "os.getcwd")
    assert (found.status, found.out) == (0, "")
    assert found.err == "lestockage: os.getcwd: none of the last 2 runs did anything about it: nothing that it reads has changed.\n"
    assert json.loads(run("explain", "os.getcwd", "--json").out)["run"] is None
    assert run("explain", "a.nothing").status == 1
