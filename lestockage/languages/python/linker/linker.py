"""Linker: the units of one project joined, and what each of their calls may run; an update costs what it changes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from lestockage.languages.python.linker.changes import Change
from lestockage.languages.python.linker.kept import Kept
from lestockage.languages.python.linker.matching import identities
from lestockage.languages.python.linker.names import links_of, mentioned
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
)
from lestockage.languages.python.linker.rules import RULES
from lestockage.languages.python.linker.saying import Link, called_names, chained, heading, literals, new_call, say, say_links
from lestockage.languages.python.linker.solver import LEAST, RANKS
from lestockage.languages.python.linker.tables import TablesChange
from lestockage.languages.python.linker.told import by_default, decorated, held_names, kept_of, open_bases, rebound
from lestockage.languages.python.value_flow import opcodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lestockage.languages.python.linker.program import Key

_FIELDS = (
    *("flow", "read", "kind", "container", "method", "order", "metaclass", "receives", "receiver", "flags", "positional", "by_name"),
    *("gives", "by_default", "keeps", "decorated", "held", "match_names", "open_bases", "sets"),
    *("rest", "rest_by_name", "passing", "result", "yields", "cells", "fields", "assigns", "assigns_elsewhere", "decorators", "children"),
    *("called", "literals", "chained", "variables", "calls", "is_alive", "free", "outer", "imports"),
)
"""What an update replaces of a unit."""


MOST_VALUES = 6
MANY = 100_000
"""Values that a variable may hold on average, and those that all may hold in any case, before only what can be called travels as data."""

MOST_GROWTH = 2
"""Times as many variables as there were at first, from which on all files are linked anew."""


class _Plan(NamedTuple):
    """How one unit changes: its new fields, and the operations that come and go."""

    unit: Unit
    fields: dict[str, Any]
    removed: list[tuple[tuple[Any, ...], int]]
    added: list[tuple[tuple[Any, ...], int]]


class Linker(Kept):
    """All that is known of one project."""

    def __init__(self) -> None:
        super().__init__(RULES)

    def update(  # noqa: PLR0912  # steps of one update, of which several may end it
        self, shapes: Mapping[str, FileShape], removed: Iterable[str], order: Iterable[str], flow: Callable[[Key], bytes]
    ) -> set[str]:
        """Take over new shapes of files; return the paths of those whose results may be others now.

        `order` are the paths of all files, that of the file which a module's name means before others of that name. `flow` gives the
        summary of a unit by its key.
        """
        program = self.program
        is_first = not program.unit_count  # where all files are gone, what they were is known still
        removed = set(removed) & program.dotted.keys()
        order = list(order)
        plans = self._plans(shapes, removed, flow)
        tables = TablesChange.of(program, shapes, removed, order, [(plan.unit, plan.fields) for plan in plans])
        has_aged = self.count > MOST_GROWTH * self.began_with + LEAST or self.highest > RANKS // 2
        if not is_first and (tables.sets["common"] or has_aged):
            # What very common decorators decorate is handled otherwise throughout; a decorator becomes one once.
            # And numbers are not given twice, nor ranks lowered: what edits have left behind goes.
            return self._anew(shapes, removed, order, flow)
        change = Change.of(program, [(plan.unit, plan.fields) for plan in plans], tables)
        changed = {plan.unit.number for plan in plans}

        self._switch(plans, tables)
        links = {
            number: [*heading(self, unit), *links_of(self, unit)] if unit.is_alive else []
            for number in sorted(changed | change.named_in)
            for unit in (program.units[number],)
        }
        if is_first:
            if not self._begin(plans, links):
                return self._anew(shapes, removed, order, flow, is_coarse=True)
            tables.count()
            return set(shapes)
        self._switch(plans, tables)

        gone_links: list[Link] = []
        new_links: list[Link] = []
        for number, wanted in links.items():
            said = program.units[number].links
            if said != wanted:
                gone, new = set(said) - set(wanted), set(wanted) - set(said)
                gone_links += gone
                new_links += new

        self.begin_retraction()
        for constraint, value in change.affected(self):
            self.unfire(constraint, value)
        for plan in plans:
            for op, call in plan.removed:
                say(self, plan.unit, op, call)
        say_links(self, gone_links)
        self.part_from_bases(change.reshaped)
        if not self.end_retraction():
            return self._anew(shapes, removed, order, flow)

        self._switch(plans, tables)
        tables.count()
        self.join_bases(change.reshaped)
        self.refire()
        for number, wanted in links.items():
            self._take_links(program.units[number], wanted)
        for plan in plans:
            for op, call in plan.added:
                say(self, plan.unit, op, call)
        say_links(self, new_links)
        if not self.solve():
            return self._anew({}, (), order, flow, is_coarse=True)
        touched = {self.calls[call].owner for call in self.touched} | changed
        self.touched.clear()
        return {program.units[number].key[0] for number in touched} & program.dotted.keys()

    def _anew(  # all that an update knows
        self,
        shapes: Mapping[str, FileShape],
        removed: Iterable[str],
        order: Iterable[str],
        flow: Callable[[Key], bytes],
        *,
        is_coarse: bool = False,
    ) -> set[str]:
        """Forget everything and link all files; where there are far too many values, without those that travel as data."""
        files = {path: self.program.files[path] for path in self.program.dotted if path not in removed} | dict(shapes)
        Linker.__init__(self)
        self.values.is_coarse = is_coarse
        return self.update(files, (), order, flow)

    def most_held(self) -> float:
        """Return how many values all variables together may hold before objects are no longer followed as data."""
        return math.inf if self.values.is_coarse else MOST_VALUES * self.count + MANY

    def _take_links(self, unit: Unit, links: list[Link]) -> None:
        unit.links = links
        self.program.changed.add(unit.number)
        self.program.mention(unit, mentioned(self.program, unit))

    # -- shapes

    def _plans(self, shapes: Mapping[str, FileShape], removed: set[str], flow: Callable[[Key], bytes]) -> list[_Plan]:
        program = self.program
        plans = []
        for path in removed | set(shapes):
            before = program.shape(path)
            shape = shapes.get(path)
            wanted = {} if shape is None else {(path, unit.name, unit.ordinal): unit for unit in shape.units}
            children = {} if shape is None else _children(shape)
            said = {} if before is None else {(path, unit.name, unit.ordinal): unit for unit in before.units}
            for key, unit_shape in wanted.items():
                unit = program.unit(key)
                is_same = said.get(key) == unit_shape and unit.is_alive and unit.children == children[key]
                if is_same and shape is not None and self._places(unit_shape, shape) == (unit.container, unit.method):
                    continue
                plans.append(self._plan(unit, said.get(key), unit_shape, shape, children[key], flow))
            plans += [self._end(program.unit(key)) for key in said if key not in wanted]
        return plans

    def _end(self, unit: Unit) -> _Plan:
        empty = Unit(unit.number, unit.key)
        fields = {field: getattr(empty, field) for field in _FIELDS}
        return _Plan(unit, fields, list(zip(unit.summary.ops, unit.calls, strict=True)), [])

    def _plan(  # noqa: PLR0913, PLR0917  # all that a unit comes from
        self,
        unit: Unit,
        said: UnitShape | None,
        shape: UnitShape,
        file: FileShape | None,
        children: dict[tuple[str, int], tuple[Key, str]],
        flow: Callable[[Key], bytes],
    ) -> _Plan:
        assert file is not None  # noqa: S101  # its caller looked
        program = self.program
        is_same = unit.is_alive and said is not None and said.flow_hash == shape.flow_hash
        new = Unit(unit.number, unit.key)
        new.flow, new.kind, new.is_alive = (unit.flow if is_same else flow(unit.key)), shape.kind, True
        summary = new.summary
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
        if summary.bases:
            new.open_bases = open_bases(new, in_function=file.units[shape.container].kind not in ("module", "class"))
        new.passing = frozenset(new.variables[variable] for name, _, variable in summary.parameters if name in passing_names)
        if not unit.is_alive:
            new.calls = [new_call(self, new, op) for op in summary.ops]
            new.keeps = kept_of(new)
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
        new.keeps = kept_of(new)
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
        unit.flags = summary.flags & (opcodes.ASYNC | opcodes.GENERATOR)
        if summary.flags & (opcodes.GIVES_TRUE | opcodes.GIVES_FALSE):
            unit.gives = bool(summary.flags & opcodes.GIVES_TRUE)
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
        unit.by_default = by_default(summary)
        if unit.positional:
            unit.receiver = unit.positional[0]
        unit.result = self.cell("result", number)
        unit.yields = self.cell("yields", number) if summary.yields >= 0 else -1
        unit.cells = {name: self.cell("name", number, name) for name, _ in summary.cells}
        unit.free, unit.outer = summary.free, summary.outer
        unit.imports = [
            (op[0], v[op[1]], *op[2:]) if op[0] == opcodes.IMPORT else op for op in summary.ops if op[0] in (opcodes.IMPORT, opcodes.STAR)
        ]
        unit.free = tuple([(name, v[variable], is_heading) for name, variable, is_heading in summary.free])
        unit.outer = tuple([(name, v[variable], is_global) for name, variable, is_global in summary.outer])
        own = summary.parameters[0][2] if unit.receives == "self" and summary.parameters else -2
        stores = [op for op in summary.ops if op[0] in (opcodes.STORE, opcodes.KEEP)]
        annotated = [op[1] for op in summary.ops if op[0] == opcodes.ANNOTATED]
        unit.literals = literals(summary)
        unit.chained = chained(summary)
        unit.decorators, unit.called = called_names(summary)
        unit.decorated = decorated(summary, unit.decorators)
        unit.assigns = frozenset([*[op[2] for op in stores], *annotated])
        unit.assigns_elsewhere = frozenset([op[2] for op in stores if op[1] != own])
        unit.sets = frozenset([name for op in summary.ops if op[0] == opcodes.SETS for name in op[1]])
        if unit.kind == "class":
            unit.decorated |= rebound(summary)
            unit.fields = annotated
            unit.held = held_names(summary)
            unit.match_names = next((op[1] for op in summary.ops if op[0] == opcodes.MATCHES), None)

    def _switch(self, plans: list[_Plan], tables: TablesChange) -> None:
        """Exchange the fields of units with those of their plans, and the tables."""
        for plan in plans:
            for field in _FIELDS:
                value = getattr(plan.unit, field)
                setattr(plan.unit, field, plan.fields[field])
                plan.fields[field] = value
        tables.switch()
        self.program.forget_look_ups()

    def _begin(self, plans: list[_Plan], links: dict[int, list[Link]]) -> bool:
        for plan in plans:
            for op, call in plan.added:
                say(self, plan.unit, op, call)
        for number, wanted in links.items():
            self._take_links(self.program.units[number], wanted)
            say_links(self, dict.fromkeys(wanted))
        plans.clear()  # what is solved takes the most memory: what led to it is let go
        links.clear()
        self.program.forget_summaries()
        if not self.solve():
            return False
        self.began_with = self.count
        self.touched.clear()
        return True


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
        if code == opcodes.DEFINE:
            return unit.children.get((op[2], op[3]))
        if code == opcodes.DEFAULT:
            return unit.children.get((op[1], op[2])), (op[1], op[2]) in unit.decorated
        if code == opcodes.MAKE:
            return op[1] in unit.literals
        if code == opcodes.LOAD:
            return op[2] in unit.chained or None
        if code in (opcodes.ANNOTATED, opcodes.KEEP):
            return unit.kind == "class", unit.method
        if code == opcodes.SUPER_OF and op[2] < 0:
            return unit.method, unit.receiver
        return unit.decorators.get(op[2]) if code == opcodes.DECORATE else None

    return [
        identity if (more := meaning(op)) is None else known.setdefault((identity, more), len(known))
        for op, identity in zip(unit.summary.ops, operations, strict=True)
    ]


def _returned(summary: Summary, shape: UnitShape) -> set[int]:
    """Return the variables that a unit gives back as they are."""
    if summary.result < 0 or shape.kind in ("module", "class") or summary.flags & (opcodes.ASYNC | opcodes.GENERATOR):
        return set()
    return {summary.result, *[op[2] for op in summary.ops if op[0] == opcodes.COPY and op[1] == summary.result]}
