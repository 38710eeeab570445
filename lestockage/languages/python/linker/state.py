"""State: the solver with what rules need beside it: the program, values, calls, and variables by what they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lestockage.languages.python.linker.codes import CALL, HOLD, KEYS_OF, NEST, PASS, WORTH
from lestockage.languages.python.linker.program import Program
from lestockage.languages.python.linker.solver import Rule, Solver
from lestockage.languages.python.linker.values import CONTAINER, KEY, Values

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.languages.python.linker.program import Unit


class Call(NamedTuple):
    """Something that calls: where its result goes, and its arguments as variables (-1: nothing known; in a tuple: `*argument`)."""

    dst: int
    args: tuple[Any, ...]
    keywords: tuple[tuple[str | None, int], ...]
    root: int  # the call by which this one is reported: itself, or the one that leads to it


FARTHEST = 1
"""Borders, of units or of containers, over which a container is followed."""


class State(Solver):
    """Everything that rules read and write."""

    def __init__(self, rules: list[Rule]) -> None:
        super().__init__(rules)
        self.program = Program()
        self.values = Values()
        self.kinds = self.values.kinds
        self.parts = self.values.parts
        self.number = self.values.number
        self.calls: list[Call] = []
        self.owners: dict[int, int] = {}  # the unit of each call that code makes
        self._further: dict[int, int] = {}
        self._sames: dict[int, int] = {}
        self.constants: dict[int, object] = {}  # literals that arguments are, by variable
        self._calls: dict[tuple[int, Any], int] = {}
        self._cells: dict[tuple[Any, ...], int] = {}
        self.nowhere = self.variable()  # where results go that nobody takes

    # -- calls

    def new_call(self, dst: int, args: tuple[Any, ...], keywords: tuple[tuple[str | None, int], ...]) -> int:
        """Return the number of a call that code makes."""
        number = len(self.calls)
        self.calls.append(Call(dst, args, keywords, number))
        return number

    def sub_call(self, call: int, tag: object, dst: int, args: tuple[Any, ...] = ()) -> int:
        """Return the number of a call that another one leads to; the same for the same tag, destination and arguments."""
        root = self.calls[call].root
        key = (root, (tag, dst, args))
        number = self._calls.get(key)
        if number is None:
            number = self._calls[key] = len(self.calls)
            self.calls.append(Call(dst, args, (), root))
        return number

    def with_dst(self, call: int, dst: int) -> int:
        """Return the same call with its result going elsewhere."""
        of = self.calls[call]
        return call if of.dst == dst else self.again(call, dst, of.args, of.keywords)

    def again(self, call: int, dst: int, args: tuple[Any, ...], keywords: tuple[tuple[str | None, int], ...]) -> int:
        """Return a call that another one leads to, with arguments by name too."""
        root = self.calls[call].root
        key = (root, (None, dst, args, keywords))
        number = self._calls.get(key)
        if number is None:
            number = self._calls[key] = len(self.calls)
            self.calls.append(Call(dst, args, keywords, root))
        return number

    # -- variables that stand for something

    def cell(self, *name: Any) -> int:  # noqa: ANN401  # whatever tells it apart
        """Return the variable of that name."""
        found = self._cells.get(name)
        if found is None:
            found = self._cells[name] = self.variable()
        return found

    def temporary(self, call: int, tag: object) -> int:
        """Return a variable that belongs to a call."""
        return self.cell("temporary", call, tag)

    def others(self, unit: int, name: str) -> int:
        """Return what others than a scope's own code assign to a name of it."""
        return self.cell("others", unit, name)

    def inherited(self, of: str, unit: int, name: str) -> int:
        """Return what is assigned to an attribute of a class ("class") or of its objects ("object"), or of the bases in its project."""
        key = (of, unit, name)
        found = self._cells.get(key)
        if found is None:
            found = self._cells[key] = self.variable()
            self._join(of, unit, name, found, self._copy)
        return found

    def _join(self, of: str, unit: int, name: str, variable: int, how: Callable[[int, int], None]) -> None:
        for base in self.program.units[unit].order[1:]:
            if not isinstance(base, str):
                how(self.inherited(of, base.number, name), variable)

    def part_from_bases(self, units: set[int]) -> None:
        """Take back, in a retraction, that attributes of these classes hold what those of their bases do: the bases change."""
        for (of, unit, name), variable in self._attributes(units):
            self._join(of, unit, name, variable, self.copy)

    def join_bases(self, units: set[int]) -> None:
        """Have the attributes of these classes hold what those of their bases do."""
        for (of, unit, name), variable in self._attributes(units):
            self._join(of, unit, name, variable, self._copy)

    def _attributes(self, units: set[int]) -> list[tuple[tuple[Any, ...], int]]:
        return [(key, variable) for key, variable in self._cells.items() if key[0] in ("object", "class") and key[1] in units]

    def pass_on(self, source: int, target: int, unit: Unit) -> None:
        """Copy over the border of a unit: of one that is called very often, containers stay outside."""
        self.install((HOLD if unit.name in self.program.busy else PASS, source, target))

    def holding(self, value: int) -> int:
        """Return a variable that holds one value, for good."""
        key = ("holding", value)
        found = self._cells.get(key)
        if found is None:
            found = self._cells[key] = self.variable()
            self._give(found, value)
        return found

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
        found = self._cells.get(name)
        if found is None:
            found = self._cells[name] = self.variable()
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

    def key_names(self, value: int) -> int:
        """Return the variable that holds the constant keys of a container, as values."""
        return self.cell("key names", self._same(value))

    def elements(self, value: int) -> int:
        """Return all that a container holds."""
        return self.cell("elements", self._same(value))

    def worth(self, value: int) -> int:
        """Return the variable that holds something once a container is worth following over borders."""
        key = ("worth", self._same(value))
        found = self._cells.get(key)
        if found is None:
            found = self._cells[key] = self.variable()
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
