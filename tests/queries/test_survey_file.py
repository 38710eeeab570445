"""Survey file: what a worker process sends back is all that the tasks would be asked."""

from __future__ import annotations

import pickle
from textwrap import dedent

from lestockage.queries.reading import batches, survey_file, survey_files
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


def test_batches_hold_every_file_in_order() -> None:
    """However files are grouped, none is left out, and nearly equal ones make nearly equal batches."""
    sources = [b"x = %d\n" % number for number in range(1000)]
    found = batches(sources, 2)
    assert [source for batch in found for source in batch] == sources
    assert 40 < len(found) < 60
    assert batches(sources[:3], 2) == [(source,) for source in sources[:3]]
    assert batches([], 2) == []
    assert list(survey_files(tuple(sources[:2]))) == [*survey_file(sources[0]), *survey_file(sources[1])]


def test_what_is_sent_back_can_cross_processes() -> None:
    """A survey's results are plain bytes under the task's name."""
    results = list(survey_file(SOURCES[1]))
    assert pickle.loads(pickle.dumps(results)) == results  # noqa: S301  # our own bytes
    assert {known.task.rpartition(".")[2] for known in results} == {"scan", "facts"}


def test_a_file_that_cannot_be_read_is_surveyed_too() -> None:
    """A file with a syntax error gives a scan with the reason, and no facts."""
    assert len(list(survey_file(b"def f(:"))) == 1
