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

import math
from collections.abc import Callable, Iterable
from typing import Any, Final

Constraint = tuple[Any, ...]
"""A code, the variable it watches, and whatever else its rule needs."""

Rule = Callable[[Any, Constraint, int], None]

LEAST = 500
"""Values that a retraction takes back in any case; of a large system, one for every forty variables."""

SHIFT: Final = 32
"""A variable and a value in one number, which hashes faster than a pair."""

PAGE: Final = 7
"""Bits of a variable's number that tell it from the others of its page."""

DEEPEST: Final = 100
"""Firings inside each other; what would be deeper fires once they have ended."""

NO_VALUES: Final[frozenset[int]] = frozenset()
NO_CONSTRAINTS: Final[dict[Constraint, int]] = {}


class Solver:
    """A system of constraints, solved as far as `solve` was called.

    Of variables that hold, pass on or start nothing, nothing is kept. Variables stand in pages, each of which may still be where `bring`
    gets it from.
    """

    def __init__(self, rules: list[Rule]) -> None:
        self.rules = rules
        self.count = 0  # of variables
        self.held = 0  # values that variables hold, together
        self.points: dict[int, set[int]] = {}
        self.out: dict[int, dict[int, int]] = {}
        self.into: dict[int, set[int]] = {}
        self.watch: dict[int, dict[Constraint, int]] = {}
        self.edges: dict[int, dict[int, int]] = {}
        self.given: dict[int, int] = {}
        self.said: dict[int, int] = {}  # of what is given, what no firing gives: it needs no other support
        self.touched: set[int] = set()
        self.here: set[int] = set()  # pages of variables
        self.changed: set[int] = set()  # of these, those that are not in the store as they are here
        self._fires = False
        self._depth = 0  # of firings that install what fires
        self._late: list[tuple[Constraint, int]] = []
        self._pending: dict[int, set[int]] = {}
        self._doomed: list[tuple[int, int]] = []
        self._unfired: set[tuple[Constraint, int]] = set()
        self.give = self._give
        self.copy = self._copy
        self.install = self._install
        self.edge = self._edge

    def bring(self, page: int) -> None:
        """Take over a page of variables that is not here yet."""
        raise NotImplementedError

    def gained(self, value: int, variable: int) -> None:
        """Take note that a variable holds a value now."""

    def lost(self, value: int, variable: int) -> None:
        """Take note that a variable holds a value no longer."""

    def watching(self, constraint: Constraint) -> None:
        """Take note that a constraint is there now."""

    def reaching(self, call: int) -> None:
        """Take note that what a call may run is about to change."""

    def variable(self) -> int:
        """Return a new variable, which holds nothing."""
        return self.variables(1)

    def variables(self, count: int) -> int:
        """Return the first of several new variables."""
        first = self.count
        self.count = first + count
        for page in range((first + (1 << PAGE) - 1) >> PAGE, (self.count + (1 << PAGE) - 1) >> PAGE):
            self.here.add(page)
        return first

    # -- adding

    def _give(self, variable: int, value: int) -> None:
        page = variable >> PAGE
        if page not in self.here:
            self.bring(page)
        self.changed.add(page)
        key = variable << SHIFT | value
        count = self.given.get(key, 0)
        self.given[key] = count + 1
        if not self._fires:
            self.said[key] = self.said.get(key, 0) + 1
        if not count:
            self._spread({value}, variable)

    def _copy(self, source: int, target: int) -> None:
        page = source >> PAGE
        if page not in self.here:
            self.bring(page)
        self.changed.add(page)
        edges = self.out.get(source)
        if edges is None:
            self.out[source] = {target: 1}
        elif target in edges:
            edges[target] += 1
            return
        else:
            edges[target] = 1
        page = target >> PAGE
        if page not in self.here:
            self.bring(page)
        self.changed.add(page)
        sources = self.into.get(target)
        if sources is None:
            self.into[target] = {source}
        else:
            sources.add(source)
        values = self.points.get(source)
        if values:
            self._spread(values, target)

    def _spread(self, values: set[int], target: int) -> None:
        page = target >> PAGE
        if page not in self.here:
            self.bring(page)
        held = self.points.get(target)
        if held is None:
            new = set(values)
            self.points[target] = set(values)
        else:
            new = values - held
            if not new:
                return
            held |= new
        self.changed.add(page)
        self.held += len(new)
        gained = self.gained
        for value in new:
            gained(value, target)
        waiting = self._pending.get(target)
        if waiting is None:
            self._pending[target] = new
        else:
            waiting |= new

    def _install(self, constraint: Constraint) -> None:
        variable = constraint[1]
        page = variable >> PAGE
        if page not in self.here:
            self.bring(page)
        self.changed.add(page)
        watchers = self.watch.get(variable)
        if watchers is None:
            self.watch[variable] = {constraint: 1}
        elif constraint in watchers:
            watchers[constraint] += 1
            return
        else:
            watchers[constraint] = 1
        self.watching(constraint)
        values = self.points.get(variable)
        if values:
            waiting = self._pending.get(variable)
            self._fire_all(constraint, list(values.difference(waiting) if waiting else values))

    def _edge(self, call: int, target: int) -> None:
        self.reaching(call)
        targets = self.edges.get(call)
        if targets is None:
            targets = self.edges[call] = {}
        count = targets.get(target, 0)
        targets[target] = count + 1
        if not count:
            self.touched.add(call)

    def solve(self) -> bool:
        """Propagate until nothing changes; False: until variables held more than `most_held`, and the system is of no use any more."""
        pending = self._pending
        rules = self.rules
        out, watch, spread = self.out, self.watch, self._spread
        self._fires = True
        while pending or self._late:
            while self._late:
                constraint, value = self._late.pop()
                rules[constraint[0]](self, constraint, value)
            if self.held > self.most_held():
                return False
            for variable in list(pending):  # in rounds: what comes from several sides goes on together
                delta = pending.pop(variable)
                targets = out.get(variable)
                if targets:
                    for target in list(targets):
                        spread(delta, target)
                watchers = watch.get(variable)
                if watchers:
                    for constraint in list(watchers):
                        rule = rules[constraint[0]]
                        for value in delta:
                            rule(self, constraint, value)
        self._fires = False
        return True

    def most_held(self) -> float:
        """Return how many values all variables together may hold."""
        return math.inf

    # -- taking back

    def begin_retraction(self) -> None:
        """From here until `end_retraction` facts are taken back: every call of the four facts does its opposite. The system is solved."""
        self.give, self.copy, self.install, self.edge = self._ungive, self._uncopy, self._uninstall, self._unedge

    def holds(self, variable: int) -> set[int] | frozenset[int]:
        """Return what a variable holds."""
        page = variable >> PAGE
        if page not in self.here:
            self.bring(page)
        return self.points.get(variable, NO_VALUES)

    def watchers(self, variable: int) -> dict[Constraint, int]:
        """Return the constraints that watch a variable, and how often each is said."""
        page = variable >> PAGE
        if page not in self.here:
            self.bring(page)
        return self.watch.get(variable, NO_CONSTRAINTS)

    def unfire(self, constraint: Constraint, value: int) -> None:
        """Take back what a constraint did for a value, now; it will not be taken back again when the value goes.

        A constraint that is gone already, since what installed it was taken back before, has been taken back with it.
        """
        if (constraint, value) not in self._unfired and constraint in self.watchers(constraint[1]):
            self._unfired.add((constraint, value))
            self._fire(constraint, value)

    def end_retraction(self) -> list[tuple[int, int]] | None:
        """Take back all that rests on what was taken back; return the variables and values that are gone, for `rederive`.

        None: that is so much that solving everything anew costs less; the system is of no use any more.
        """
        gone: list[tuple[int, int]] = []
        most = max(LEAST, self.count // 40)
        doomed = self._doomed
        while doomed or self._late:
            while self._late:
                self._fire(*self._late.pop())
            if not doomed:
                break
            variable, value = doomed.pop()
            if len(gone) > most:
                return None
            held = self.holds(variable)
            if value not in held or variable << SHIFT | value in self.said:
                continue
            for target in self.out.get(variable, ()):
                doomed.append((target, value))
            # Before its constraints fire: one that they take away must not be fired for this value again.
            self._drop(variable, value)
            gone.append((variable, value))
            for constraint in list(self.watch.get(variable, ())):
                self._fire_back(constraint, [value])
        self.give, self.copy, self.install, self.edge = self._give, self._copy, self._install, self._edge
        return gone

    def _drop(self, variable: int, value: int) -> None:
        held = self.points[variable]
        held.discard(value)
        if not held:
            del self.points[variable]
        self.changed.add(variable >> PAGE)
        self.held -= 1
        self.lost(value, variable)

    def refire(self) -> None:
        """Fire again what `unfire` took back, where constraint and value are still there; the shape may have changed meanwhile."""
        pairs, self._unfired = self._unfired, set()
        for constraint, value in pairs:
            self._fire(constraint, value)

    def _fire(self, constraint: Constraint, value: int) -> None:
        self._fire_all(constraint, [value])

    def _fire_all(self, constraint: Constraint, values: list[int]) -> None:
        """Fire a constraint for some values: now, or once those firings have ended that this one is in."""
        if self._depth == DEEPEST:
            self._late += [(constraint, value) for value in values]
            return
        rule = self.rules[constraint[0]]
        before, self._fires = self._fires, True
        self._depth += 1
        for value in values:
            rule(self, constraint, value)
        self._depth -= 1
        self._fires = before

    def _fire_back(self, constraint: Constraint, values: list[int]) -> None:
        """Take back what a constraint did for values, but for those of which `unfire` did."""
        left = [value for value in values if (constraint, value) not in self._unfired]
        self._unfired.difference_update([(constraint, value) for value in values])
        self._fire_all(constraint, left)

    def rederive(self, gone: Iterable[tuple[int, int]]) -> None:
        """Give values back that something still supports; `solve` carries them on."""
        for variable, value in gone:
            if value in self.holds(variable):
                continue
            if self.given.get(variable << SHIFT | value) or any(value in self.holds(source) for source in self.into.get(variable, ())):
                self._spread({value}, variable)

    def _ungive(self, variable: int, value: int) -> None:
        self.holds(variable)
        self.changed.add(variable >> PAGE)
        key = variable << SHIFT | value
        count = self.given[key] - 1
        if count:
            self.given[key] = count
        else:
            del self.given[key]
        if not self._fires:
            said = self.said[key] - 1
            if said:
                self.said[key] = said
            else:
                del self.said[key]
        self._doomed.append((variable, value))

    def _uncopy(self, source: int, target: int) -> None:
        values = self.holds(source)
        self.changed.add(source >> PAGE)
        edges = self.out[source]
        count = edges[target] - 1
        if count:
            edges[target] = count
        else:
            del edges[target]
            if not edges:
                del self.out[source]
            self.holds(target)
            self.changed.add(target >> PAGE)
            sources = self.into[target]
            sources.discard(source)
            if not sources:
                del self.into[target]
        self._doomed.extend([(target, value) for value in values])

    def _uninstall(self, constraint: Constraint) -> None:
        variable = constraint[1]
        watchers = self.watchers(variable)
        self.changed.add(variable >> PAGE)
        count = watchers[constraint] - 1
        values = list(self.holds(variable))
        if count:
            watchers[constraint] = count
            for value in values:
                self.unfire(constraint, value)
            return
        del watchers[constraint]
        if not watchers:
            del self.watch[variable]
        self._fire_back(constraint, values)

    def _unedge(self, call: int, target: int) -> None:
        self.reaching(call)
        targets = self.edges[call]
        count = targets[target] - 1
        if count:
            targets[target] = count
        else:
            del targets[target]
            self.touched.add(call)
            if not targets:
                del self.edges[call]
