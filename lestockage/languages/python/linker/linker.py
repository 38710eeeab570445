"""Linker: the units of one project joined, and what each of their calls may run; an update costs what it changes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from lestockage.languages.python.linker import codes
from lestockage.languages.python.linker.matching import identities
from lestockage.languages.python.linker.names import links_of
from lestockage.languages.python.linker.program import (
    EITHER,
    KEYWORD_ONLY,
    KEYWORDS,
    POSITIONAL_ONLY,
    VARIADIC,
    FileShape,
    Summary,
    Unit,
    UnitShape,
    decode,
)
from lestockage.languages.python.linker.rules import RULES
from lestockage.languages.python.linker.saying import Link, called_names, heading, literals, new_call, say, say_links
from lestockage.languages.python.linker.state import State
from lestockage.languages.python.linker.values import (
    ASSUMED,
    BOUND,
    CLASS,
    CONTEXT_MAKER,
    FUNCTION,
    INSTANCE,
    MODULE,
    SUPER,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lestockage.languages.python.linker.program import Key
    from lestockage.languages.python.linker.solver import Constraint

_SAID = ("shape", "summary", "kind", "container", "method", "order", "metaclass", "receives", "receiver", "flags", "positional", "by_name")
_SEEN = (
    "rest",
    "rest_by_name",
    "passing",
    "result",
    "yields",
    "cells",
    "fields",
    "assigns",
    "assigns_elsewhere",
    "decorators",
    "children",
    "called",
    "literals",
    "variables",
    "calls",
    "is_alive",
)
_FIELDS = (*_SAID, *_SEEN, "free", "outer", "imports")
"""What an update replaces of a unit."""


COMMON = 16
"""Uses of a decorator from which on the functions it returns are not followed: what calls one calls the decorated function beside it."""

BUSY = 4
"""Calls of a name from which on containers that are passed to functions of that name are not followed: they are data."""


class _Plan(NamedTuple):
    """How one unit changes: its new fields, and the operations that come and go."""

    unit: Unit
    fields: dict[str, Any]
    removed: list[tuple[tuple[Any, ...], int]]
    added: list[tuple[tuple[Any, ...], int]]


class Linker(State):
    """All that is known of one project."""

    def __init__(self) -> None:
        super().__init__(RULES)

    def update(
        self, shapes: Mapping[str, FileShape], removed: Iterable[str], order: Iterable[str], flow: Callable[[Key], bytes]
    ) -> set[str]:
        """Take over new shapes of files; return the paths of those whose results may be others now.

        `order` are the paths of all files, that of the file which a module's name means before others of that name. `flow` gives the
        summary of a unit by its key.
        """
        program = self.program
        is_first = not program.files
        files = {path: shape for path, shape in program.files.items() if path not in set(removed)} | dict(shapes)
        plans = self._plans(shapes, set(removed), flow)
        order = list(order)
        tables = self._tables(files, order, plans)
        if not is_first and tables["common"] != program.common:
            # What very common decorators decorate is handled otherwise throughout; a decorator becomes one once.
            return self._anew(files, order, flow)
        before = {field: getattr(program, field) for field in tables}
        changed = {plan.unit.number for plan in plans}
        busier = (before["busy"] ^ tables["busy"]) | (before["named"] ^ tables["named"])

        self._switch(plans, tables)
        renamed = is_first or _names_differ(plans, before, tables)
        links = {
            unit.number: [*heading(self, unit), *links_of(self, unit)] if unit.is_alive else []
            for unit in program.units
            if renamed or unit.number in changed or unit.name in busier
        }
        if is_first:
            self._begin(plans, links)
            return set(files)
        reshaped = self._reshaped(plans)
        self._switch(plans, before)

        gone_links: list[Link] = []
        new_links: list[Link] = []
        for number, wanted in links.items():
            said = program.units[number].links
            if said != wanted:
                gone, new = set(said) - set(wanted), set(wanted) - set(said)
                gone_links += gone
                new_links += new
        affected = self._affected(plans, reshaped, before, tables, renamed=renamed)

        self.begin_retraction()
        for constraint, value in affected:
            self.unfire(constraint, value)
        for plan in plans:
            for op, call in plan.removed:
                say(self, plan.unit, op, call)
        say_links(self, gone_links)
        self.part_from_bases(reshaped)
        lost = self.end_retraction()
        if lost is None:
            return self._anew(files, order, flow)

        self._switch(plans, tables)
        program.forget_look_ups()
        self.join_bases(reshaped)
        for number, wanted in links.items():
            program.units[number].links = wanted
        for plan in plans:
            for op, call in plan.added:
                say(self, plan.unit, op, call)
        say_links(self, new_links)
        self.refire()
        self.rederive(lost)
        self.solve()
        touched = {self.owners[call] for call in self.touched if call in self.owners} | changed
        self.touched.clear()
        return {program.units[number].key[0] for number in touched} & set(files)

    def _anew(self, files: Mapping[str, FileShape], order: Iterable[str], flow: Callable[[Key], bytes]) -> set[str]:
        """Forget everything and link all files."""
        Linker.__init__(self)
        return self.update(files, (), order, flow)

    # -- shapes

    def _plans(self, shapes: Mapping[str, FileShape], removed: set[str], flow: Callable[[Key], bytes]) -> list[_Plan]:
        program = self.program
        plans = []
        for path in removed | set(shapes):
            before = program.files.get(path)
            shape = shapes.get(path)
            wanted = {} if shape is None else {(path, unit.name, unit.ordinal): unit for unit in shape.units}
            children = {} if shape is None else _children(shape)
            for key, unit_shape in wanted.items():
                unit = program.unit(key)
                is_same = unit.shape == unit_shape and unit.is_alive and unit.children == children[key]
                if is_same and shape is not None and self._places(unit_shape, shape) == (unit.container, unit.method):
                    continue
                plans.append(self._plan(unit, unit_shape, shape, children[key], flow))
            for old in () if before is None else before.units:
                key = (path, old.name, old.ordinal)
                if key not in wanted:
                    plans.append(self._end(program.unit(key)))
        return plans

    def _end(self, unit: Unit) -> _Plan:
        empty = Unit(unit.number, unit.key)
        fields = {field: getattr(empty, field) for field in _FIELDS}
        return _Plan(unit, fields, list(zip(unit.summary.ops, unit.calls, strict=True)), [])

    def _plan(
        self,
        unit: Unit,
        shape: UnitShape,
        file: FileShape | None,
        children: dict[tuple[str, int], tuple[Key, str]],
        flow: Callable[[Key], bytes],
    ) -> _Plan:
        assert file is not None  # noqa: S101  # its caller looked
        program = self.program
        is_same = unit.is_alive and unit.shape is not None and unit.shape.flow_hash == shape.flow_hash
        summary = unit.summary if is_same else decode(flow(unit.key))
        new = Unit(unit.number, unit.key)
        new.shape, new.summary, new.kind, new.is_alive = shape, summary, shape.kind, True
        new.container, new.method = self._places(shape, file)
        if shape.inheritance is not None:
            new.order = tuple([each if isinstance(each, str) else program.unit(each) for each in shape.inheritance.order])
            metaclass = shape.inheritance.metaclass
            new.metaclass = None if metaclass is None else program.unit(metaclass)
        new.receives = shape.receiver
        new.children = children
        known: dict[Any, int] = {}
        matched: dict[int, int] = {}
        passing_names = frozenset(
            name for name, _, variable in summary.parameters if variable >= 0 and variable in _returned(summary, shape)
        )
        if unit.is_alive:
            before = frozenset(
                name for name, _, variable in unit.summary.parameters if variable >= 0 and unit.variables[variable] in unit.passing
            )
            old_variables, old_operations = identities(unit.summary, known, before)
            matched = {identity: unit.variables[variable] for variable, identity in old_variables.items() if variable >= 0}
        variables, operations = identities(summary, known, passing_names) if unit.is_alive else ({}, [])
        new.variables = self._number(unit, summary, variables, matched)
        self._present(new, summary)
        new.passing = frozenset(new.variables[variable] for name, _, variable in summary.parameters if name in passing_names)
        if not unit.is_alive:
            new.calls = [new_call(self, new, op) for op in summary.ops]
            self._own(new)
            return _Plan(unit, {field: getattr(new, field) for field in _FIELDS}, [], list(zip(summary.ops, new.calls, strict=True)))
        old_operations = _with_meaning(unit, old_operations, known)
        operations = _with_meaning(new, operations, known)
        old_calls = dict(zip(old_operations, unit.calls, strict=True))
        added = []
        for op, identity in zip(summary.ops, operations, strict=True):
            if identity in old_calls:
                new.calls.append(old_calls[identity])
            else:
                new.calls.append(new_call(self, new, op))
                added.append((op, new.calls[-1]))
        kept = set(operations)
        gone = [(op, call) for op, call, identity in zip(unit.summary.ops, unit.calls, old_operations, strict=True) if identity not in kept]
        self._own(new)
        return _Plan(unit, {field: getattr(new, field) for field in _FIELDS}, gone, added)

    def _places(self, shape: UnitShape, file: FileShape) -> tuple[Unit | None, tuple[int, int] | None]:
        """Return the unit around one, and the method that it is or stands in with the class of that."""
        unit = self.program.unit
        container, method = None, None
        while shape.container >= 0:
            around = file.units[shape.container]
            found = unit((file.path, around.name, around.ordinal))
            if container is None:
                container = found
            if around.kind == "class" and shape.kind != "class":
                method = unit((file.path, shape.name, shape.ordinal)).number, found.number
                break
            shape = around
        return container, method

    def _own(self, unit: Unit) -> None:
        for call in unit.calls:
            if call >= 0:
                self.owners[call] = unit.number

    def _number(self, unit: Unit, summary: Summary, identities_: dict[int, int], matched: dict[int, int]) -> list[int]:
        """Return the variables of the whole system that a summary's are, -1 behind them."""
        found = [-1] * (summary.count + 1)
        for name, _, variable in summary.parameters:
            if variable >= 0:
                found[variable] = self.cell("parameter", unit.number, name)
        if not matched:
            first = self.variables(summary.count)
            for variable in range(summary.count):
                if found[variable] < 0:
                    found[variable] = first + variable
            return found
        for variable in range(summary.count):
            if found[variable] < 0:
                known = matched.get(identities_.get(variable, -2), -1)
                found[variable] = known if known >= 0 else self.variable()
        return found

    def _present(self, unit: Unit, summary: Summary) -> None:
        """Fill in what others see of a unit."""
        number = unit.number
        v = unit.variables
        unit.flags = summary.flags
        for name, kind, variable in summary.parameters:
            place = v[variable]
            if kind in (POSITIONAL_ONLY, EITHER):
                unit.positional.append(place)
            if kind in (EITHER, KEYWORD_ONLY):
                unit.by_name[name] = place
            if kind == VARIADIC:
                unit.rest = place
            if kind == KEYWORDS:
                unit.rest_by_name = place
        if unit.positional:
            unit.receiver = unit.positional[0]
        unit.result = self.cell("result", number)
        unit.yields = self.cell("yields", number) if summary.yields >= 0 else -1
        unit.cells = {name: self.cell("name", number, name) for name, _ in summary.cells}
        unit.free, unit.outer = summary.free, summary.outer
        unit.imports = [
            (op[0], v[op[1]], *op[2:]) if op[0] == codes.IMPORT else op for op in summary.ops if op[0] in (codes.IMPORT, codes.STAR)
        ]
        unit.free = tuple([(name, v[variable], is_heading) for name, variable, is_heading in summary.free])
        unit.outer = tuple([(name, v[variable], is_global) for name, variable, is_global in summary.outer])
        own = summary.parameters[0][2] if unit.receives == "self" and summary.parameters else -2
        stores = [op for op in summary.ops if op[0] == codes.STORE]
        annotated = [op[1] for op in summary.ops if op[0] == codes.ANNOTATED]
        unit.literals = literals(summary)
        unit.decorators, unit.called = called_names(summary)
        unit.assigns = frozenset([*[op[2] for op in stores], *annotated])
        unit.assigns_elsewhere = frozenset([op[2] for op in stores if op[1] != own])
        if unit.kind == "class":
            unit.fields = annotated

    def _tables(self, files: dict[str, FileShape], order: Iterable[str], plans: list[_Plan]) -> dict[str, Any]:
        """Return what is known of all files together, once the plans are carried out."""
        paths: dict[str, str] = {}
        packages: set[str] = set()
        for path in order:
            if path in files:
                dotted = files[path].dotted
                paths.setdefault(dotted, path)
                while (dotted := dotted.rpartition(".")[0]) and dotted not in packages:
                    packages.add(dotted)
        imports = {
            path: self.program.imports[path] if self.program.files.get(path) is shape else dict(shape.imports)
            for path, shape in files.items()
        }
        assigned: set[str] = set()
        elsewhere: set[str] = set()
        globals_of: dict[str, set[str]] = {}
        decorations: Counter[str] = Counter()
        called: Counter[str] = Counter()
        planned = {plan.unit.number: plan.fields for plan in plans}
        for unit in self.program.units:
            fields = planned.get(unit.number)
            assigned |= unit.assigns if fields is None else fields["assigns"]
            decorations.update((unit.decorators if fields is None else fields["decorators"]).values())
            called.update(unit.called if fields is None else fields["called"])
            elsewhere |= unit.assigns_elsewhere if fields is None else fields["assigns_elsewhere"]
            for name, _, is_global in unit.outer if fields is None else fields["outer"]:
                if is_global:
                    globals_of.setdefault(unit.key[0], set()).add(name)
        return {
            "files": files,
            "paths": paths,
            "packages": frozenset(packages),
            "imports": imports,
            "named_modules": frozenset([key[0] for each in imports.values() for key in each if not key[1] and key[0]]),
            "common": frozenset([name for name, count in decorations.items() if count >= COMMON]),
            "named": frozenset(called),
            "busy": frozenset([name for name, count in called.items() if count >= BUSY]),
            "assigned": frozenset(assigned),
            "assigned_elsewhere": frozenset(elsewhere),
            "globals_of": {path: frozenset(names) for path, names in globals_of.items()},
        }

    def _switch(self, plans: list[_Plan], tables: dict[str, Any]) -> None:
        """Exchange the fields of units with those of their plans, and take over tables."""
        for plan in plans:
            for field in _FIELDS:
                value = getattr(plan.unit, field)
                setattr(plan.unit, field, plan.fields[field])
                plan.fields[field] = value
        for field, table in tables.items():
            setattr(self.program, field, table)
        self.program.forget_look_ups()

    def _begin(self, plans: list[_Plan], links: dict[int, list[Link]]) -> None:
        for plan in plans:
            for op, call in plan.added:
                say(self, plan.unit, op, call)
        for number, wanted in links.items():
            self.program.units[number].links = wanted
            say_links(self, dict.fromkeys(wanted))
        self.solve()
        self.touched.clear()

    # -- what a change of shape reaches

    def _reshaped(self, plans: list[_Plan]) -> set[int]:
        """Return the classes whose order of bases changes."""
        return {plan.unit.number for plan in plans if plan.unit.order != plan.fields["order"]}

    def _affected(
        self, plans: list[_Plan], reshaped: set[int], before: dict[str, Any], after: dict[str, Any], *, renamed: bool
    ) -> list[tuple[Constraint, int]]:
        """Return what was fired and would be fired otherwise in the new shape; the old one is in place."""
        change = _Change.of(self, plans, before, after, renamed=renamed)
        if change.is_empty:
            return []
        kinds: dict[int, int] = {}
        for value in range(len(self.kinds)):
            how = change.reaches(self, value)
            if how:
                kinds[value] = how
        wholly = {value for value, how in kinds.items() if how == _WHOLLY}
        by_name = {value: how for value, how in kinds.items() if how != _WHOLLY}
        found: list[tuple[Constraint, int]] = []
        for variable, watchers in enumerate(self.watch):
            if not watchers:
                continue
            held = self.points[variable]
            if wholly and not wholly.isdisjoint(held):
                reached = held & wholly
                found += [(constraint, value) for constraint in watchers for value in reached]
            for constraint in watchers:
                code = constraint[0]
                if code in _NAMING and by_name:
                    name = constraint[3]
                    if name in change.member_names or name in change.module_names:
                        found += [(constraint, value) for value in held if value in by_name and name in change.names(by_name[value])]
                if (
                    (code == codes.LOAD and constraint[3] in change.assigned)
                    or (reshaped and code in (codes.NARROW_TO, codes.NARROW_FROM))
                    or (code == codes.SPREAD_KEYWORDS and constraint[2] in change.functions)
                    or (code == codes.SPREAD and constraint[4] in change.functions)
                ):
                    found += [(constraint, value) for value in held]
        return found


_NAMING = frozenset({codes.LOAD, codes.STORE, codes.METHOD})
"""Constraints that look a name up on a value, as their fourth field."""

_WHOLLY, _MEMBERS, _NAMES = 1, 2, 3
"""How a value is reached: whatever is done with it; where one of some names of its class, or of its module, is looked up."""


class _Change:
    """What of the shape changes, as far as firings depend on it."""

    def __init__(self) -> None:
        self.functions: set[int] = set()  # units that are called otherwise
        self.classes: set[int] = set()  # classes that are others, and those below
        self.renamed: set[int] = set()  # classes that have other names, and those below
        self.member_names: set[str] = set()
        self.module_names: set[str] = set()
        self.modules_differ = False
        self.assigned: set[str] = set()

    @classmethod
    def of(cls, linker: Linker, plans: list[_Plan], before: dict[str, Any], after: dict[str, Any], *, renamed: bool) -> _Change:
        """Return how plans and tables change the shape that is in place."""
        change = cls()
        busier = before["busy"] ^ after["busy"]
        change.functions = {unit.number for unit in linker.program.units if unit.name in busier}
        change.modules_differ = renamed and (
            _tables_differ(before, after) or any(plan.unit.imports != plan.fields["imports"] for plan in plans)
        )
        change.assigned = {name for field in ("assigned", "assigned_elsewhere") for name in before[field] ^ after[field]}
        change.module_names |= change.assigned
        for plan in plans:
            unit, new = plan.unit, plan.fields
            if any(getattr(unit, field) != new[field] for field in _CALLED):
                change.functions.add(unit.number)
            names = unit.cells.keys() ^ new["cells"].keys()
            if "class" in (unit.kind, new["kind"]):
                if any(getattr(unit, field) != new[field] for field in ("order", "metaclass", "fields", "is_alive")) or any(
                    name.startswith("__") or name in unit.fields for name in names
                ):
                    change.classes.add(unit.number)
                elif names:
                    change.renamed.add(unit.number)
                    change.member_names |= names
            elif "module" in (unit.kind, new["kind"]):
                change.module_names |= names
        change.classes = _with_those_below(linker, change.classes)
        change.renamed = _with_those_below(linker, change.renamed)
        return change

    @property
    def is_empty(self) -> bool:
        """Nothing that was fired depends on what changes."""
        return not (self.functions or self.classes or self.renamed or self.module_names or self.modules_differ)

    def names(self, how: int) -> set[str]:
        """Return the names whose looking-up is reached in that way."""
        return self.member_names if how == _MEMBERS else self.module_names

    def reaches(self, linker: Linker, value: int) -> int:
        """Tell how a value is reached, 0 for not at all."""
        kind = linker.kinds[value]
        parts = linker.parts[value]
        if kind in (FUNCTION, CONTEXT_MAKER):
            return _WHOLLY if parts[1] in self.functions else 0
        if kind == BOUND:
            return _WHOLLY if linker.kinds[parts[1]] == FUNCTION and linker.parts[parts[1]][1] in self.functions else 0
        if kind in (INSTANCE, ASSUMED, CLASS):
            return self._of_class(parts[1])
        if kind == SUPER:
            return self._of_class(linker.parts[parts[2]][1]) or self._of_class(parts[1])
        if kind == MODULE:
            return _WHOLLY if self.modules_differ else _NAMES if self.module_names else 0
        return 0

    def _of_class(self, unit: int) -> int:
        return _WHOLLY if unit in self.classes else _MEMBERS if unit in self.renamed else 0


_CALLED = ("positional", "by_name", "rest", "rest_by_name", "passing", "flags", "is_alive")
"""What of a unit a call of it depends on."""


def _with_those_below(linker: Linker, classes: set[int]) -> set[int]:
    """Return classes with all that inherit from them, or from whose instances they are made."""
    if not classes:
        return classes
    found = set(classes)
    for unit in linker.program.units:
        of = {each.number for each in unit.order if not isinstance(each, str)}
        if unit.metaclass is not None:
            of |= {each.number for each in unit.metaclass.order if not isinstance(each, str)} | {unit.metaclass.number}
        if of & classes:
            found.add(unit.number)
    return found


def _children(shape: FileShape) -> dict[Key, dict[tuple[str, int], tuple[Key, str]]]:
    """Return the definitions in each unit of a file and their kinds, by name and place among those of the name."""
    keys = [(shape.path, unit.name, unit.ordinal) for unit in shape.units]
    found: dict[Key, dict[tuple[str, int], tuple[Key, str]]] = {key: {} for key in keys}
    counts: dict[tuple[int, str], int] = {}
    for key, unit in zip(keys, shape.units, strict=True):
        if unit.container >= 0:
            name = unit.name.rpartition(".")[2]
            place = counts.get((unit.container, name), 0)
            counts[unit.container, name] = place + 1
            found[keys[unit.container]][name, place] = key, unit.kind
    return found


def _with_meaning(unit: Unit, operations: list[int], known: dict[Any, int]) -> list[int]:
    """Return what operations are known by, together with what else of the unit decides what they say.

    The same definition may make another unit, or a class where it was a function; a display may come to hold more than literals.
    """

    def meaning(op: tuple[Any, ...]) -> Any:  # noqa: ANN401  # whatever it is
        code = op[0]
        if code == codes.DEFINE:
            return unit.children.get((op[2], op[3]))
        if code == codes.DEFAULT:
            return unit.children.get((op[1], op[2]))
        if code == codes.MAKE:
            return op[1] in unit.literals
        if code == codes.ANNOTATED:
            return unit.kind == "class", unit.method
        if code == codes.SUPER_OF and op[2] < 0:
            return unit.method, unit.receiver
        return unit.decorators.get(op[2]) if code == codes.DECORATE else None

    return [
        identity if (more := meaning(op)) is None else known.setdefault((identity, more), len(known))
        for op, identity in zip(unit.summary.ops, operations, strict=True)
    ]


def _returned(summary: Summary, shape: UnitShape) -> set[int]:
    """Return the variables that a unit gives back as they are."""
    if summary.result < 0 or shape.kind in ("module", "class") or summary.flags:
        return set()
    return {summary.result, *[op[2] for op in summary.ops if op[0] == codes.COPY and op[1] == summary.result]}


def _names_differ(plans: list[_Plan], before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Tell whether a name may lead elsewhere than before; the new shape is in place."""
    return (
        any(plan.unit.cells.keys() != plan.fields["cells"].keys() or plan.unit.imports != plan.fields["imports"] for plan in plans)
        or _tables_differ(before, after)
        or before["assigned_elsewhere"] != after["assigned_elsewhere"]
    )


def _tables_differ(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Tell whether modules, or what imports and stars lead to, may be others."""
    return any(before[field] != after[field] for field in ("paths", "packages", "globals_of", "imports", "named_modules")) or any(
        shape.exports != after["files"][path].exports for path, shape in before["files"].items() if path in after["files"]
    )
