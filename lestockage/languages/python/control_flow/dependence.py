"""Dependence: which points decide whether a point is executed: post-dominators and control dependence.

Ferrante, Ottenstein, Warren, "The program dependence graph and its use in optimization", ACM TOPLAS 9(3), 1987: a point depends on another
when one way out of that leads to it for certain and another way need not. Post-dominators by Cooper, Harvey, Kennedy, "A simple, fast
dominance algorithm", 2001, on the reversed graph.

Nearly every expression can raise. Taken literally, everything would depend on all that ran before it; so an exception that nothing in the
unit catches and no `raise` or `assert` says is left out. One that a handler, `finally` or `with` sees is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.languages.python.control_flow.kinds import ASSERT, EXIT, FIRST, NEXT, ON_EXCEPTION, RAISE, RAISED
from lestockage.languages.python.control_flow.reaching import def_use_chains

if TYPE_CHECKING:
    from lestockage.languages.python.control_flow.flow_graph import FlowGraph
    from lestockage.languages.python.control_flow.reaching import DataDependence


class ControlDependence(NamedTuple):
    """Whether `target` is executed is decided at `source`; `kind` is the kind of edge (`EDGE_KINDS`) that leads to it."""

    source: int
    target: int
    kind: int


class ProgramDependences(NamedTuple):
    """The dependences of one unit, each sorted; points are those of its flow graph."""

    control: tuple[ControlDependence, ...]
    data: tuple[DataDependence, ...]


def program_dependences(graph: FlowGraph) -> ProgramDependences:
    """Return the program dependence graph of a unit: its control dependences and its def-use chains."""
    return ProgramDependences(control_dependences(graph), def_use_chains(graph))


def control_dependences(graph: FlowGraph) -> tuple[ControlDependence, ...]:
    """Return the control dependences between reachable points; what always runs depends on the entry, a body that runs later on its own."""
    ways, end = _deciding(graph)
    above = _post_dominators(ways, end)
    found = set()
    for source, leaving in ways.items():
        for target, kind in leaving:
            reached = target
            while reached not in (above.get(source), end):
                if reached >= FIRST:
                    found.add(ControlDependence(source, reached, kind))
                reached = above[reached]
    return tuple(sorted(found))


def post_dominators(graph: FlowGraph) -> dict[int, int]:
    """Return for each reachable point the next one that every completed execution passes, `len(graph.points)` standing for the end."""
    ways, end = _deciding(graph)
    return _post_dominators(ways, end)


def _deciding(graph: FlowGraph) -> tuple[dict[int, list[tuple[int, int]]], int]:
    """Return the ways that count from each reachable point, all of them leading to one end; entries may also go there at once."""
    reachable = graph.reachable()
    end = len(graph.points)
    ways: dict[int, list[tuple[int, int]]] = {index: [] for index in sorted(reachable | {EXIT, RAISED})}
    for source, target, kind in graph.edges:
        if source in reachable:
            is_implicit = kind == ON_EXCEPTION and target == RAISED and graph.points[source].kind not in (RAISE, ASSERT)
            if not is_implicit:
                ways[source].append((target, kind))
    for leaving in ways.values():
        if not leaving:  # the end of a `finally` that nothing but an exception enters
            leaving.append((RAISED, ON_EXCEPTION))
    for index in (EXIT, RAISED):
        ways[index] = [(end, NEXT)]
    for index in graph.entries():
        ways[index].append((end, NEXT))
    while stuck := set(ways) - _leading_to(ways, end):
        ways[_endless(ways, stuck)].append((end, NEXT))
    return ways, end


def _endless(ways: dict[int, list[tuple[int, int]]], stuck: set[int]) -> int:
    """Return where the last endless loop begins, which counts as its way out: what never ends still has an order."""
    backs = [(source, -target) for source in stuck for target, _ in ways[source] if FIRST <= target <= source]
    return -max(backs)[1]


def _leading_to(ways: dict[int, list[tuple[int, int]]], end: int) -> set[int]:
    before: dict[int, list[int]] = {}
    for source, leaving in ways.items():
        for target, _ in leaving:
            before.setdefault(target, []).append(source)
    seen = {end}
    waiting = [end]
    while waiting:
        for source in before.get(waiting.pop(), ()):
            if source not in seen:
                seen.add(source)
                waiting.append(source)
    return seen - {end}


def _post_dominators(ways: dict[int, list[tuple[int, int]]], end: int) -> dict[int, int]:
    order = _backwards(ways, end)
    place = {index: number for number, index in enumerate(order)}
    above: dict[int, int] = {end: end}
    has_changed = True
    while has_changed:
        has_changed = False
        for index in order[1:]:
            chosen: int | None = None
            for target, _ in ways[index]:
                if target in above:
                    chosen = target if chosen is None else _meeting(target, chosen, above, place)
            if chosen is not None and above.get(index) != chosen:
                above[index] = chosen
                has_changed = True
    del above[end]
    return above


def _meeting(one: int, other: int, above: dict[int, int], place: dict[int, int]) -> int:
    """Return the nearest point that both have above them."""
    while one != other:
        while place[one] > place[other]:
            one = above[one]
        while place[other] > place[one]:
            other = above[other]
    return one


def _backwards(ways: dict[int, list[tuple[int, int]]], end: int) -> list[int]:
    """Return the points in reverse postorder of the reversed graph, the end first."""
    before: dict[int, list[int]] = {index: [] for index in (*ways, end)}
    for source, leaving in ways.items():
        for target, _ in leaving:
            before[target].append(source)
    order: list[int] = []
    seen = {end}
    waiting: list[tuple[int, list[int]]] = [(end, list(before[end]))]
    while waiting:
        index, remaining = waiting[-1]
        if remaining:
            source = remaining.pop()
            if source not in seen:
                seen.add(source)
                waiting.append((source, list(before[source])))
        else:
            order.append(index)
            waiting.pop()
    order.reverse()
    return order
