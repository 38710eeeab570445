"""The index finds the calls that networkx's own tests execute: a ratchet over a part of it; `make calls` compares all of it."""

from __future__ import annotations

from tests.calls.oracle import compare, execute, folder_of, index

MODULES = [
    "networkx.algorithms.traversal",
    "networkx.algorithms.shortest_paths",
    "networkx.classes",
    "networkx.utils",
    "networkx.exception",
]
TESTS = ["algorithms/traversal", "algorithms/shortest_paths/tests/test_generic.py"]
RECALL = 0.17
RECALL_PAST_WRAPPERS = 0.25
PRECISION = 0.97


def test_executed_calls_of_a_real_package_are_found() -> None:
    """Recall and the lower bound of precision are no worse than they were."""
    folder = folder_of("networkx")
    compared = compare(execute(folder, MODULES, TESTS), index(folder, MODULES))
    assert compared.recall >= RECALL, sorted(compared.missing)
    assert compared.recall_past_wrappers >= RECALL_PAST_WRAPPERS
    assert compared.precision >= PRECISION, sorted(compared.unconfirmed)
