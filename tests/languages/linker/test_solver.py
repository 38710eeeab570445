"""Solver: what it finds after facts have come and gone is what it finds in those that are left, whatever supported what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lestockage.languages.python.linker.solver import Solver

if TYPE_CHECKING:
    from lestockage.languages.python.linker.solver import Constraint

VARIABLES, VALUES = 6, 5
GIVE, COPY, INSTALL, EDGE = range(4)


class Shaped(Solver):
    """A solver whose rules depend on a shape, as the linker's do on classes and names."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__([give_on, copy_from, watch_further, reach])
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
        """All that it has found, and all that holds it up."""
        return self.points, self.out, self.into, self.watch, self.edges, self.given, self.said


def give_on(s: Any, c: Constraint, value: int) -> None:  # the rules of a test's own solver
    """Give another value, by the shape."""
    s.give(c[2], (value + s.shape[c[3]]) % VALUES)


def copy_from(s: Any, c: Constraint, value: int) -> None:
    """Copy from a variable that the value names."""
    s.copy((value + s.shape[c[3]]) % VARIABLES, c[2])


def watch_further(s: Any, c: Constraint, value: int) -> None:
    """Install a constraint that the value names, even the same one on another variable."""
    s.install((value % 4, c[2], (value + s.shape[c[3]]) % VARIABLES, c[3]))


def reach(s: Any, c: Constraint, value: int) -> None:
    """Say an edge."""
    s.edge(c[2], value + s.shape[c[3]])


variables = st.integers(0, VARIABLES - 1)
places = st.integers(0, 1)
facts = st.one_of(
    st.tuples(st.just(GIVE), variables, st.integers(0, VALUES - 1)),
    st.tuples(st.just(COPY), variables, variables),
    st.tuples(st.just(INSTALL), st.integers(0, 3), variables, variables, places),
)
shapes = st.tuples(st.integers(0, 2), st.integers(0, 2))
steps = st.lists(st.tuples(st.lists(facts, max_size=4), st.lists(st.integers(0, 30), max_size=6), shapes), max_size=5)


def solved(said: list[tuple[int, ...]], shape: tuple[int, ...]) -> Shaped:
    """Return a solver that has just been told all of it."""
    new = Shaped(shape)
    for fact in said:
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
    lost = solver.end_retraction()
    solver.shape = shape
    for fact in new:
        solver.say(fact)
    solver.refire()
    solver.rederive(lost)
    solver.solve()


@settings(max_examples=300, deadline=None)
@given(st.lists(facts, max_size=12), shapes, steps)
def test_taking_back_leaves_what_the_rest_says(start: list[tuple[int, ...]], shape: tuple[int, ...], edits: Any) -> None:
    """Facts taken back and said in steps, with rules that change their minds, leave what a new solver finds in the last facts."""
    said = list(start)
    solver = solved(said, shape)
    for new, places_gone, shape_then in edits:
        gone = [said[place] for place in sorted({place for place in places_gone if place < len(said)})]
        for fact in gone:
            said.remove(fact)
        said += new
        change(solver, gone, new, shape_then)
        assert solver.found() == solved(said, shape_then).found()


@settings(max_examples=100, deadline=None)
@given(st.lists(facts, max_size=12).flatmap(lambda said: st.tuples(st.just(said), st.permutations(said))), shapes)
def test_the_order_of_facts_is_nothing(orders: Any, shape: tuple[int, ...]) -> None:
    """Facts in any order have the same solution."""
    one, other = orders
    assert solved(one, shape).found() == solved(other, shape).found()


def test_values_that_support_each_other_go_with_what_they_came_from() -> None:
    """A circle of copies holds nothing once nothing enters it."""
    solver = solved([(GIVE, 0, 1), (COPY, 0, 1), (COPY, 1, 2), (COPY, 2, 1)], (0, 0))
    assert solver.points[2] == {1}
    change(solver, [(GIVE, 0, 1)], [], (0, 0))
    assert solver.points == {}
