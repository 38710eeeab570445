"""Survey file: what a worker process sends back is all that the tasks would be asked."""

from __future__ import annotations

import pickle
from textwrap import dedent

from lestockage.queries.reading import survey_file
from tests.queries.test_incremental import FILES
from tests.queries.trees import Tree

SOURCES = [dedent(source).encode() for source in FILES.values() if isinstance(source, str)]


def test_a_surveyed_tree_parses_nothing() -> None:
    """When every file was surveyed elsewhere, no file is parsed, scanned or analysed here, and the result is the same."""
    tree = Tree(FILES)
    count = tree.db.prefetch(survey_file, SOURCES)
    executed = tree.executed()
    assert not {"parsed", "scan", "facts"} & executed.keys()
    assert tree.everything() == Tree(FILES).everything()
    assert count == len(SOURCES) + sum(node.node_type != "variable" for node in tree.nodes())


def test_what_is_sent_back_can_cross_processes() -> None:
    """A survey's results are plain bytes under the task's name."""
    results = list(survey_file(SOURCES[1]))
    assert pickle.loads(pickle.dumps(results)) == results  # noqa: S301  # our own bytes
    assert {known.task.rpartition(".")[2] for known in results} == {"scan", "facts"}


def test_a_file_that_cannot_be_read_is_surveyed_too() -> None:
    """A file with a syntax error gives a scan with the reason, and no facts."""
    assert len(list(survey_file(b"def f(:"))) == 1
