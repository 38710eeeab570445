"""Reaching definitions: which bindings of a variable may be the last one before a use, and the def-use chains they make.

Iterative bit-vector analysis (Aho, Lam, Sethi, Ullman, "Compilers", 2nd edition, 9.2.4), a bit for each definition. Edges differ in
what they carry: over an exception a point's definition may or may not have happened; an exhausted loop, a failed case or a handler that
does not match has bound nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.languages.python.control_flow.kinds import BINDS_WHEN_TRUE, DEFERRED, ON_EXCEPTION, ON_FALSE, RAISED

if TYPE_CHECKING:
    from lestockage.languages.python.control_flow.flow_graph import FlowGraph


class DataDependence(NamedTuple):
    """What `source` binds may be what `target` reads; `name` is an index in `FlowGraph.names`."""

    source: int
    target: int
    name: int


def reaching_definitions(graph: FlowGraph) -> list[frozenset[tuple[int, int]]]:
    """Return for each point the definitions (point, name) that may hold when it is reached, in the order of control flow alone."""
    definitions = [(index, name) for index, point in enumerate(graph.points) for name in point.defines]
    return [frozenset([definitions[bit] for bit in _bits(mask)]) for mask in _solve(graph, definitions)]


def def_use_chains(graph: FlowGraph) -> tuple[DataDependence, ...]:
    """Return every pair of a binding and a use that it may reach, sorted.

    A body that runs later (a generator expression's) reads the variables around it whenever it is run, so every binding of such a
    variable reaches it; and what `:=` binds in one reaches every use. What functions and lambdas inside read or bind is a matter of theirs.
    """
    definitions = [(index, name) for index, point in enumerate(graph.points) for name in point.defines]
    incoming = _solve(graph, definitions)
    masks: dict[int, int] = {}
    for bit, (_, name) in enumerate(definitions):
        masks[name] = masks.get(name, 0) | 1 << bit
    later = _deferred(graph)
    shared = {index for index, name in enumerate(graph.names) if "@" not in name}
    late = sum([1 << bit for bit, (index, name) in enumerate(definitions) if index in later and name in shared])
    found = set()
    for index, point in enumerate(graph.points):
        for name in point.uses:
            of_name = masks.get(name, 0)
            reaching = of_name if index in later and name in shared else of_name & (incoming[index] | late)
            found.update([DataDependence(definitions[bit][0], index, name) for bit in _bits(reaching)])
    return tuple(sorted(found))


def _solve(graph: FlowGraph, definitions: list[tuple[int, int]]) -> list[int]:
    """Return for each point the bits of the definitions that reach it."""
    count = len(graph.points)
    made = [0] * count
    of_name: dict[int, int] = {}
    for bit, (index, name) in enumerate(definitions):
        made[index] |= 1 << bit
        of_name[name] = of_name.get(name, 0) | 1 << bit
    kept = [-1] * count
    for index, point in enumerate(graph.points):
        for name in point.defines:
            kept[index] &= ~of_name[name]
    successors = graph.successors()
    incoming = [0] * count
    waiting = list(range(count - 1, -1, -1))
    is_waiting = [True] * count
    while waiting:
        index = waiting.pop()
        is_waiting[index] = False
        before = incoming[index]
        after = before & kept[index] | made[index]
        binds_when_true = graph.points[index].kind in BINDS_WHEN_TRUE
        for edge in successors[index]:
            carried = after
            if edge.kind == ON_EXCEPTION:
                carried = before | made[index]
            elif edge.kind == ON_FALSE and binds_when_true:
                carried = before
            target = edge.target
            if carried & ~incoming[target]:
                incoming[target] |= carried
                if not is_waiting[target]:
                    is_waiting[target] = True
                    waiting.append(target)
    return incoming


def _deferred(graph: FlowGraph) -> frozenset[int]:
    """Return the points of bodies that run later."""
    successors = graph.successors()
    waiting = [index for index, point in enumerate(graph.points) if point.kind == DEFERRED]
    seen = set(waiting)
    while waiting:
        for edge in successors[waiting.pop()]:
            if edge.target > RAISED and edge.target not in seen:
                seen.add(edge.target)
                waiting.append(edge.target)
    return frozenset(seen)


def _bits(mask: int) -> list[int]:
    """Return the places of the bits that are set."""
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return found
