"""State: the solver with what rules need beside it: the program, values, calls, and variables by what they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lestockage.languages.python.linker.codes import FROM_BASE, HOLD, KEYS_OF, NARROW_FROM, NARROW_TO, NEST, PASS, WORTH
from lestockage.languages.python.linker.lazy import Lazy
from lestockage.languages.python.linker.program import Program
from lestockage.languages.python.linker.solver import Constraint, Rule, Solver
from lestockage.languages.python.linker.values import CLASS, CONTAINER, KEY, UNBOUND, Values
from lestockage.languages.python.value_flow.opcodes import ANSWERS, CALL, DELETE, LOAD, LOADS, METHOD, STORE

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.languages.python.linker.program import Unit


class Call(NamedTuple):
    """Something that calls: where its result goes, and its arguments as variables (-1: nothing known; in a tuple: `*argument`)."""

    dst: int
    args: tuple[Any, ...]
    keywords: tuple[tuple[str | None, int], ...]
    root: int  # the call by which this one is reported: itself, or the one that leads to it
    owner: int  # the unit whose code makes it
    nesting: int = 0  # partial applications that it came through


FARTHEST = 1
"""Borders, of units or of containers, over which a container is followed."""

NAMING: Final = frozenset({LOAD, STORE, METHOD, DELETE, FROM_BASE, ANSWERS})
"""Constraints that look a name up on a value."""

COPYING: Final = frozenset({HOLD, PASS, NEST, KEYS_OF})
"""Constraints that give the variable that they name next what they watch; special values (`values.MOVED`) by their rules."""

ANY_NAME: Final = "*"
"""By this name those are known that look up all names with some beginning and end."""

NOTHING: Final[dict[int, int]] = {}

OF_UNIT, OF_CALL, OF_VALUE = range(3)

INHERITED: Final = ("assumed", "class")
"""Kinds of cells of a class, each for the name of an attribute, that hold what those of its bases do: what code assigns to an object that
nobody was seen to make, so that it may be of any class below; and what it assigns to the class itself."""

CELLS: Final = {
    **dict.fromkeys(("others", *INHERITED, "own", "default", "parameter", "result", "yields", "name", "receiver"), OF_UNIT),
    **dict.fromkeys(("sent", "unpassed", "classes of"), OF_UNIT),
    **dict.fromkeys(("raised", "assigned"), OF_VALUE),
    "temporary": OF_CALL,
    **dict.fromkeys(
        ("function attribute", "holding", "element", "key names", "elements", "worth", "keys", "factory", "receivers"), OF_VALUE
    ),
}
"""What the number belongs to that every cell's name has second, after its kind."""


def looked_up(constraint: Constraint) -> str:
    """Return the name that a constraint of `NAMING` looks up."""
    return constraint[2] if constraint[0] == DELETE else constraint[3]  # type: ignore[no-any-return]


class State(Solver):
    """Everything that rules read and write."""

    def __init__(self, rules: list[Rule]) -> None:
        super().__init__(rules, COPYING)
        self.program = Program(self.bring_unit, self.bring_file, self.bring_name)
        self.values = Values(self.bring_value, self.bring_bucket)
        self.kinds = self.values.kinds
        self.parts = self.values.parts
        self.number = self.values.number
        self.calls: Lazy[int, Call] = Lazy(self.bring_call)
        self.call_count = 0
        self.readers: Lazy[str, set[int]] = Lazy(self.bring_name)  # variables on which that name is looked up, or was
        self.narrowed: dict[int, set[int]] = {}  # variables that are, or were, told apart by that class
        self.constants: dict[int, object] = {}  # literals that arguments are, by variable
        self.changed_calls: set[int] = set()
        self.changed_values: set[int] = set()
        self._further: dict[int, int] = {}
        self._sames: dict[int, int] = {}
        self._sub_calls: dict[int, dict[Any, int]] = {}  # by root
        self._cells: dict[tuple[Any, ...], int] = {}
        self._attributes: dict[int, list[tuple[Any, ...]]] = {}  # cells that `inherited` made, by class
        self.nowhere = self.variable()  # where results go that nobody takes

    # -- what is in the store

    def bring_call(self, number: int) -> None:
        """Take over the page of a call."""
        raise NotImplementedError

    def bring_value(self, number: int) -> None:
        """Take over the page of a value."""
        raise NotImplementedError

    def bring_bucket(self, bucket: int) -> None:
        """Take over a page of the index of values."""
        raise NotImplementedError

    def bring_unit(self, number: int) -> None:
        """Take over the page of a unit."""
        raise NotImplementedError

    def bring_file(self, path: str) -> None:
        """Take over what is known of a file."""
        raise NotImplementedError

    def bring_name(self, name: str) -> None:
        """Take over the page of a name."""
        raise NotImplementedError

    # -- what is noted of facts

    def gained(self, value: int, variable: int) -> None:
        """Take note that a variable holds a value now."""
        holders = self.values.holders[value]
        if holders is not None:
            holders.add(variable)
            self.changed_values.add(value)

    def lost(self, value: int, variable: int) -> None:
        """Take note that a variable holds a value no longer."""
        holders = self.values.holders[value]
        if holders is not None:
            holders.discard(variable)
            self.changed_values.add(value)

    def watching(self, constraint: Constraint) -> None:
        """Take note that a constraint is there now."""
        code = constraint[0]
        if code in NAMING or code == LOADS:
            name = ANY_NAME if code == LOADS else looked_up(constraint)
            readers = self.readers[name]
            if constraint[1] not in readers:
                readers.add(constraint[1])
                self.program.changed_names.add(name)
        elif code in (NARROW_TO, NARROW_FROM) and self.kinds[constraint[3]] == CLASS:
            self.narrowed.setdefault(constraint[3], set()).add(constraint[1])
            self.changed_values.add(constraint[3])

    def reaching(self, call: int) -> None:
        """Take note that what a call may run is about to change."""
        self.calls[call]  # brings it
        self.changed_calls.add(call)

    # -- calls

    def reached(self, call: int) -> dict[int, int]:
        """Return what a call may run, and how often each is said."""
        self.calls[call]  # brings it
        return self.edges.get(call, NOTHING)

    def new_call(self, owner: int, dst: int, args: tuple[Any, ...], keywords: tuple[tuple[str | None, int], ...]) -> int:
        """Return the number of a call that the code of a unit makes."""
        number = self.call_count
        self.call_count = number + 1
        self.calls[number] = Call(dst, args, keywords, number, owner)
        self.changed_calls.add(number)
        return number

    def sub_call(self, call: int, tag: object, dst: int, args: tuple[Any, ...] = ()) -> int:
        """Return the number of a call that another one leads to; the same for the same tag, destination and arguments."""
        return self._led_to(call, (tag, dst, args), dst, args, ())

    def with_dst(self, call: int, dst: int) -> int:
        """Return the same call with its result going elsewhere."""
        of = self.calls[call]
        return call if of.dst == dst else self.again(call, dst, of.args, of.keywords)

    def again(self, call: int, dst: int, args: tuple[Any, ...], keywords: tuple[tuple[str | None, int], ...]) -> int:
        """Return a call that another one leads to, with arguments by name too."""
        return self._led_to(call, (None, dst, args, keywords), dst, args, keywords)

    def _led_to(self, call: int, key: Any, dst: int, args: tuple[Any, ...], keywords: tuple[tuple[str | None, int], ...]) -> int:  # noqa: ANN401  # a call in full
        _, _, _, root, owner, nesting = self.calls[call]
        if nesting:
            key = (key, nesting)
        self.calls[root]  # brings those that it has led to
        known = self._sub_calls.get(root)
        if known is None:
            known = self._sub_calls[root] = {}
        number = known.get(key)
        if number is None:
            number = known[key] = self.call_count
            self.call_count = number + 1
            self.calls[number] = Call(dst, args, keywords, root, owner, nesting)
            self.changed_calls.add(number)
            self.changed_calls.add(root)
        return number

    # -- variables that stand for something

    def cell(self, *name: Any) -> int:  # noqa: ANN401  # whatever tells it apart
        """Return the variable of that name: what it is of, by kind (`CELLS`), and whatever else tells it apart."""
        found = self._cell(name)
        return self._new_cell(name) if found is None else found

    def _cell(self, name: tuple[Any, ...]) -> int | None:
        found = self._cells.get(name)
        if found is None:
            of, number = CELLS[name[0]], name[1]
            if number not in (self.program.units if of == OF_UNIT else self.calls if of == OF_CALL else self.parts):
                (self.bring_unit if of == OF_UNIT else self.bring_call if of == OF_CALL else self.bring_value)(number)
                found = self._cells.get(name)
        return found

    def _new_cell(self, name: tuple[Any, ...]) -> int:
        found = self._cells[name] = self.variable()
        of = CELLS[name[0]]
        (self.program.changed if of == OF_UNIT else self.changed_calls if of == OF_CALL else self.changed_values).add(name[1])
        return found

    def temporary(self, call: int, tag: object) -> int:
        """Return a variable that belongs to a call."""
        return self.cell("temporary", call, tag)

    def others(self, unit: int, name: str) -> int:
        """Return what others than a scope's own code assign to a name of it."""
        return self.cell("others", unit, name)

    def inherited(self, of: str, unit: int, name: str) -> int:
        """Return what is assigned to an attribute of a class or its objects (`INHERITED`), or to that of the bases in its project."""
        key = (of, unit, name)
        found = self._cell(key)
        if found is None:
            found = self._new_cell(key)
            self._attributes.setdefault(unit, []).append(key)
            self._join(of, unit, name, found, self._copy)
        return found

    def own(self, unit: int, name: str) -> int:
        """Return what an attribute of those objects holds that are made of a class itself, and of no class below."""
        key = ("own", unit, name)
        found = self._cell(key)
        if found is None:
            found = self._new_cell(key)
            self._copy(self.inherited("assumed", unit, name), found)
        return found

    def _join(self, of: str, unit: int, name: str, variable: int, how: Callable[[int, int], None]) -> None:
        for base in self.program.units[unit].order[1:]:
            if not isinstance(base, str):
                how(self.inherited(of, base.number, name), variable)

    def part_from_bases(self, units: set[int]) -> None:
        """Take back, in a retraction, that attributes of these classes hold what those of their bases do: the bases change."""
        self._join_all(units, self.copy)

    def join_bases(self, units: set[int]) -> None:
        """Have the attributes of these classes hold what those of their bases do."""
        self._join_all(units, self._copy)

    def _join_all(self, units: set[int], how: Callable[[int, int], None]) -> None:
        for unit in units:
            self.program.units[unit]  # brings its cells
        attributes = [each for unit in units for each in self._attributes.get(unit, ())]  # before any is made, which joins it
        for of, number, name in attributes:
            self._join(of, number, name, self._cells[of, number, name], how)

    def assigned_to_class(self, name: str) -> int:
        """Return the variable that holds something once code assigns that name to a class."""
        return self.cell("assigned", self.number(KEY, name))

    def pass_on(self, source: int, target: int, unit: Unit) -> None:
        """Copy over the border of a unit: of one that is called very often, containers stay outside."""
        self.install((HOLD if self.values.is_coarse or unit.name in self.program.busy else PASS, source, target))

    def raised(self) -> int:
        """Return the variable that holds every object that is raised somewhere."""
        return self.cell("raised", self.number(UNBOUND))

    def receivers(self, function: int) -> int:
        """Return what a method travels bound to."""
        return self.cell("receivers", function)

    def holding(self, value: int) -> int:
        """Return a variable that holds one value, for good."""
        key = ("holding", value)
        found = self._cell(key)
        if found is None:
            found = self._new_cell(key)
            self._give(found, value)
        return found

    def constant(self, variable: int) -> object:
        """Return the literal that an argument is, None where it is none."""
        self.holds(variable)  # brings it
        return self.constants.get(variable)

    # -- containers

    def container(self, kind: str, owner: object, number: object, length: int = -1) -> int:
        """Return the value of a container that is made at some place; `length` is how many elements it has, -1: that is not known."""
        return self.number(CONTAINER, kind, owner, number, length, 0)

    def further(self, value: int) -> int:
        """Return a container as it is one border further, in another unit or in a container; -1 where it is not followed so far.

        It holds what it did. Without an end, structures of structures that are passed on and on would be everywhere.
        """
        found = self._further.get(value)
        if found is None:
            *parts, steps = self.parts[value]
            found = self._further[value] = self.number(*parts, steps + 1) if steps < FARTHEST else -1
        return found

    def kept(self, value: int) -> int:
        """Return a container as one that is not followed over any border: it holds nothing but literals."""
        return self.number(*self.parts[value][:-1], FARTHEST)

    def _same(self, value: int) -> int:
        """Return the value by which the contents of a container are known, however far it is."""
        found = self._sames.get(value)
        if found is None:
            parts = self.parts[value]
            found = self._sames[value] = self.number(*parts[:-1], 0) if parts[0] == CONTAINER else value
        return found

    def length(self, value: int) -> int:
        """Return how many elements a container has, -1 if that is not known."""
        return int(self.parts[value][4])

    def element(self, value: int, key: object) -> int:
        """Return what a container holds under a constant key; None: under any other."""
        value = self._same(value)
        name = ("element", value, key)
        found = self._cell(name)
        if found is None:
            found = self._new_cell(name)
            self._copy(found, self.elements(value))
            if key is not None:
                self._give(self.key_names(value), self.number(KEY, key))
        return found

    def hold(self, source: int, value: int, key: object) -> None:
        """Have a container hold, under a key, what a variable does, but for other containers."""
        self.install((HOLD, source, self.element(value, key)))

    def put(self, source: int, value: int, key: object) -> None:
        """Have code put something into a container; displays are followed there."""
        self.install((NEST, source, self.element(value, key)))

    def add_keys(self, source: int, value: int) -> None:
        """Have a mapping hold keys."""
        self.install((KEYS_OF, source, self.keys(value)))

    def rest_of(self, unit: Unit) -> int:
        """Return the tuple that a function's `*args` is."""
        return self.container("tuple", unit.number, "*")

    def rest_by_name_of(self, unit: Unit) -> int:
        """Return the dict that a function's `**kwargs` is."""
        return self.container("dict", unit.number, "**")

    def fields(self, unit: int) -> list[str]:
        """Return the annotated names of a class, those of its bases first."""
        found: dict[str, None] = {}
        for each in reversed(self.program.units[unit].order):
            if not isinstance(each, str):
                found.update(dict.fromkeys(each.fields))
        return list(found)

    def match_names(self, unit: int) -> tuple[str, ...]:
        """Return what the patterns of a class take by position: what it says, or its fields."""
        for each in self.program.units[unit].order:
            if not isinstance(each, str):
                if each.match_names is not None:
                    return each.match_names
                if each.fields:
                    break
        return tuple(self.fields(unit))

    def key_names(self, value: int) -> int:
        """Return the variable that holds the constant keys of a container, as values."""
        return self.cell("key names", self._same(value))

    def elements(self, value: int) -> int:
        """Return all that a container holds."""
        return self.cell("elements", self._same(value))

    def worth(self, value: int) -> int:
        """Return the variable that holds something once a container is worth following over borders."""
        key = ("worth", self._same(value))
        found = self._cell(key)
        if found is None:
            found = self._new_cell(key)
            self._install((WORTH, self.elements(value), found))
        return found

    def keys(self, value: int) -> int:
        """Return the keys of a mapping, as far as they are more than literals."""
        return self.cell("keys", self._same(value))

    def factory(self, value: int) -> int:
        """Return what fills a defaultdict."""
        return self.cell("factory", self._same(value))

    def call_factory(self, value: int, call: int) -> None:
        """Have a read of a defaultdict call its factory, which fills it."""
        self.install((CALL, self.factory(value), self.sub_call(call, "factory", self.element(value, None))))
