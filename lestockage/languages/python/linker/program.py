"""Program: the shape of a project: its files, units, classes and names, as far as values have nothing to say about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgpack  # type: ignore[import-untyped]  # has no stubs

from lestockage.languages.python.builtin_names import BARE_BASES, has_attribute
from lestockage.languages.python.linker.lazy import Lazy

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Mapping

Key = tuple[str, str, int]
"""A unit: path of its file, dotted name in it, ordinal."""

POSITIONAL_ONLY, EITHER, VARIADIC, KEYWORD_ONLY, KEYWORDS = range(5)


class Place(NamedTuple):
    """What an import statement or a dotted name leads to: a module of the project (without a file: a namespace package), or one outside."""

    dotted: str
    path: str | None
    is_external: bool


class Imported(NamedTuple):
    """One import, resolved as far as files tell: the module it names, and the module of that name inside, which a missing name means."""

    source: Place | None
    inside: Place | None


class ClassShape(NamedTuple):
    """A class's method resolution order, itself first: units of the project, dotted names of others."""

    order: tuple[Key | str, ...]
    metaclass: Key | None


class UnitShape(NamedTuple):
    """One unit: where it stands among the others, and the hash of its summary."""

    name: str
    ordinal: int
    kind: str
    container: int  # index among the file's units, -1 for the module
    flow_hash: bytes
    receiver: str  # "self" or "cls": what a method gets first; "" for anything else
    inheritance: ClassShape | None  # of a class


class FileShape(NamedTuple):
    """One file: its units, the module first; what its imports lead to, by (module, name, level); `__all__`, None when it says none."""

    path: str
    dotted: str
    units: tuple[UnitShape, ...]
    imports: tuple[tuple[tuple[str | None, str | None, int], Imported], ...]
    exports: tuple[str, ...] | None


class Summary(NamedTuple):  # "count" hides a tuple's method, which nobody calls on this
    """What a unit's code says of values (`value_flow`): variables are numbers within the unit."""

    count: int  # type: ignore[assignment]
    parameters: tuple[tuple[str, int, int], ...]
    result: int
    yields: int
    flags: int
    cells: tuple[tuple[str, int], ...]
    free: tuple[tuple[str, int, int], ...]
    outer: tuple[tuple[str, int, int], ...]
    bases: tuple[int, ...]
    ops: tuple[tuple[Any, ...], ...]


NOTHING: Final = Summary(0, (), -1, -1, 0, (), (), (), (), ())


def decode(flow: bytes) -> Summary:
    """Return a summary from the bytes that the facts hold."""
    return Summary(*msgpack.unpackb(flow, use_list=False, unicode_errors="surrogatepass")) if flow else NOTHING


class Unit:
    """One unit of the program that is being linked. Its number is its place in `Program.units`, and is kept while its key lasts."""

    __slots__ = (
        "_container",
        "_metaclass",
        "_order",
        "_referred",
        "assigns",
        "assigns_elsewhere",
        "by_default",
        "by_name",
        "called",
        "calls",
        "cells",
        "chained",
        "children",
        "decorated",
        "decorators",
        "fields",
        "flags",
        "flow",
        "free",
        "gives",
        "held",
        "imports",
        "is_alive",
        "keeps",
        "key",
        "kind",
        "links",
        "literals",
        "match_names",
        "mentions",
        "method",
        "number",
        "open_bases",
        "outer",
        "passing",
        "positional",
        "read",
        "receiver",
        "receives",
        "rest",
        "rest_by_name",
        "result",
        "sets",
        "variables",
        "yields",
    )

    def __init__(self, number: int, key: Key) -> None:
        self.number = number
        self.key = key
        self.is_alive = False
        self.flow = b""  # its summary
        self.read: Summary | None = None  # the same, decoded
        self.kind = ""
        self._referred: tuple[Mapping[int, Unit], int, tuple[int | str, ...], int] | None = None
        self._container: Unit | None = None
        self.method: tuple[int, int] | None = None  # the method that it is or stands in, and the class of that
        self._order: tuple[Unit | str, ...] = ()
        self._metaclass: Unit | None = None
        self.receives = ""  # "self" or "cls" for methods
        self.receiver = -1  # the variable of a method's first parameter
        # What callers see. Variables of parameters are -1 where the code does not use them.
        self.flags = 0
        self.gives: bool | None = None  # what it gives in any case
        self.positional: list[int] = []
        self.by_name: dict[str, int] = {}
        self.by_default: tuple[tuple[str, int], ...] = ()  # parameters that are used and may have a default: name and position, or -1
        self.keeps: tuple[tuple[str, int, str, int], ...] = ()  # of an `__init__`: parameter, its position or -1, attribute, call
        self.rest = -1  # of *args
        self.rest_by_name = -1  # of **kwargs
        self.passing: frozenset[int] = frozenset()  # parameters that are returned as they are
        self.result = -1
        self.yields = -1
        # What other scopes and classes see.
        self.cells: dict[str, int] = {}
        self.fields: list[str] = []  # of a class: annotated names in order, which a generated constructor takes
        self.held: tuple[str, ...] = ()  # of a class: names of its own that may be objects, not functions or literals
        self.match_names: tuple[str, ...] | None = None  # of a class: its `__match_args__`, where it says them
        self.open_bases: tuple[int, ...] = ()  # of a class: variables of bases that only values tell
        self.sets: frozenset[str] = frozenset()  # of an `__init__`: attributes that it sets before anybody else sees the object
        self.children: dict[tuple[str, int], tuple[Key, str]] = {}  # definitions in it and their kinds, by name and place among those of it
        # What was said to the solver.
        self.variables: list[int] = []  # by the summary's numbers
        self.calls: list[int] = []  # by operation
        self.links: list[tuple[int, int, int]] = []
        self.free: tuple[tuple[str, int, int], ...] = ()
        self.outer: tuple[tuple[str, int, int], ...] = ()
        self.imports: list[tuple[Any, ...]] = []  # IMPORT and STAR operations
        self.literals: frozenset[int] = frozenset()  # variables of displays that hold nothing but literals
        self.chained: frozenset[int] = frozenset()  # variables of names from outside, and of what attributes and calls make of them
        self.called: dict[str, int] = {}  # last names of what its code calls, and how often
        self.decorated: frozenset[tuple[str, int]] = frozenset()  # functions in it that are decorated, by name and place among those of it
        self.decorators: dict[int, str] = {}  # the last name of each decorator, by the variable that it is in
        self.assigns: frozenset[str] = frozenset()  # attributes that its code assigns
        self.assigns_elsewhere: frozenset[str] = frozenset()  # those of anything but the method's own object
        self.mentions: frozenset[str] = frozenset()  # names that it looks up in other files, last ones of modules it imports from

    def refer(self, units: Mapping[int, Unit], container: int, order: tuple[int | str, ...], metaclass: int) -> None:
        """Have what it refers to be what these numbers are of, -1 for none; found when it is asked for."""
        self._referred = units, container, order, metaclass

    def _refer(self) -> None:
        if self._referred is not None:
            units, container, order, metaclass = self._referred
            self._referred = None
            self._container = None if container < 0 else units[container]
            self._order = tuple([each if isinstance(each, str) else units[each] for each in order])
            self._metaclass = None if metaclass < 0 else units[metaclass]

    @property
    def container(self) -> Unit | None:
        """The unit around it."""
        if self._referred is not None:
            self._refer()
        return self._container

    @container.setter
    def container(self, unit: Unit | None) -> None:
        self._refer()
        self._container = unit

    @property
    def order(self) -> tuple[Unit | str, ...]:
        """Of a class, its order of bases, itself first."""
        if self._referred is not None:
            self._refer()
        return self._order

    @order.setter
    def order(self, order: tuple[Unit | str, ...]) -> None:
        self._refer()
        self._order = order

    @property
    def metaclass(self) -> Unit | None:
        """The metaclass that a class has in the project."""
        if self._referred is not None:
            self._refer()
        return self._metaclass

    @metaclass.setter
    def metaclass(self, unit: Unit | None) -> None:
        self._refer()
        self._metaclass = unit

    @property
    def summary(self) -> Summary:
        """What its code says of values; decoded while an update needs it."""
        if self.read is None:
            self.read = decode(self.flow)
        return self.read

    @property
    def name(self) -> str:
        """The last part of the unit's name."""
        return self.key[1].rpartition(".")[2]

    @property
    def called_name(self) -> str:
        """The last name by which code calls it: of a constructor, that of its class."""
        return self.container.name if self.container is not None and self.name in ("__init__", "__new__") else self.name


class Program:
    """All units of a project by key and number, and look-ups among them."""

    def __init__(self, bring_unit: Callable[[int], None], bring_file: Callable[[str], None], bring_name: Callable[[str], None]) -> None:
        self.unit_count = 0
        self.units: Lazy[int, Unit] = Lazy(bring_unit)
        self.numbers: Lazy[str, dict[tuple[str, int], int]] = Lazy(bring_file)  # of units, by path, name and ordinal
        self.files: Lazy[str, FileShape] = Lazy(bring_file)
        self.imports: Lazy[str, dict[tuple[str | None, str | None, int], Imported]] = Lazy(bring_file)  # by path
        self.mentions: Lazy[str, set[int]] = Lazy(bring_name)  # units by what they mention
        self.namesakes: Lazy[str, set[int]] = Lazy(bring_name)  # units by the last part of their name
        self.dotted: dict[str, str] = {}  # names of modules, by path: of all files
        self.globals_of: dict[str, frozenset[str]] = {}  # names that functions of a file declare global, by path
        self.paths: dict[str, str] = {}  # of modules, by dotted name
        self.packages: set[str] = set()  # dotted names that begin a module's
        self.named_modules: set[str] = set()  # dotted names that `import a.b` names, whether there are such modules or not
        self.common: set[str] = set()  # decorators that decorate so much that what they return is not told apart
        self.named: set[str] = set()  # last names that are called
        self.busy: set[str] = set()  # last names that are called so often that containers passed there are not followed
        self.assigned: set[str] = set()  # attributes that some code assigns
        self.assigned_elsewhere: set[str] = set()  # those of anything but a method's own object
        self.counts: dict[str, Counter[str]] = {}  # of which the sets above are made (`tables`)
        self.below: dict[int, set[int]] = {}  # classes by those in their orders of bases, and in those of their metaclasses
        self.changed: set[int] = set()  # units that are not in the store as they are here
        self.changed_files: set[str] = set()
        self.changed_names: set[str] = set()
        self.global_names: dict[tuple[str, str], list[tuple[int, int]]] = {}  # looked up since the shape changed
        self._of_common: dict[int, bool] = {}
        self._found: dict[tuple[int, str], tuple[int, str | None]] = {}
        self._set_first: dict[int, frozenset[str]] = {}
        self._metaclasses: dict[int, Unit | None] = {}
        self._open_bases: dict[int, tuple[int, ...]] = {}

    def unit(self, key: Key) -> Unit:
        """Return the unit of that key; a new one that is not alive where there is none."""
        path, name, ordinal = key
        numbers = self.numbers[path]
        number = numbers.get((name, ordinal))
        if number is None:
            number = numbers[name, ordinal] = self.unit_count
            self.unit_count += 1
            unit = self.units[number] = Unit(number, key)
            self.namesakes[unit.name].add(number)
            self.changed.add(number)
            self.changed_files.add(path)
            self.changed_names.add(unit.name)
            return unit
        return self.units[number]

    def mention(self, unit: Unit, names: frozenset[str]) -> None:
        """Enter what a unit mentions now."""
        for name in unit.mentions - names:
            self.mentions[name].discard(unit.number)
        for name in names - unit.mentions:
            self.mentions[name].add(unit.number)
        self.changed_names |= unit.mentions ^ names
        unit.mentions = names

    def child(self, unit: Unit, name: str, place: int) -> Unit:
        """Return the definition of that name in a unit, the one at that place among those of the name."""
        found = unit.children.get((name, place))
        return self.unit(found[0] if found is not None else (unit.key[0], f"{unit.key[1]}.{name}" if unit.key[1] else name, place))

    def is_of_common(self, unit: Unit) -> bool:
        """Tell whether a unit is code of a decorator that decorates very many functions."""
        if not self.common:
            return False
        found = self._of_common.get(unit.number)
        if found is None:
            around: Unit | None = unit
            while around is not None and around.kind != "module" and around.name not in self.common:
                around = around.container
            found = self._of_common[unit.number] = around is not None and around.kind != "module"
        return found

    def is_common_wrapper(self, unit: Unit) -> bool:
        """Tell whether a function passes on what it gets to any of the very many functions that its decorator decorates."""
        return (unit.rest >= 0 or unit.rest_by_name >= 0) and self.is_of_common(unit)

    def module_of(self, path: str | None) -> Unit | None:
        """Return the module of a file."""
        if path is None or path not in self.dotted:
            return None
        return self.unit((path, "", 0))

    def attribute(self, number: int, name: str) -> tuple[int, str | None]:
        """Return where a class has an attribute: the variable of its cell and None, or -1 and the dotted name of one outside, if any."""
        found = self._found.get((number, name))
        if found is None:
            found = self._found[number, name] = self._attribute(self.units[number].order, name)
        return found

    def behind(self, number: int, start: int, name: str) -> tuple[int, str | None]:
        """Return the same for `super()` in the class `start`, for an object of the class `number`."""
        order = self.units[number].order
        begin = next((place for place, each in enumerate(order) if not isinstance(each, str) and each.number == start), None)
        if begin is None:
            order, begin = self.units[start].order, 0
        return self._attribute(order[begin + 1 :], name)

    def _attribute(self, order: tuple[Unit | str, ...], name: str) -> tuple[int, str | None]:
        outside = None
        for each in order:
            if isinstance(each, str):
                if outside is None and each not in BARE_BASES and has_attribute(each, name):
                    outside = f"{each}.{name}"
            else:
                variable = each.cells.get(name)
                if variable is not None:
                    return variable, None
        return -1, outside

    def metaclass(self, number: int) -> Unit | None:
        """Return the class of a class, where it is one of the project: that which it or the first of its bases names."""
        if number not in self._metaclasses:
            order = [each for each in self.units[number].order if not isinstance(each, str)]
            self._metaclasses[number] = next((each.metaclass for each in order if each.metaclass is not None), None)
        return self._metaclasses[number]

    def open_bases(self, number: int) -> tuple[int, ...]:
        """Return the variables of what a class inherits from that only values tell."""
        found = self._open_bases.get(number)
        if found is None:
            order = [each for each in self.units[number].order if not isinstance(each, str)]
            found = self._open_bases[number] = tuple([variable for each in order for variable in each.open_bases])
        return found

    def set_first(self, number: int) -> frozenset[str]:
        """Return the attributes that every object of a class has of its own once others see it: its `__init__` sets them first."""
        found = self._set_first.get(number)
        if found is None:
            found = self._set_first[number] = self._sets_of(number)
        return found

    def _sets_of(self, number: int) -> frozenset[str]:
        for each in self.units[number].order:
            if not isinstance(each, str) and not each.cells.keys().isdisjoint(("__init__", "__new__")):
                defined = each.children.get(("__init__", 0))
                is_only = "__new__" not in each.cells and ("__init__", 1) not in each.children
                return self.unit(defined[0]).sets if defined is not None and is_only else frozenset()
        return frozenset()

    def answer(self, number: int, method: str) -> bool | None:
        """Return what a method gives for every object of a class, where that is True or False and nothing else; None: it is not known."""
        if method in self.assigned:
            return None
        for each in self.units[number].order:
            if isinstance(each, str):
                if each not in BARE_BASES and has_attribute(each, method):
                    return None
            elif method in each.cells:
                defined = each.children.get((method, 0))
                is_only = (method, 1) not in each.children
                return self.unit(defined[0]).gives if defined is not None and is_only and (method, 0) not in each.decorated else None
        return None

    def is_subclass(self, number: int, of: int) -> bool:
        """Tell whether a class is another one or inherits from it."""
        return any(not isinstance(each, str) and each.number == of for each in self.units[number].order)

    def has_base(self, number: int, dotted: str) -> bool:
        """Tell whether a class inherits from one outside the project."""
        return dotted in self.units[number].order

    def shape(self, path: str) -> FileShape | None:
        """Return the shape of a file, None where there is none of that path."""
        return self.files[path] if path in self.dotted else None

    def forget_summaries(self) -> None:
        """Keep no summary decoded."""
        for unit in self.units.values():
            unit.read = None

    def forget_look_ups(self) -> None:
        """Look attributes up anew: classes have changed."""
        self._found.clear()
        self._set_first.clear()
        self._metaclasses.clear()
        self._open_bases.clear()
        self.global_names.clear()
        self._of_common.clear()
