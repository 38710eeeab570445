"""Executed programs: whatever a program does when it runs, its graphs allow."""

from __future__ import annotations

import ast
import itertools
import os
from typing import TYPE_CHECKING, NamedTuple

import pytest

from lestockage.languages.python.control_flow import kinds
from lestockage.languages.python.control_flow.dependence import post_dominators
from lestockage.languages.python.control_flow.encoding import decode, encode
from lestockage.languages.python.control_flow.flow import build
from lestockage.languages.python.control_flow.reaching import def_use_chains
from tests.languages.control_flow.observing import Run, Step, observe
from tests.languages.control_flow.programs import Writer

if TYPE_CHECKING:
    from lestockage.languages.python.control_flow.flow_graph import FlowGraph

PROGRAMS = int(os.environ.get("LESTOCKAGE_FLOW_PROGRAMS", "240"))
RUNS = 12
GROUPS = 8


class Map:
    """Which point of the graph each step is."""

    def __init__(self, graph: FlowGraph) -> None:
        self.graph = graph
        self.reachable = graph.reachable()
        self.chains = {(source, target, graph.names[name]) for source, target, name in def_use_chains(graph)}
        self.above = post_dominators(graph)
        self.points: dict[Step, int] = {}
        self.successors = graph.successors()
        for index, point in enumerate(graph.points):
            for name in point.uses:
                probe = graph.names[name]
                if probe[0] in "pec" and probe[1:].isdigit():
                    assert Step("read", probe) not in self.points, "a probe is read at one point"
                    self.points[Step("read", probe)] = index
        for step, index in list(self.points.items()):
            kind = graph.points[index].kind
            if kind == kinds.ITERATE:
                self.points[Step("next", step.probe)] = next(
                    after for after in range(index, len(graph.points)) if graph.points[after].kind in (kinds.FOR, kinds.COMPREHENSION)
                )
            elif kind == kinds.WITH:
                self.points[Step("exit", step.probe)] = self._exit(index)
        self.seen = frozenset(self.points.values())

    def _exit(self, entered: int) -> int:
        """The exits of a statement's items are in the opposite order of their entries."""
        statement = self.graph.points[entered].statement
        both = [
            [index for index, point in enumerate(self.graph.points) if point.statement == statement and point.kind == kind]
            for kind in (kinds.WITH, kinds.WITH_EXIT)
        ]
        return both[1][::-1][both[0].index(entered)]

    def reached(self, index: int) -> set[int]:
        """The next observable points: through points that leave no step, and the ends."""
        found: set[int] = set()
        passed: set[int] = set()
        waiting = [index]
        while waiting:
            for edge in self.successors[waiting.pop()]:
                if edge.target in self.seen or edge.target <= kinds.RAISED:
                    found.add(edge.target)
                elif edge.target not in passed:
                    passed.add(edge.target)
                    waiting.append(edge.target)
        return found


class Trail(NamedTuple):
    """What one frame executed as points of a graph, and where it ended (None: it was given up)."""

    known: Map
    is_deferred: bool
    points: list[int]
    end: int | None


def trails(run: Run, graphs: list[Map]) -> list[Trail]:
    """What each frame executed: the program's own, its lambdas', and those of generator expressions."""
    found = []
    outcomes = dict(run.ended)
    for frame, executed in run.frames:
        known = next(each for each in graphs if executed[0] in each.points)
        points: list[int] = []
        steps = [step for step in executed if step in known.points or step.what != "next"]  # `yield from` asks as well
        for before, step in zip([None, *steps], steps, strict=False):
            index = known.points[step]
            if before is None or index != points[-1] or before == step or "next" in {step.what, before.what}:
                points.append(index)  # several probes of one point (a < b) are one step
        is_deferred = frame.f_code.co_name == "<genexpr>"
        end = {"exit": kinds.EXIT, "raised": kinds.RAISED}.get("" if is_deferred else outcomes.get(frame, ""))
        found.append(Trail(known, is_deferred, points, end))
    return found


def broken(run: Run, graphs: list[Map]) -> list[str]:
    """The transitions that were executed and are no path."""
    problems = []
    for known, is_deferred, points, end in trails(run, graphs):
        starts = {i for i, point in enumerate(known.graph.points) if point.kind == kinds.DEFERRED} if is_deferred else {kinds.ENTRY}
        if points and not any(points[0] in known.reached(start) for start in starts):
            problems.append(f"{'deferred' if is_deferred else 'unit'} begins at {points[0]}")
        problems += [f"{a} -> {b}" for a, b in itertools.pairwise(points) if b not in known.reached(a)]
        if end is not None and points and end not in known.reached(points[-1]):
            problems.append(f"{points[-1]} -> end {end}")
    return problems


def graphs_of(source: str) -> list[Map]:
    """The graphs of a program and of each lambda in it, through their encoding."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))]
    return [Map(decode(encode(build(node)))) for node in nodes]


@pytest.mark.parametrize("group", range(GROUPS))
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::RuntimeWarning", "ignore::SyntaxWarning")
def test_whatever_runs_is_in_the_graphs(group: int) -> None:
    """Executed transitions are paths, executed points reachable, read bindings data dependences, and post-dominators are passed."""
    for seed in range(group, PROGRAMS, GROUPS):
        source = Writer(seed).source()
        graphs = graphs_of(source)
        for number in range(RUNS):
            run = observe(source, 1000 * seed + number)
            note = f"program {seed}, run {number}\n{source}"
            assert not broken(run, graphs), f"{broken(run, graphs)}\n{note}"
            for known, is_deferred, points, end in trails(run, graphs):
                assert known.reachable.issuperset(points), note
                if not is_deferred and end == kinds.EXIT:
                    for place, index in enumerate(points):
                        after = known.above[index]
                        assert after not in known.seen or after in points[place + 1 :], f"{index} without {after}\n{note}"
            for maker, reader, name in run.pairs:
                known = next(each for each in graphs if reader in each.points)
                if maker not in known.points:
                    continue  # bound outside the lambda that reads it
                pair = (known.points[maker], known.points[reader])
                is_chain = (*pair, name) in known.chains if name else any(each[:2] == pair for each in known.chains)
                assert is_chain, f"{maker} {reader} {name} {pair}\n{note}"
