"""Flow graph: the control flow of one unit with what each point defines and uses, as plain tuples without places.

A point belongs to a statement by number: the unit's own statements are counted in source order, handlers of `except` and cases of `match`
among them, docstring left out. Which line a statement stands on is not part of the graph: it is a function of what the content hash covers,
and the lines are not (`statement_lines`).
"""

from __future__ import annotations

from typing import NamedTuple

from lestockage.languages.python.control_flow.kinds import DEFERRED, ENTRY, EXIT, ON_EXCEPTION, RAISED


class Point(NamedTuple):
    """One step of execution. `statement` is -1 for the three points that belong to none.

    `defines` and `uses` are indexes in `FlowGraph.names`. A variable of a comprehension is named `name@n`, n counting these.
    """

    kind: int
    statement: int
    defines: tuple[int, ...]
    uses: tuple[int, ...]
    suspends: bool  # `yield`, `await` and their kin: control may leave the frame here, and come back or not


class Edge(NamedTuple):
    """Control may go from one point to another; `kind` is an index in `EDGE_KINDS`."""

    source: int
    target: int
    kind: int

    @property
    def is_back(self) -> bool:
        """Whether this closes a loop: points are numbered in source order, and only loops lead backwards."""
        return RAISED < self.target <= self.source


class FlowGraph(NamedTuple):
    """The points 0 (entry), 1 (exit) and 2 (left by an exception), then the others in source order; edges sorted."""

    names: tuple[str, ...]
    points: tuple[Point, ...]
    edges: tuple[Edge, ...]

    def successors(self) -> list[list[Edge]]:
        """Return the outgoing edges of each point."""
        found: list[list[Edge]] = [[] for _ in self.points]
        for edge in self.edges:
            found[edge.source].append(edge)
        return found

    def entries(self) -> list[int]:
        """Return where execution begins: the unit's entry, and those of bodies that run later (generator expressions)."""
        return [ENTRY, *[index for index, point in enumerate(self.points) if point.kind == DEFERRED]]

    def reachable(self) -> frozenset[int]:
        """Return the points that some path from an entry leads to; the rest of the code is unreachable."""
        successors = self.successors()
        seen = set(self.entries())
        waiting = list(seen)
        while waiting:
            for edge in successors[waiting.pop()]:
                if edge.target not in seen:
                    seen.add(edge.target)
                    waiting.append(edge.target)
        return frozenset(seen)

    def unreachable_statements(self) -> list[int]:
        """Return the statements of which no point is reachable, in source order."""
        reachable = self.reachable()
        alive = {point.statement for index, point in enumerate(self.points) if index in reachable}
        return sorted({point.statement for point in self.points} - alive - {-1})

    def may_raise(self) -> bool:
        """Tell whether an exception may leave the unit."""
        return any(edge.target == RAISED and edge.kind == ON_EXCEPTION for edge in self.edges)

    def may_return(self) -> bool:
        """Tell whether the unit's end can be reached."""
        return EXIT in self.reachable()
