"""Solver: variables, the sets of values that they may hold, and the rules that carry values from one to the next.

Everything here grows from three facts, each of which is counted, since several rules may say the same: `give` (a variable holds a value),
`copy` (whatever one variable holds, another one does), `install` (a constraint watches a variable, and fires once for every value that
this comes to hold). Some constraints copy to a second variable: plain values as they are, and special ones by their rules. What a
constraint does when it fires depends on the constraint, the value and the shape of the program only, never on what other variables hold;
so the result is the least solution, the same in whatever order it is found, and every firing can be taken back by firing it again with the
three facts' opposites.

Counting alone would leave values that support only each other, in a circle. So everything that is said has a rank, one above the highest
of what said it first, and what supports it counts only if it is of a lower rank: those supports end at what no firing says. Taking back
then takes away whatever has no such support left, and at the end gives back, with a rank to suit, what anything that remains supports
(delete and rederive, as in Datalog engines; ranks keep what is deleted in vain small, where values go in circles).

Source: Gupta, Mumick, Subrahmanian, "Maintaining Views Incrementally" (1993), section 7; Even, Shiloach, "An On-Line Edge-Deletion Problem"
(1981), for ranks; Andersen's inclusion constraints (1994).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any, Final

Constraint = tuple[Any, ...]
"""A code, the variable it watches, and whatever else its rule needs."""

Source = int | Constraint
"""What copies to a variable: another one, or a constraint that watches one."""

Rule = Callable[[Any, Constraint, int], None]

LEAST = 500
"""Values that a retraction takes back in any case; of a large system, a third of those held."""

SHIFT: Final = 32
"""A variable and a value in one number, which hashes faster than a pair."""

PAGE: Final = 7
"""Bits of a variable's number that tell it from the others of its page."""

DEEPEST: Final = 100
"""Firings inside each other; what would be deeper fires once they have ended."""

MORE: Final = 1 << 20
BAD: Final = 1 << 40
RANKS: Final = MORE - 1
GOODS: Final = BAD - MORE
"""How a copy or constraint is kept in one number, which is small for nearly all: its rank, and from these bits on how many supports of
lower ranks it has beside the first, and how many of others. What is given has the rank of the value; of it only the two counts are kept."""

SPECIAL: Final = 1
"""The bit of a value's number that tells that constraints that copy have a rule for it."""

NO_VALUES: Final[set[int]] = set()
NOTHING: Final[dict[Any, int]] = {}


class Solver:
    """A system of constraints, solved as far as `solve` was called.

    Of variables that hold, pass on or start nothing, nothing is kept. Variables stand in pages, each of which may still be where `bring`
    gets it from.
    """

    def __init__(self, rules: list[Rule], copying: frozenset[int] = frozenset()) -> None:
        self.rules = rules
        self.copying = copying  # codes of constraints that copy plain values to the variable that they name next
        self.count = 0  # of variables
        self.held = 0  # values that variables hold, together
        self.highest = 0  # of all ranks
        self.points: dict[int, dict[int, int]] = {}  # with the rank of each value
        self.out: dict[int, dict[int, int]] = {}
        self.into: dict[int, Source | set[Source]] = {}  # what copies to a variable; mostly one thing
        self.watch: dict[int, dict[Constraint, int]] = {}
        self.edges: dict[int, dict[int, int]] = {}
        self.given: dict[int, int] = {}
        self.touched: set[int] = set()
        self.here: set[int] = set()  # pages of variables
        self.changed: set[int] = set()  # of these, those that are not in the store as they are here
        self._rank = 0  # of the firing that is under way: the higher of its constraint's and its value's; 0: none is
        self._depth = 0  # of firings that install what fires
        self._late: list[tuple[Constraint, int, int]] = []  # with the rank of the firing
        self._pending: dict[int, set[int]] = {}
        self._doomed: list[tuple[int, int]] = []
        self._unfired: set[tuple[Constraint, int]] = set()
        self._lapsed_copies: dict[tuple[int, int], int] = {}  # that are gone, and that as many firings say
        self._lapsed_constraints: dict[Constraint, int] = {}
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
        rank = self.points.get(variable, NOTHING).get(value)
        if rank is None:
            self.given[key] = 1
            self._hold(variable, value, self._rank + 1)
        else:
            self.given[key] = self.given.get(key, 0) + (1 if self._rank < rank else BAD)

    def _hold(self, variable: int, value: int, rank: int) -> None:
        """Have a variable hold a value that it does not hold."""
        self.highest = max(self.highest, rank)
        self.points.setdefault(variable, {})[value] = rank
        self.changed.add(variable >> PAGE)
        self.held += 1
        self.gained(value, variable)
        self._pending.setdefault(variable, set()).add(value)

    def _copy(self, source: int, target: int) -> None:
        page = source >> PAGE
        if page not in self.here:
            self.bring(page)
        self.changed.add(page)
        edges = self.out.get(source)
        if edges is None:
            edges = self.out[source] = {}
        known = edges.get(target)
        if known is None:
            self._connect(source, target, self._rank + 1, 1)
        else:
            edges[target] = known + (MORE if self._rank < known & RANKS else BAD)

    def _connect(self, source: int, target: int, rank: int, count: int) -> None:
        """Have a variable hold what another one does from now on; so many supports say so."""
        self.highest = max(self.highest, rank)
        self.out[source][target] = rank + (count - 1) * MORE
        self._lead(source, target)
        held = self.points.get(source)
        if held:
            self._spread(set(held), held, rank, target)

    def _lead(self, source: Source, target: int) -> None:
        """Take note of what copies to a variable."""
        page = target >> PAGE
        if page not in self.here:
            self.bring(page)
        self.changed.add(page)
        known = self.into.get(target)
        if known is None:
            self.into[target] = source
        elif isinstance(known, set):
            known.add(source)
        else:
            self.into[target] = {known, source}

    def _spread(self, values: set[int], held: dict[int, int], rank: int, target: int) -> None:
        """Have a variable hold these values of those that the source of a copy of that rank holds."""
        page = target >> PAGE
        if page not in self.here:
            self.bring(page)
        there = self.points.get(target)
        if there is None:
            new = values.copy()
            there = self.points[target] = {}
        else:
            new = values.difference(there)
            if not new:
                return
        self.changed.add(page)
        self.held += len(new)
        gained = self.gained
        highest = self.highest
        for value in new:
            above = held[value]
            above = 1 + (above if above > rank else rank)  # noqa: FURB136  # a call would take half of the loop's time
            there[value] = above
            if above > highest:  # noqa: PLR1730  # as above
                highest = above
            gained(value, target)
        self.highest = highest
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
            watchers = self.watch[variable] = {}
        known = watchers.get(constraint)
        if known is None:
            watchers[constraint] = self._rank + 1
            self._start(constraint, self._rank + 1)
        else:
            watchers[constraint] = known + (MORE if self._rank < known & RANKS else BAD)

    def _start(self, constraint: Constraint, rank: int) -> None:
        """Have a constraint of that rank see what its variable holds."""
        self.highest = max(self.highest, rank)
        self.watching(constraint)
        is_copying = constraint[0] in self.copying
        if is_copying:
            self._lead(constraint, constraint[2])
        held = self.points.get(constraint[1])
        if held:
            waiting = self._pending.get(constraint[1], ())
            if is_copying:
                plain = {value for value in held if not value & SPECIAL and value not in waiting}
                if plain:
                    self._spread(plain, held, rank, constraint[2])
                held = {value: other for value, other in held.items() if value & SPECIAL}
            self._fire(constraint, [(value, max(rank, other)) for value, other in held.items() if value not in waiting])

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
        pending, late = self._pending, self._late
        rules, copying = self.rules, self.copying
        points, out, watch, spread = self.points, self.out, self.watch, self._spread
        while pending or late:
            while late:
                constraint, value, self._rank = late.pop()
                rules[constraint[0]](self, constraint, value)
            if self.held > self.most_held():
                return False
            for variable in list(pending):  # in rounds: what comes from several sides goes on together
                delta = pending.pop(variable)
                held = points[variable]
                targets = out.get(variable)
                if targets:
                    for target, packed in targets.items():
                        spread(delta, held, packed & RANKS, target)
                watchers = watch.get(variable)
                if watchers:
                    plain = {value for value in delta if not value & SPECIAL}
                    special = delta - plain if len(plain) < len(delta) else NO_VALUES
                    for constraint, packed in list(watchers.items()):
                        rank = packed & RANKS
                        fired = delta
                        if constraint[0] in copying:
                            if plain:
                                spread(plain, held, rank, constraint[2])
                            fired = special
                        rule = rules[constraint[0]]
                        for value in fired:
                            above = held[value]
                            self._rank = above if above > rank else rank  # noqa: FURB136  # a call would take as long as the rest
                            rule(self, constraint, value)
        self._rank = 0
        return True

    def most_held(self) -> float:
        """Return how many values all variables together may hold."""
        return math.inf

    # -- taking back

    def begin_retraction(self) -> None:
        """From here until `end_retraction` facts are taken back: every call of the four facts does its opposite. The system is solved."""
        self.give, self.copy, self.install, self.edge = self._ungive, self._uncopy, self._uninstall, self._unedge

    def holds(self, variable: int) -> dict[int, int]:
        """Return what a variable holds, with the rank of each value."""
        page = variable >> PAGE
        if page not in self.here:
            self.bring(page)
        return self.points.get(variable, NOTHING)

    def watchers(self, variable: int) -> dict[Constraint, int]:
        """Return the constraints that watch a variable, with rank and supports."""
        page = variable >> PAGE
        if page not in self.here:
            self.bring(page)
        return self.watch.get(variable, NOTHING)

    def unfire(self, constraint: Constraint, value: int) -> None:
        """Take back what a constraint did for a value, now; it will not be taken back again when the value goes.

        A constraint that is gone already, since what installed it was taken back before, has been taken back with it; what one copies
        depends on no shape.
        """
        if constraint[0] in self.copying and not value & SPECIAL:
            return
        if (constraint, value) not in self._unfired and constraint in self.watchers(constraint[1]):
            self._unfired.add((constraint, value))
            self._fire_again(constraint, value)

    def _fire_again(self, constraint: Constraint, value: int) -> None:
        """Fire a constraint for a value, where both have been there."""
        variable = constraint[1]
        self._fire(constraint, [(value, max(self.watchers(variable)[constraint] & RANKS, self.holds(variable)[value]))])

    def end_retraction(self) -> bool:
        """Take back all that rests on what was taken back; `refire` is to follow, once the shape is the new one.

        False: that is so much that solving everything anew costs less; the system is of no use any more.
        """
        gone: list[tuple[int, int]] = []
        most = max(LEAST, self.held // 3)
        doomed = self._doomed
        while doomed or self._late:
            while self._late:
                constraint, value, rank = self._late.pop()
                self._fire(constraint, [(value, rank)])
            if not doomed:
                break
            if len(gone) > most:
                return False
            variable, value = doomed.pop()
            rank = self.holds(variable).get(value, 0)
            if not rank or self._stands(variable, value, rank):
                continue
            # Before its constraints fire: one that they take away must not be fired for this value again.
            self._drop(variable, value)
            gone.append((variable, value))
            for target, packed in self.out.get(variable, NOTHING).items():
                self._doom(target, packed & RANKS, {value: rank})
            for constraint, packed in list(self.watch.get(variable, NOTHING).items()):
                if constraint[0] in self.copying and not value & SPECIAL:
                    self._doom(constraint[2], packed & RANKS, {value: rank})
                else:
                    self._fire_back(constraint, packed & RANKS, {value: rank})
        self.give, self.copy, self.install, self.edge = self._give, self._copy, self._install, self._edge
        self._give_back(gone)
        return True

    def _give_back(self, gone: list[tuple[int, int]]) -> None:
        """Give back copies and values that something still supports."""
        latest = self.highest + 1  # where it is not known what supports something, but that it is all of a lower rank
        copies, self._lapsed_copies = self._lapsed_copies, {}
        for (source, target), count in copies.items():
            self.holds(source)
            self.changed.add(source >> PAGE)
            self.out.setdefault(source, {})
            self._connect(source, target, latest, count)
        for variable, value in gone:
            if value in self.holds(variable):
                continue
            if variable << SHIFT | value in self.given:
                self._hold(variable, value, latest)
                continue
            ranks = [rank for source in self._sources(variable) if (rank := self._brings(source, variable, value))]
            if ranks:
                self._hold(variable, value, min(ranks) + 1)

    def _stands(self, variable: int, value: int, rank: int) -> bool:
        """Tell whether anything of a lower rank supports that a variable holds a value."""
        if self.given.get(variable << SHIFT | value, 0) % BAD:
            return True
        return any(0 < self._brings(source, variable, value) < rank for source in self._sources(variable))

    def _sources(self, variable: int) -> Iterable[Source]:
        """Return what copies to a variable."""
        known = self.into.get(variable)
        return () if known is None else known if isinstance(known, set) else (known,)

    def _brings(self, source: Source, variable: int, value: int) -> int:
        """Return the rank with which a copy supports that a variable holds a value, 0: it does not."""
        if type(source) is int:
            rank = self.holds(source).get(value, 0)
            return rank and max(rank, self.out[source][variable] & RANKS)
        assert type(source) is tuple  # noqa: S101  # the other of two
        rank = 0 if value & SPECIAL else self.holds(source[1]).get(value, 0)
        return rank and max(rank, self.watch[source[1]][source] & RANKS)

    def _doom(self, target: int, rank: int, values: dict[int, int]) -> None:
        """Put in doubt that a variable holds these values of what a copy of that rank gave it."""
        held = self.holds(target)
        self._doomed += [(target, value) for value, other in values.items() if held.get(value, 0) > max(rank, other)]

    def _drop(self, variable: int, value: int) -> None:
        held = self.points[variable]
        del held[value]
        if not held:
            del self.points[variable]
        key = variable << SHIFT | value
        count = self.given.get(key)
        if count is not None:
            self.given[key] = count % BAD + count // BAD  # whatever gives it still will have the lower rank
        self.changed.add(variable >> PAGE)
        self.held -= 1
        self.lost(value, variable)

    def refire(self) -> None:
        """Give back constraints that something still supports, and fire again what `unfire` took back; the shape may be another now.

        Before anything new is said: of what supports such a constraint the ranks are not known.
        """
        pairs, self._unfired = self._unfired, set()
        constraints, self._lapsed_constraints = self._lapsed_constraints, {}
        latest = self.highest + 1
        for constraint, count in constraints.items():
            variable = constraint[1]
            self.holds(variable)
            self.changed.add(variable >> PAGE)
            self.watch.setdefault(variable, {})[constraint] = latest + (count - 1) * MORE
        for constraint in constraints:
            self._start(constraint, latest)
        for constraint, value in pairs:
            self._fire_again(constraint, value)

    def _fire(self, constraint: Constraint, ranked: list[tuple[int, int]]) -> None:
        """Fire a constraint for values with the ranks of these firings: now, or once those have ended that this one is in."""
        if self._depth == DEEPEST:
            self._late += [(constraint, value, rank) for value, rank in ranked]
            return
        rule = self.rules[constraint[0]]
        before = self._rank
        self._depth += 1
        for value, rank in ranked:
            self._rank = rank
            rule(self, constraint, value)
        self._depth -= 1
        self._rank = before

    def _fire_back(self, constraint: Constraint, rank: int, values: dict[int, int]) -> None:
        """Take back what a constraint of a rank did for values of theirs, but for those of which `unfire` did."""
        left = [(value, max(rank, other)) for value, other in values.items() if (constraint, value) not in self._unfired]
        self._unfired.difference_update([(constraint, value) for value in values])
        self._fire(constraint, left)

    def _ungive(self, variable: int, value: int) -> None:
        rank = self.holds(variable).get(value)
        self.changed.add(variable >> PAGE)
        key = variable << SHIFT | value
        is_good = rank is None or self._rank < rank
        count = self.given[key] - (1 if is_good else BAD)
        if count:
            self.given[key] = count
        else:
            del self.given[key]
        if is_good and not count % BAD:
            self._doomed.append((variable, value))

    def _uncopy(self, source: int, target: int) -> None:
        values = self.holds(source)
        self.changed.add(source >> PAGE)
        edges = self.out.get(source, NOTHING)
        rank = self._unsay(edges, target, self._lapsed_copies, (source, target))
        if not rank:
            return
        if not edges:
            del self.out[source]
        self._lead_no_more(source, target)
        self._doom(target, rank, values)

    def _unsay(self, facts: dict[Any, int], fact: object, lapsed: dict[Any, int], key: object) -> int:
        """Take one support from a copy or constraint; return its rank if it is gone then, with none of a lower rank left, else 0.

        What still says it is counted as lapsed, and taken from there once it is gone.
        """
        known = facts.get(fact)
        if known is None:
            lapsed[key] -= 1
            if not lapsed[key]:
                del lapsed[key]
            return 0
        rank = known & RANKS
        if self._rank >= rank or known & GOODS:
            facts[fact] = known - (BAD if self._rank >= rank else MORE)
            return 0
        if known // BAD:
            lapsed[key] = known // BAD
        del facts[fact]
        return rank

    def _lead_no_more(self, source: Source, target: int) -> None:
        self.holds(target)
        self.changed.add(target >> PAGE)
        known = self.into[target]
        if not isinstance(known, set):
            del self.into[target]
        else:
            known.remove(source)
            if len(known) == 1:
                (self.into[target],) = known

    def _uninstall(self, constraint: Constraint) -> None:
        variable = constraint[1]
        watchers = self.watchers(variable)
        self.changed.add(variable >> PAGE)
        rank = self._unsay(watchers, constraint, self._lapsed_constraints, constraint)
        if not rank:
            return
        if not watchers:
            del self.watch[variable]
        values = self.holds(variable).copy()
        if constraint[0] in self.copying:
            self._lead_no_more(constraint, constraint[2])
            self._doom(constraint[2], rank, {value: other for value, other in values.items() if not value & SPECIAL})
            values = {value: other for value, other in values.items() if value & SPECIAL}
        self._fire_back(constraint, rank, values)

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
