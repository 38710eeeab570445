"""Changes: what of a program's shape an update changes, and what was fired that would be fired otherwise in the new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lestockage.languages.python.linker import codes
from lestockage.languages.python.linker.attributes import is_between
from lestockage.languages.python.linker.names import free_names
from lestockage.languages.python.linker.state import ANY_NAME, NAMING, looked_up
from lestockage.languages.python.linker.values import (
    ASSUMED,
    CARRIED,
    CLASS,
    CONTEXT_MAKER,
    EXTERNAL,
    FUNCTION,
    IMPORTERS,
    INSTANCE,
    MODULE,
    SUPER,
)
from lestockage.languages.python.value_flow import opcodes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lestockage.languages.python.linker.program import Key, Place, Program, Unit
    from lestockage.languages.python.linker.solver import Constraint
    from lestockage.languages.python.linker.state import State
    from lestockage.languages.python.linker.tables import Fields, TablesChange

CALLED: Final = ("positional", "by_name", "by_default", "keeps", "rest", "rest_by_name", "passing", "flags", "is_alive")
"""What of a unit a call of it depends on."""

MADE: Final = ("order", "metaclass", "fields", "held", "match_names", "open_bases", "is_alive")
"""What of a class everything that is done with it and its objects depends on."""


ASSIGNED: Final = frozenset({opcodes.ANSWERS, opcodes.LOAD})


class Change:
    """What of the shape changes, as far as firings and links depend on it."""

    def __init__(self) -> None:
        self.functions: set[int] = set()  # units that are called otherwise
        self.classes: set[int] = set()  # classes that are others, and those below
        self.renamed: set[int] = set()  # classes that have other names, and those below
        self.reshaped: set[int] = set()  # classes whose order of bases is another
        self.member_names: set[str] = set()
        self.module_names: set[str] = set()
        self.assigned: set[str] = set()
        self.answers: set[str] = set()  # methods that may answer otherwise
        self.answering: set[int] = set()  # classes of which they do, and those below
        self.files_differ = False  # there are other modules
        self.asked: set[str] = set()  # files whose modules get or lose a `__getattr__`
        self.named_in: set[int] = set()  # units whose names may lead elsewhere

    @classmethod
    def of(cls, program: Program, plans: Iterable[tuple[Unit, Fields]], tables: TablesChange) -> Change:
        """Return how plans and tables change the shape that is in place."""
        change = cls()
        plans = list(plans)
        planned = {unit.number: fields for unit, fields in plans}
        change.assigned = tables.sets["assigned"] | tables.sets["assigned_elsewhere"]
        local: dict[str, set[str]] = {}
        for unit, fields in plans:
            change._unit(program, unit, fields, local)
        change._modules(program, tables)
        change._stars(program, tables, planned)
        for name in tables.sets["busy"] | tables.sets["named"]:
            for number in program.namesakes[name]:
                change.named_in.add(number)
                change.named_in |= _constructors(program, program.units[number], planned.get(number))
                if name in tables.sets["busy"]:
                    change.functions.add(number)
        change.classes = _with_those_below(program, change.classes)
        change.renamed = _with_those_below(program, change.renamed)
        change.answering = _with_those_below(program, change.answering)
        change._names(program, tables, local)
        return change

    def _unit(self, program: Program, unit: Unit, fields: Fields, local: dict[str, set[str]]) -> None:
        if any(getattr(unit, field) != fields[field] for field in CALLED):
            self.functions.add(unit.number)
        if unit.kind != fields["kind"]:
            for key, _ in (*unit.children.values(), *fields["children"].values()):
                self.functions.add(program.unit(key).number)  # they are methods now, or no longer
        names = unit.cells.keys() ^ fields["cells"].keys()
        if "class" in (unit.kind, fields["kind"]):
            if unit.order != fields["order"]:
                self.reshaped.add(unit.number)
            if (
                any(getattr(unit, field) != fields[field] for field in MADE)
                or any(name.startswith("__") or name in unit.fields for name in names)
                or _initial(unit.children) != _initial(fields["children"])
            ):
                self.classes.add(unit.number)
            elif names:
                self.renamed.add(unit.number)
                self.member_names |= names
        self._answers(unit, fields)
        if unit.sets != fields["sets"]:
            self.classes |= {each.number for each in (unit.container, fields["container"]) if each is not None}
        if "module" in (unit.kind, fields["kind"]):
            self.module_names |= names
            if "__getattr__" in names:
                self.asked.add(unit.key[0])
        if names:
            local.setdefault(unit.key[0], set()).update(names)
        _enter_bases(program, unit, fields)

    def _answers(self, unit: Unit, fields: Fields) -> None:
        """Find out which methods may be others for `Program.answer`, and of which classes."""
        if unit.gives != fields["gives"]:
            self.answering |= {each.number for each in (unit.container, fields["container"]) if each is not None}
            self.answers.add(unit.name)
        if "class" in (unit.kind, fields["kind"]):
            methods = {name for name, _ in unit.decorated ^ fields["decorated"]}
            methods |= {name for (name, _), _ in unit.children.items() ^ fields["children"].items()}
            methods |= unit.cells.keys() ^ fields["cells"].keys()
            if unit.order != fields["order"]:  # what any of its bases answers, may be its own answer now, or no longer
                methods |= fields["cells"].keys()
                for each in {*unit.order, *fields["order"]}:
                    methods |= set() if isinstance(each, str) else each.cells.keys()
            if methods:
                self.answering.add(unit.number)
                self.answers |= methods

    def _modules(self, program: Program, tables: TablesChange) -> None:
        """Find out which names of modules may lead elsewhere since files, imports and exports are others."""
        self.module_names |= self.assigned
        for name in (*tables.maps["paths"], *tables.sets.get("packages", ()), *tables.sets["named_modules"]):
            self.module_names.add(name.rpartition(".")[2])
            self.files_differ = True
        for path, names in tables.maps["globals_of"].items():
            self.module_names |= (names or frozenset()) ^ program.globals_of.get(path, frozenset())

    def _stars(self, program: Program, tables: TablesChange, planned: dict[int, Fields]) -> None:
        """Find out which names stars may bring from elsewhere: those of the modules whose exports are others, or that other stars mean."""

        def stars_of(path: str) -> tuple[set[Place], set[Place]]:
            module = program.module_of(path)
            if module is None:
                module = program.unit((path, "", 0))
            fields = planned.get(module.number)
            imports = program.imports[path] if path in program.dotted else {}
            new_imports = tables.maps["imports"].get(path, imports) or {}
            found: list[set[Place]] = []
            for ops, resolved in ((module.imports, imports), (module.imports if fields is None else fields["imports"], new_imports)):
                keys = [(op[1], "*", op[2]) for op in ops if op[0] == opcodes.STAR]
                found.append({of.source for key in keys if (of := resolved.get(key)) is not None and of.source is not None})
            return found[0], found[1]

        met: set[str] = set()

        def bring(path: str) -> None:
            if path in met:
                return
            met.add(path)
            module = program.unit((path, "", 0))
            fields = planned.get(module.number)
            self.module_names |= module.cells.keys() | (set() if fields is None else fields["cells"].keys())
            before, after = program.shape(path), tables.maps["files"].get(path)
            for shape in (before, after):
                if shape is not None:
                    self.module_names.update(shape.exports or ())
            old, new = stars_of(path)
            for each in old | new:
                if each.path is not None:
                    bring(each.path)

        for path, shape in tables.maps["files"].items():
            before = program.shape(path)
            if (None if before is None else before.exports) != (None if shape is None else shape.exports):
                bring(path)
            old, new = stars_of(path)
            for each in old ^ new:
                if each.path is not None:
                    bring(each.path)

    def _names(self, program: Program, tables: TablesChange, local: dict[str, set[str]]) -> None:
        """Find the units whose names may lead elsewhere."""
        for name in self.module_names:
            self.named_in |= program.mentions[name]
        for path, imports in tables.maps["imports"].items():
            before = program.imports[path] if path in program.dotted else None
            if before != imports:
                self.named_in |= set(program.numbers[path].values())
        for path, names in local.items():
            for number in program.numbers[path].values():
                if not names.isdisjoint(free_names(program.units[number])):
                    self.named_in.add(number)

    # -- firings

    def affected(self, s: State) -> list[tuple[Constraint, int]]:
        """Return what was fired and would be fired otherwise in the new shape; the old one is in place."""
        found: list[tuple[Constraint, int]] = []
        for value in self._values(s):
            holders = s.values.holders[value]
            assert holders is not None  # noqa: S101  # their kinds are traced
            for variable in holders:
                found += [(constraint, value) for constraint in s.watchers(variable)]
        for name in self.member_names | self.module_names | self.assigned:
            for variable in s.readers[name]:
                reading = [each for each in s.watchers(variable) if each[0] in NAMING and looked_up(each) == name]
                if reading:
                    held = s.holds(variable)
                    for constraint in reading:
                        is_assigned = constraint[0] in ASSIGNED and name in self.assigned
                        found += [(constraint, value) for value in held if is_assigned or self._reaches(s, value, name)]
        for name in self.answers:
            for variable in s.readers[name]:
                asking = [each for each in s.watchers(variable) if each[0] == opcodes.ANSWERS and each[3] == name]
                if asking:
                    values = [
                        value for value in s.holds(variable) if s.kinds[value] in (INSTANCE, ASSUMED) and self._asks(s, s.parts[value][1])
                    ]
                    found += [(constraint, value) for constraint in asking for value in values]
        for variable in s.readers[ANY_NAME]:
            found += [
                (constraint, value)
                for constraint in s.watchers(variable)
                if constraint[0] == opcodes.LOADS
                for name in self.member_names | self.module_names | self.assigned
                if is_between(name, constraint[3], constraint[4])
                for value in s.holds(variable)
                if name in self.assigned or self._reaches(s, value, name)
            ]
        for unit in self.reshaped:
            for variable in s.narrowed.get(s.values.known(CLASS, unit), ()):
                found += [
                    (constraint, value)
                    for constraint in s.watchers(variable)
                    if constraint[0] in (codes.NARROW_TO, codes.NARROW_FROM)
                    for value in s.holds(variable)
                ]
        return found

    def _values(self, s: State) -> set[int]:
        """Return the values of which everything that is done with them depends on what changes."""
        known = s.values.known
        found: set[int] = set()
        for unit in self.functions:
            function = known(FUNCTION, unit)
            found |= {function, known(CONTEXT_MAKER, unit), *self._derived(s, function)}
            if function >= 0:
                found.add(known(CARRIED, function))
        for unit in self.classes:
            for kind in (CLASS, INSTANCE, ASSUMED):
                value = known(kind, unit)
                found |= {value, *self._derived(s, value)}
        for path in self.asked & s.program.dotted.keys():
            found.add(known(MODULE, s.program.dotted[path], path))
        if self.files_differ:
            found |= {known(EXTERNAL, dotted) for dotted in IMPORTERS}
        found.discard(-1)
        return found

    @staticmethod
    def _derived(s: State, value: int) -> Iterable[int]:
        if value < 0:
            return ()
        s.parts[value]  # brings what is derived from it
        return s.values.derived.get(value, ())

    def _asks(self, s: State, unit: int) -> bool:
        """Tell whether objects of a class, or of one below it that an assumed object may be of, may answer otherwise."""
        return unit in self.answering or not self.answering.isdisjoint(s.program.below.get(unit, ()))

    def _reaches(self, s: State, value: int, name: str) -> bool:
        """Tell whether looking up a name on a value may lead elsewhere."""
        kind, parts = s.kinds[value], s.parts[value]
        if kind == MODULE:
            return name in self.module_names
        if name not in self.member_names:
            return False
        if kind in (INSTANCE, ASSUMED, CLASS):
            return parts[1] in self.renamed
        return kind == SUPER and (parts[1] in self.renamed or s.parts[parts[2]][1] in self.renamed)


def _initial(children: dict[tuple[str, int], tuple[Key, str]]) -> list[tuple[Key, str] | None]:
    """Return the first two definitions of `__init__` in a class: a single one tells what its objects have of their own."""
    return [children.get(("__init__", place)) for place in range(2)]


def _constructors(program: Program, unit: Unit, fields: Fields | None) -> set[int]:
    """Return the constructors that a class has, or will have, which are called by its name."""
    found = [*unit.children.items(), *(() if fields is None else fields["children"].items())]
    return {program.unit(key).number for (name, _), (key, _) in found if name in ("__init__", "__new__")}


def _enter_bases(program: Program, unit: Unit, fields: Fields) -> None:
    """Enter a class among those below the bases that it gets; those that it loses keep it, which only costs."""
    for base in (*fields["order"], fields["metaclass"]):
        if base is not None and not isinstance(base, str) and base is not unit:
            program.below.setdefault(base.number, set()).add(unit.number)


def _with_those_below(program: Program, classes: set[int]) -> set[int]:
    """Return classes with all that inherit from them, or from whose instances they are made."""
    found: set[int] = set()
    waiting = list(classes)
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting.extend(program.below.get(each, ()))
    return found
