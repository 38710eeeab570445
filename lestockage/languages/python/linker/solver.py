"""Solver: variables, the sets of values that they may hold, and the rules that carry values from one to the next.

Everything here grows from three facts, each of which is counted, since several rules may say the same: `give` (a variable holds a value),
`copy` (whatever one variable holds, another one does), `install` (a constraint watches a variable, and fires once for every value that this
comes to hold). What a constraint does when it fires depends on the constraint, the value and the shape of the program only, never on what
other variables hold; so the result is the least solution, the same in whatever order it is found, and every firing can be taken back by
firing it again with the three facts' opposites.

Taking back is done as in Datalog engines (delete and rederive): whatever rests on a fact that is gone is taken away, and then given back
where something that remains supports it. That leaves no value that supports only itself, as counting alone would. A copy or constraint that
something else says too is therefore handled alike: what it led to is taken back, and said again if it is still there at the end.

Source: Gupta, Mumick, Subrahmanian, "Maintaining Views Incrementally" (1993), section 7; Andersen's inclusion constraints (1994).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Constraint = tuple[Any, ...]
"""A code, the variable it watches, and whatever else its rule needs."""

Rule = Callable[[Any, Constraint, int], None]

LEAST = 500
"""Values that a retraction takes back in any case; of a large system, one for every forty variables."""

_SHIFT = 32
"""A variable and a value in one number, which hashes faster than a pair."""


class Solver:
    """A system of constraints, solved as far as `solve` was called."""

    def __init__(self, rules: list[Rule]) -> None:
        self.rules = rules
        self.points: list[set[int]] = []
        self.out: list[dict[int, int]] = []
        self.watch: list[dict[Constraint, int]] = []
        self.edges: dict[int, dict[int, int]] = {}
        self.touched: set[int] = set()
        self._given: dict[int, int] = {}
        self._said: dict[int, int] = {}  # of what is given, what no firing gives: it needs no other support
        self._fires = False
        self._pending: dict[int, set[int]] = {}
        self._doomed: list[tuple[int, int]] = []
        self._unfired: set[tuple[Constraint, int]] = set()
        self._into: dict[int, set[int]] | None = None
        self.give = self._give
        self.copy = self._copy
        self.install = self._install
        self.edge = self._edge

    def variable(self) -> int:
        """Return a new variable, which holds nothing."""
        self.points.append(set())
        self.out.append({})
        self.watch.append({})
        return len(self.points) - 1

    def variables(self, count: int) -> int:
        """Return the first of several new variables."""
        first = len(self.points)
        self.points.extend([set() for _ in range(count)])
        self.out.extend([{} for _ in range(count)])
        self.watch.extend([{} for _ in range(count)])
        return first

    # -- adding

    def _give(self, variable: int, value: int) -> None:
        key = variable << _SHIFT | value
        count = self._given.get(key, 0)
        self._given[key] = count + 1
        if not self._fires:
            self._said[key] = self._said.get(key, 0) + 1
        if not count and value not in self.points[variable]:
            self.points[variable].add(value)
            waiting = self._pending.get(variable)
            if waiting is None:
                self._pending[variable] = {value}
            else:
                waiting.add(value)

    def _copy(self, source: int, target: int) -> None:
        edges = self.out[source]
        count = edges.get(target, 0)
        edges[target] = count + 1
        if not count:
            if self._into is not None:
                self._into.setdefault(target, set()).add(source)
            if self.points[source]:
                self._spread(self.points[source], target)

    def _spread(self, values: set[int], target: int) -> None:
        held = self.points[target]
        new = values - held
        if new:
            held |= new
            waiting = self._pending.get(target)
            if waiting is None:
                self._pending[target] = new
            else:
                waiting |= new

    def _install(self, constraint: Constraint) -> None:
        variable = constraint[1]
        watchers = self.watch[variable]
        count = watchers.get(constraint, 0)
        watchers[constraint] = count + 1
        if not count:
            values = self.points[variable]
            if values:
                waiting = self._pending.get(variable)
                rule = self.rules[constraint[0]]
                before, self._fires = self._fires, True
                for value in values.difference(waiting) if waiting else list(values):
                    rule(self, constraint, value)
                self._fires = before

    def _edge(self, call: int, target: int) -> None:
        targets = self.edges.get(call)
        if targets is None:
            targets = self.edges[call] = {}
        count = targets.get(target, 0)
        targets[target] = count + 1
        if not count:
            self.touched.add(call)

    def solve(self) -> None:
        """Propagate until nothing changes."""
        pending = self._pending
        rules = self.rules
        points, out, watch = self.points, self.out, self.watch
        self._fires = True
        while pending:
            variable, delta = pending.popitem()
            if out[variable]:
                for target in list(out[variable]):
                    held = points[target]
                    new = delta - held
                    if new:
                        held |= new
                        waiting = pending.get(target)
                        if waiting is None:
                            pending[target] = new
                        else:
                            waiting |= new
            if watch[variable]:
                for constraint in list(watch[variable]):
                    rule = rules[constraint[0]]
                    for value in delta:
                        rule(self, constraint, value)
        self._fires = False

    # -- taking back

    def begin_retraction(self) -> None:
        """From here until `end_retraction` facts are taken back: every call of the four facts does its opposite. The system is solved."""
        self.give, self.copy, self.install, self.edge = self._ungive, self._uncopy, self._uninstall, self._unedge
        if self._into is None:
            self._into = {}
            for source, targets in enumerate(self.out):
                for target in targets:
                    self._into.setdefault(target, set()).add(source)

    def unfire(self, constraint: Constraint, value: int) -> None:
        """Take back what a constraint did for a value, now; it will not be taken back again when the value goes.

        A constraint that is gone already, since what installed it was taken back before, has been taken back with it.
        """
        if (constraint, value) not in self._unfired and constraint in self.watch[constraint[1]]:
            self._unfired.add((constraint, value))
            self._fire(constraint, value)

    def end_retraction(self) -> list[tuple[int, int]] | None:
        """Take back all that rests on what was taken back; return the variables and values that are gone, for `rederive`.

        None: that is so much that solving everything anew costs less; the system is of no use any more.
        """
        gone: list[tuple[int, int]] = []
        most = max(LEAST, len(self.points) // 40)
        doomed = self._doomed
        while doomed:
            variable, value = doomed.pop()
            if len(gone) > most:
                return None
            held = self.points[variable]
            if value not in held or variable << _SHIFT | value in self._said:
                continue
            for target in self.out[variable]:
                doomed.append((target, value))
            # Before its constraints fire: one that they take away must not be fired for this value again.
            held.discard(value)
            gone.append((variable, value))
            for constraint in list(self.watch[variable]):
                if (constraint, value) in self._unfired:
                    self._unfired.discard((constraint, value))
                else:
                    self._fire(constraint, value)
        self.give, self.copy, self.install, self.edge = self._give, self._copy, self._install, self._edge
        return gone

    def refire(self) -> None:
        """Fire again what `unfire` took back, where constraint and value are still there; the shape may have changed meanwhile."""
        pairs, self._unfired = self._unfired, set()
        for constraint, value in pairs:
            self._fire(constraint, value)

    def _fire(self, constraint: Constraint, value: int) -> None:
        before, self._fires = self._fires, True
        self.rules[constraint[0]](self, constraint, value)
        self._fires = before

    def rederive(self, gone: Iterable[tuple[int, int]]) -> None:
        """Give values back that something still supports; `solve` carries them on."""
        assert self._into is not None  # noqa: S101  # its caller looked
        for variable, value in gone:
            if value in self.points[variable]:
                continue
            if self._given.get(variable << _SHIFT | value) or any(value in self.points[source] for source in self._into.get(variable, ())):
                self._spread({value}, variable)

    def _ungive(self, variable: int, value: int) -> None:
        key = variable << _SHIFT | value
        count = self._given[key] - 1
        if count:
            self._given[key] = count
        else:
            del self._given[key]
        if not self._fires:
            said = self._said[key] - 1
            if said:
                self._said[key] = said
            else:
                del self._said[key]
        self._doomed.append((variable, value))

    def _uncopy(self, source: int, target: int) -> None:
        edges = self.out[source]
        count = edges[target] - 1
        if count:
            edges[target] = count
        else:
            del edges[target]
            assert self._into is not None  # noqa: S101  # its caller looked
            self._into[target].discard(source)
        self._doomed.extend([(target, value) for value in self.points[source]])

    def _uninstall(self, constraint: Constraint) -> None:
        watchers = self.watch[constraint[1]]
        count = watchers[constraint] - 1
        if count:
            watchers[constraint] = count
            for value in list(self.points[constraint[1]]):
                self.unfire(constraint, value)
            return
        del watchers[constraint]
        for value in list(self.points[constraint[1]]):
            if (constraint, value) in self._unfired:
                self._unfired.discard((constraint, value))
            else:
                self._fire(constraint, value)

    def _unedge(self, call: int, target: int) -> None:
        targets = self.edges[call]
        count = targets[target] - 1
        if count:
            targets[target] = count
        else:
            del targets[target]
            self.touched.add(call)
            if not targets:
                del self.edges[call]
