"""The index finds the calls of the corpus: a ratchet, raised whenever the analysis gets better, never lowered."""

from __future__ import annotations

from tests.calls.evaluate import judge, score
from tests.calls.programs import Program, programs

PRECISION = 0.998
RECALL = 0.998
EXACT = 0.99


def test_accuracy_is_no_worse_than_it_was() -> None:
    """Precision, recall and the share of exact programs are what they were; `python -m tests.calls.evaluate --wrong` lists the rest."""
    found = score([judge(program) for program in programs()])
    assert found.precision >= PRECISION, found
    assert found.recall >= RECALL, found
    assert found.exactness >= EXACT, found


def test_a_missing_and_an_invented_edge_are_seen() -> None:
    """The harness counts an expected edge that is not found and an edge that must not be found, inside the program and out of it."""
    source = "def f(): ...\nf()\nlen([])\nprint()\n"
    program = Program("", "", "", {"main.py": source}, frozenset({("main", "main.g")}), frozenset(), frozenset({("main", "builtins.len")}))
    verdict = judge(program)
    assert verdict.wrong == {("main", "main.f"), ("main", "builtins.len")}
    assert verdict.missing == {("main", "main.g")}
    assert not verdict.is_exact
