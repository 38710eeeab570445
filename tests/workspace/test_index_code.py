"""Code as an input: a release that resolves names in another way brings the tables up to date, though no file has changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workspace.tables import current, difference, rows
from tests.workspace.zoo_tree import ZooTree

INDEX = """
import json, sys
from lestockage.queries import edges, evaluation
from lestockage.languages.python import analysis, survey
from lestockage.languages.python.linker import results
{edit}
from lestockage.workspace.workspace import Workspace
with Workspace.open(sys.argv[1]) as workspace:
    print(json.dumps(workspace.index(sys.argv[2], project="zoo").executed))
"""
ANOTHER_HELPER = """
def _numbered(found, callees):
    return [(callee, is_exact, "said so") for callee, is_exact, _ in plain(found, callees)]
plain = edges._numbered
edges._numbered = _numbered
"""
ANOTHER_LINKER = """
class _Rules(results._Rules):
    def of(self, op):
        return "linked so"
results._Rules = _Rules
"""
ANOTHER_PARSER = """
def _parse(source):
    from lestockage.languages.python.survey import Parsed
    return plain(source.replace(b"meow", b"woof"))
plain = survey._parse
survey._parse = _parse
"""


def index(tree: ZooTree, edit: str = "") -> dict[str, int]:
    """Index in a process of its own, whose code has been edited, and return what was executed."""
    command = [sys.executable, "-c", INDEX.format(edit=edit), str(tree.db), str(tree.root)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    ended = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert ended.returncode == 0, ended.stderr
    found: dict[str, int] = json.loads(ended.stdout)
    return found


@pytest.fixture
def tree(tmp_path: Path) -> ZooTree:
    """Return the package, indexed by the code as it is."""
    tree = ZooTree(tmp_path)
    index(tree)
    return tree


def test_the_same_code_in_another_process_executes_nothing(tree: ZooTree) -> None:
    """A fingerprint is the same in every process."""
    assert index(tree) == {}


def test_an_edited_function_below_a_query_runs_that_query_again(tree: ZooTree) -> None:
    """Only what depends on the function is executed: nothing is parsed, and the rows are those of the new code."""
    executed = index(tree, ANOTHER_HELPER)
    assert executed["edges_of"] > 0
    assert {"parsed", "scan", "facts"} & executed.keys() == set()
    assert ("said so",) in rows(tree.db, "SELECT DISTINCT provenance FROM intel_edges")
    assert index(tree, ANOTHER_HELPER) == {}


def test_an_edited_function_of_the_linker_links_again(tree: ZooTree) -> None:
    """The linker is no query, and its code counts all the same: no unit is analysed, and the calls are those of the new code."""
    executed = index(tree, ANOTHER_LINKER)
    assert {"parsed", "scan", "facts", "edges_of"} & executed.keys() == set()
    assert ("linked so",) in rows(tree.db, "SELECT DISTINCT provenance FROM intel_edges")
    assert index(tree, ANOTHER_LINKER) == {}


def test_an_edited_parser_reads_every_file_again(tree: ZooTree) -> None:
    """The results of the tasks count as made by the code that parses."""
    executed = index(tree, ANOTHER_PARSER)
    assert executed["scan"] == 4
    assert rows(tree.db, "SELECT count(*) FROM intel_nodes WHERE qualified_name = 'zoo.cat.woof'") == [(1,)]


def test_going_back_to_the_earlier_code_gives_the_earlier_rows(tree: ZooTree) -> None:
    """Nothing of the other release is left."""
    index(tree, ANOTHER_HELPER)
    index(tree)
    assert difference(current(tree.db), current(tree.fresh())) == []
