"""Tables: what is known of all files together, and how an update changes it; what did not change is not looked at."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lestockage.languages.python.linker.program import FileShape, Program, Unit

COMMON: Final = 16
"""Uses of a decorator from which on the functions it returns are not followed: what calls one calls the decorated function beside it."""

BUSY: Final = 4
"""Calls of a name from which on containers that are passed to functions of that name are not followed: they are data."""

SETS: Final = {
    "assigned": ("assigns", 1),
    "assigned_elsewhere": ("assigns_elsewhere", 1),
    "common": ("decorations", COMMON),
    "named": ("called", 1),
    "busy": ("called", BUSY),
    "named_modules": ("modules", 1),
}
"""Sets of names, and which count makes them from how many on."""

Fields = dict[str, Any]


class TablesChange:
    """How an update changes the tables of a program; `switch` exchanges the old and the new."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.counts: dict[str, Counter[str]] = {count: Counter() for count, _ in SETS.values()}
        self.sets: dict[str, set[str]] = {}
        self.maps: dict[str, dict[str, Any]] = {"dotted": {}, "files": {}, "imports": {}, "globals_of": {}, "paths": {}}

    @classmethod
    def of(
        cls,
        program: Program,
        shapes: Mapping[str, FileShape],
        removed: set[str],
        order: Iterable[str],
        plans: Iterable[tuple[Unit, Fields]],
    ) -> TablesChange:
        """Return what changes with these shapes of files, and with the fields that units get."""
        change = cls(program)
        for path in removed | set(shapes):
            change._file(path, shapes.get(path))
        change._modules(order)
        paths: dict[str, dict[int, Fields]] = {}
        for unit, fields in plans:
            change._unit(unit, fields)
            if unit.outer or fields["outer"]:
                paths.setdefault(unit.key[0], {})[unit.number] = fields
        for path, planned in paths.items():
            change._globals(path, planned)
        for name, (count, least) in SETS.items():
            before, delta = program.counts.setdefault(count, Counter()), change.counts[count]
            change.sets[name] = {each for each, more in delta.items() if (before[each] >= least) != (before[each] + more >= least)}
        return change

    def switch(self) -> None:
        """Have the program's tables be the others."""
        for name, difference in self.sets.items():
            getattr(self._program, name).symmetric_difference_update(difference)
        for name, items in self.maps.items():
            table = getattr(self._program, name)
            for key, other in items.items():
                items[key] = table.get(key)
                if other is None:
                    table.pop(key, None)
                else:
                    table[key] = other

    def count(self) -> None:
        """Enter the new counts, for good."""
        for name, delta in self.counts.items():
            counts = self._program.counts[name]
            for each, more in delta.items():
                counts[each] += more
                if not counts[each]:
                    del counts[each]
        self._program.changed_files |= self.maps["files"].keys()

    def _file(self, path: str, shape: FileShape | None) -> None:
        before = self._program.shape(path)
        imports = None if shape is None else dict(shape.imports)
        self.maps["files"][path] = shape
        self.maps["imports"][path] = imports
        if (None if before is None else before.dotted) != (None if shape is None else shape.dotted):
            self.maps["dotted"][path] = None if shape is None else shape.dotted
        modules = self.counts["modules"]
        if before is not None:
            modules.subtract(_named(dict(before.imports)))
        modules.update(_named(imports or {}))

    def _modules(self, order: Iterable[str]) -> None:
        """Find out which file each module's name means, and which names begin others."""
        if not self.maps["dotted"]:
            return
        dotted = self._program.dotted | self.maps["dotted"]
        paths: dict[str, str] = {}
        packages: set[str] = set()
        for path in order:
            name = dotted.get(path)
            if name is not None:
                paths.setdefault(name, path)
                while (name := name.rpartition(".")[0]) and name not in packages:
                    packages.add(name)
        before = self._program.paths
        self.maps["paths"] = {name: paths.get(name) for name in before.keys() | paths.keys() if before.get(name) != paths.get(name)}
        self.sets["packages"] = packages ^ self._program.packages

    def _unit(self, unit: Unit, fields: Fields) -> None:
        counts = self.counts
        for count, before, after in (
            ("assigns", unit.assigns, fields["assigns"]),
            ("assigns_elsewhere", unit.assigns_elsewhere, fields["assigns_elsewhere"]),
            ("decorations", unit.decorators.values(), fields["decorators"].values()),
            ("called", unit.called, fields["called"]),
        ):
            counts[count].subtract(before)
            counts[count].update(after)

    def _globals(self, path: str, planned: dict[int, Fields]) -> None:
        program = self._program
        names: set[str] = set()
        for number in program.numbers[path].values():
            fields = planned.get(number)
            for name, _, is_global in program.units[number].outer if fields is None else fields["outer"]:
                if is_global:
                    names.add(name)
        if names != program.globals_of.get(path, frozenset()):
            self.maps["globals_of"][path] = frozenset(names) or None


def _named(imports: Mapping[tuple[str | None, str | None, int], Any]) -> list[str]:
    """Return the dotted names that `import a.b` statements of a file name."""
    return [key[0] for key in imports if not key[1] and key[0]]
