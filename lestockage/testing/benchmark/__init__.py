"""Benchmark: how much an edit costs, got at in several ways: a harness for source trees and for graphs of queries of one's own.

After every edit, every way has to come to the answer that a full rebuild comes to, or the benchmark fails (`Disagreement`).
"""

from lestockage.testing.benchmark.comparison import compare
from lestockage.testing.benchmark.query_graph import GONE, QueryGraph
from lestockage.testing.benchmark.ratios import BreakEven, break_even, speed_up
from lestockage.testing.benchmark.results import Disk, KindResult, Memory, Samples, Table
from lestockage.testing.benchmark.way import Life, Session, Way, Work, four_ways
from lestockage.testing.benchmark.world import Edit, World

__all__ = [
    "GONE",
    "BreakEven",
    "Disk",
    "Edit",
    "KindResult",
    "Life",
    "Memory",
    "QueryGraph",
    "Samples",
    "Session",
    "Table",
    "Way",
    "Work",
    "World",
    "break_even",
    "compare",
    "four_ways",
    "speed_up",
]
