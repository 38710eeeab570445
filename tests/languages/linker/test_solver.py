"""Solver: what it finds after facts have come and gone is what it finds in those that are left, whatever supported what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lestockage.languages.python.linker.solver import BAD, MORE, RANKS, SHIFT, SPECIAL, Solver

if TYPE_CHECKING:
    from lestockage.languages.python.linker.solver import Constraint

VARIABLES, VALUES = 6, 5
GIVE, COPY, INSTALL = range(3)
MOVE = 4  # the code of a constraint that copies plain values


class Shaped(Solver):
    """A solver whose rules depend on a shape, as the linker's do on classes and names."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__([give_on, copy_from, watch_further, reach, give_on], frozenset({MOVE}))
        self.shape = shape
        self.variables(VARIABLES)

    def say(self, fact: tuple[int, ...]) -> None:
        """Say a fact; in a retraction, take it back."""
        how, *parts = fact
        if how == GIVE:
            self.give(parts[0], parts[1])
        elif how == COPY:
            self.copy(parts[0], parts[1])
        else:
            self.install(tuple(parts))

    def found(self) -> tuple[Any, ...]:
        """All that it has found, and how often each is said."""
        return (
            {variable: set(held) for variable, held in self.points.items()},
            {source: {target: said(count) for target, count in targets.items()} for source, targets in self.out.items()},
            self.into,
            {variable: {each: said(count) for each, count in watchers.items()} for variable, watchers in self.watch.items()},
            self.edges,
            {key: count % BAD + count // BAD for key, count in self.given.items()},
        )

    def unfounded(self, facts: list[tuple[int, ...]]) -> list[Any]:
        """All that it keeps whose supports of lower ranks are not those that it has counted, or of which there are none."""
        supports = Supports(self)
        for fact in facts:
            supports.say(fact)
        for watchers in self.watch.values():
            for constraint, packed in watchers.items():
                held = self.points.get(constraint[1], {})
                for value, rank in [each for each in held.items() if constraint[0] != MOVE or each[0] & SPECIAL]:
                    supports.rank = max(rank, packed & RANKS)
                    self.rules[constraint[0]](supports, constraint, value)
        kept = {
            **{("copy", source, target): good(count) for source, targets in self.out.items() for target, count in targets.items()},
            **{("install", each): good(count) for watchers in self.watch.values() for each, count in watchers.items()},
            **{("give", key >> SHIFT, key % (1 << SHIFT)): count % BAD for key, count in self.given.items()},
        }
        wrong: list[Any] = [fact for fact in kept.keys() | supports.good.keys() if kept.get(fact, 0) != supports.good.get(fact, 0)]
        for variable, held in self.points.items():
            wrong += [(variable, value) for value, rank in held.items() if not self._stands(variable, value, rank)]
        return wrong


class Supports:
    """Stands in for a solver, and counts what its firings say of each fact with a lower rank."""

    def __init__(self, solver: Shaped) -> None:
        self.solver, self.shape = solver, solver.shape
        self.rank = 0
        self.good: dict[Any, int] = {}

    say = Shaped.say

    def give(self, variable: int, value: int) -> None:
        """Count what says that a variable holds a value."""
        self._count(("give", variable, value), self.solver.points[variable][value])

    def copy(self, source: int, target: int) -> None:
        """Count what says a copy."""
        self._count(("copy", source, target), self.solver.out[source][target] & RANKS)

    def install(self, constraint: Constraint) -> None:
        """Count what says that a constraint is there."""
        self._count(("install", constraint), self.solver.watch[constraint[1]][constraint] & RANKS)

    def edge(self, call: int, target: int) -> None:
        """Nothing rests on an edge."""

    def _count(self, fact: Any, rank: int) -> None:
        if self.rank < rank:
            self.good[fact] = self.good.get(fact, 0) + 1


def good(packed: int) -> int:
    """Return how many supports of lower ranks a copy or constraint has, which is kept in one number."""
    return packed % BAD // MORE + 1


def said(packed: int) -> int:
    """Return how often a copy or constraint is said."""
    return good(packed) + packed // BAD


def give_on(s: Any, c: Constraint, value: int) -> None:  # the rules of a test's own solver
    """Give another value, by the shape."""
    s.give(c[2], (value + s.shape[c[3]]) % VALUES)


def copy_from(s: Any, c: Constraint, value: int) -> None:
    """Copy from a variable that the value names."""
    s.copy((value + s.shape[c[3]]) % VARIABLES, c[2])


def watch_further(s: Any, c: Constraint, value: int) -> None:
    """Install a constraint that the value names, even the same one on another variable."""
    s.install((value % 5, c[2], (value + s.shape[c[3]]) % VARIABLES, c[3]))


def reach(s: Any, c: Constraint, value: int) -> None:
    """Say an edge."""
    s.edge(c[2], value + s.shape[c[3]])


variables = st.integers(0, VARIABLES - 1)
places = st.integers(0, 1)
facts = st.one_of(
    st.tuples(st.just(GIVE), variables, st.integers(0, VALUES - 1)),
    st.tuples(st.just(COPY), variables, variables),
    st.tuples(st.just(INSTALL), st.integers(0, 4), variables, variables, places),
)
shapes = st.tuples(st.integers(0, 2), st.integers(0, 2))
steps = st.lists(st.tuples(st.lists(facts, max_size=4), st.lists(st.integers(0, 30), max_size=6), shapes), max_size=5)


def solved(told: list[tuple[int, ...]], shape: tuple[int, ...]) -> Shaped:
    """Return a solver that has just been told all of it."""
    new = Shaped(shape)
    for fact in told:
        new.say(fact)
    new.solve()
    return new


def change(solver: Shaped, gone: list[tuple[int, ...]], new: list[tuple[int, ...]], shape: tuple[int, ...]) -> None:
    """Take facts back, say new ones and change the shape, as the linker's update does."""
    moved = {place for place in range(2) if solver.shape[place] != shape[place]}
    affected = [
        (constraint, value)
        for variable, watchers in solver.watch.items()
        for constraint in watchers
        if constraint[3] in moved
        for value in solver.holds(variable)
    ]
    solver.begin_retraction()
    for constraint, value in affected:
        solver.unfire(constraint, value)
    for fact in gone:
        solver.say(fact)
    assert solver.end_retraction()
    solver.shape = shape
    solver.refire()
    for fact in new:
        solver.say(fact)
    solver.solve()


@settings(max_examples=300, deadline=None)
@given(st.lists(facts, max_size=12), shapes, steps)
def test_taking_back_leaves_what_the_rest_says(start: list[tuple[int, ...]], shape: tuple[int, ...], edits: Any) -> None:
    """Facts taken back and said in steps, with rules that change their minds, leave what a new one finds in the last, all founded."""
    told = list(start)
    solver = solved(told, shape)
    for new, places_gone, shape_then in edits:
        gone = [told[place] for place in sorted({place for place in places_gone if place < len(told)})]
        for fact in gone:
            told.remove(fact)
        told += new
        change(solver, gone, new, shape_then)
        assert solver.found() == solved(told, shape_then).found()
        assert solver.unfounded(told) == []


@settings(max_examples=100, deadline=None)
@given(st.lists(facts, max_size=12).flatmap(lambda said: st.tuples(st.just(said), st.permutations(said))), shapes)
def test_the_order_of_facts_is_nothing(orders: Any, shape: tuple[int, ...]) -> None:
    """Facts in any order have the same solution."""
    one, other = orders
    assert solved(one, shape).found() == solved(other, shape).found()


def test_values_that_support_each_other_go_with_what_they_came_from() -> None:
    """A circle of copies holds nothing once nothing enters it."""
    solver = solved([(GIVE, 0, 1), (COPY, 0, 1), (COPY, 1, 2), (COPY, 2, 1)], (0, 0))
    assert set(solver.points[2]) == {1}
    change(solver, [(GIVE, 0, 1)], [], (0, 0))
    assert solver.points == {}


def test_what_something_earlier_supports_is_not_taken_back() -> None:
    """A circle that is entered in two places keeps its value when one of them goes: no firing is taken back and said again."""
    solver = solved([(GIVE, 0, 1), (GIVE, 1, 1), (COPY, 0, 2), (COPY, 1, 2), (COPY, 2, 3), (COPY, 3, 2), (INSTALL, 0, 3, 4, 0)], (0, 0))
    taken: list[int] = []

    def lost(value: int, variable: int) -> None:
        taken.append(variable)

    solver.lost = lost  # type: ignore[method-assign]
    change(solver, [(COPY, 0, 2)], [], (0, 0))
    assert (taken, set(solver.points[4])) == ([], {1})
    change(solver, [(COPY, 1, 2)], [], (0, 0))
    assert sorted(taken) == [2, 3, 4]
