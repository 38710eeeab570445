"""Kept: a linker's state in pages that outlive it, and of which each is brought back when something on it is asked for.

What a page holds is complete and belongs to nothing else, so pages are written as they are when something on them has changed, and an
update after a restart costs the pages that it touches, not the project.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import msgpack  # type: ignore[import-untyped]  # has no stubs

from lestockage.languages.python.linker import solver, values
from lestockage.languages.python.linker.program import ClassShape, FileShape, Imported, Place, Unit, UnitShape
from lestockage.languages.python.linker.state import CELLS, INHERITED, OF_CALL, OF_UNIT, OF_VALUE, Call, State
from lestockage.languages.python.linker.tables import SETS
from lestockage.languages.python.linker.values import bucket_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.languages.python.linker.solver import Rule
    from lestockage.languages.python.linker.values import Value

VARIABLES, CALLS, VALUES, BUCKETS, UNITS, FILES, NAMES = range(7)
"""Families of pages."""

CALL_PAGE: Final = 8
UNIT_PAGE: Final = 3
NAME_PAGES: Final = 512

PageNumber = int | str  # of files: the path

Read = Callable[[int, PageNumber], bytes | None]
"""Gives a page by its family and number."""

_LISTS: Final = ("positional", "fields", "variables", "calls", "links", "imports")
_SETS: Final = ("decorated", "sets", "passing", "literals", "chained", "assigns", "assigns_elsewhere", "mentions")
_PLAIN: Final = (
    *("is_alive", "flow", "kind", "method", "receives", "receiver", "flags", "gives", "by_name", "rest", "rest_by_name", "result"),
    *("yields", "cells", "free", "outer", "called", "decorators", "by_default", "keeps", "held", "match_names", "open_bases"),
)


class Kept(State):
    """The state of a linker whose pages may be in a store."""

    def __init__(self, rules: list[Rule]) -> None:
        super().__init__(rules)
        self._read: Read | None = None
        self._brought: list[set[Any]] = [set() for _ in range(NAMES + 1)]
        self.began_with = 0  # variables that there were when all files had been linked
        self._entered = 0  # values below that are in the index, here or in the store
        self._index: dict[int, list[tuple[Value, int]]] = {}

    @property
    def is_in_store(self) -> bool:
        """Whether pages that are not here are in a store; else, all of them are to be written."""
        return self._read is not None

    def open(self, head: bytes, read: Read) -> None:
        """Take over what `head` gave, and bring pages when they are needed; for a new linker."""
        program = self.program
        own, self.values.count, program.unit_count, tables = _decode(head)
        self.count, self.held, self.highest, self.values.is_coarse, self.began_with, self.call_count = own
        self._entered = self.values.count
        self._read = read
        self.here.clear()
        self.changed.clear()
        self.values.is_whole = False
        program.dotted, program.paths, counts, globals_of, below = tables
        program.packages = {each for dotted in program.dotted.values() for each in _around(dotted)}
        program.counts = {name: Counter(count) for name, count in counts.items()}
        program.globals_of = {path: frozenset(names) for path, names in globals_of.items()}
        program.below = {unit: set(classes) for unit, classes in below.items()}
        for name, (count, least) in SETS.items():
            setattr(program, name, {each for each, number in program.counts.get(count, {}).items() if number >= least})

    def head(self) -> bytes:
        """Return what must be there before any page."""
        program = self.program
        tables = (
            program.dotted,
            program.paths,
            program.counts,
            {path: sorted(names) for path, names in program.globals_of.items()},
            {unit: sorted(classes) for unit, classes in program.below.items()},
        )
        own = self.count, self.held, self.highest, self.values.is_coarse, self.began_with, self.call_count
        return _encode((own, self.values.count, program.unit_count, tables))

    def changed_pages(self) -> Iterator[tuple[int, PageNumber, bytes]]:
        """Give family, number and content of every page that is not in the store as it is here."""
        program, shown = self.program, self.values
        new = shown.numbers(self._entered, shown.count)
        changed: list[set[Any]] = [
            set(self.changed),
            {number >> CALL_PAGE for number in self.changed_calls},
            {number >> values.PAGE for number in self.changed_values} | {number >> values.PAGE for number in new},
            {bucket_of(self.parts[number]) for number in new},
            {number >> UNIT_PAGE for number in program.changed},
            set(program.changed_files),
            {_name_page(name) for name in program.changed_names},
        ]
        for family, pages in enumerate(changed):
            for page in pages:
                self._bring(family, page)
        cells = self._cells_of(changed)
        for number in new:
            parts = self.parts[number]
            self._index.setdefault(bucket_of(parts), []).append((parts, number))
        self._entered = shown.count
        names = self._names(changed[NAMES])
        for page in changed[VARIABLES]:
            yield VARIABLES, page, _encode(self._variables(page))
        for page in changed[CALLS]:
            yield CALLS, page, _encode((list(self._calls_of(page)), cells[OF_CALL].get(page, ())))
        for page in changed[VALUES]:
            yield VALUES, page, _encode((list(self._values_of(page)), cells[OF_VALUE].get(page, ())))
        for page in changed[BUCKETS]:
            yield BUCKETS, page, _encode((page, self._index[page]))
        for page in changed[UNITS]:
            yield UNITS, page, _encode((list(self._units_of(page)), cells[OF_UNIT].get(page, ())))
        for page in changed[FILES]:
            numbers = [(*key, number) for key, number in program.numbers[page].items()]
            yield FILES, page, _encode((page, numbers, program.shape(page)))
        for page in changed[NAMES]:
            yield NAMES, page, _encode(names[page])

    def written(self) -> None:
        """Take note that all changed pages are in the store."""
        program = self.program
        for each in (self.changed, self.changed_calls, self.changed_values, program.changed, program.changed_files, program.changed_names):
            each.clear()

    def rest(self) -> None:
        """Let go of what only an update needs."""
        self.program.forget_summaries()

    # -- bringing

    def bring(self, page: int) -> None:
        """Take over a page of variables."""
        self._bring(VARIABLES, page)

    def bring_call(self, number: int) -> None:
        """Take over the page of a call."""
        self._bring(CALLS, number >> CALL_PAGE)

    def bring_value(self, number: int) -> None:
        """Take over the page of a value."""
        self._bring(VALUES, number >> values.PAGE)

    def bring_bucket(self, bucket: int) -> None:
        """Take over a page of the index of values."""
        self._bring(BUCKETS, bucket)

    def bring_unit(self, number: int) -> None:
        """Take over the page of a unit."""
        self._bring(UNITS, number >> UNIT_PAGE)

    def bring_file(self, path: str) -> None:
        """Take over what is known of a file; of one that nobody has met, that it has no units."""
        self._bring(FILES, path)
        self.program.numbers.setdefault(path, {})

    def bring_name(self, name: str) -> None:
        """Take over the page of a name; of one that nobody has met, that nothing mentions it."""
        self._bring(NAMES, _name_page(name))
        self.readers.setdefault(name, set())
        self.program.mentions.setdefault(name, set())
        self.program.namesakes.setdefault(name, set())

    def _bring(self, family: int, page: PageNumber) -> None:
        here: set[Any] = self.here if family == VARIABLES else self._brought[family]
        if page in here:
            return
        here.add(page)
        data = None if self._read is None else self._read(family, page)
        if data is not None:
            _TAKE[family](self, _decode(data))

    def take_variables(self, items: Any) -> None:  # noqa: ANN401  # as decoded
        """Enter a page of variables."""
        points, given, out, into, watch, constants = items
        self.points.update(points)
        self.given.update(given)
        self.out.update(out)
        for variable, sources in into.items():
            self.into[variable] = sources[0] if len(sources) == 1 else set(sources)
        for variable, constraints in watch.items():
            self.watch[variable] = dict(constraints)
        self.constants.update(constants)

    def _variables(self, page: int) -> Any:  # noqa: ANN401  # to be encoded
        """Return a page of variables."""
        numbers = range(page << solver.PAGE, (page + 1) << solver.PAGE)
        points = {variable: held for variable in numbers if (held := self.points.get(variable))}
        given = {
            key: count
            for variable, held in points.items()
            for value in held
            for key in (variable << solver.SHIFT | value,)
            if (count := self.given.get(key)) is not None
        }
        return (
            points,
            given,
            {variable: targets for variable in numbers if (targets := self.out.get(variable))},
            {variable: list(sources) for variable in numbers if (sources := self._sources(variable))},
            {variable: list(constraints.items()) for variable in numbers if (constraints := self.watch.get(variable))},
            {variable: constant for variable in numbers if (constant := self.constants.get(variable)) is not None},
        )

    def take_calls(self, items: Any) -> None:  # noqa: ANN401  # as decoded
        """Enter a page of calls."""
        calls, cells = items
        for number, call, edges, led_to in calls:
            self.calls[number] = Call(*call)
            if edges:
                self.edges[number] = edges
            if led_to:
                self._sub_calls[number] = dict(led_to)
        self._cells.update(cells)

    def _calls_of(self, page: int) -> Iterator[Any]:
        for number in range(page << CALL_PAGE, min((page + 1) << CALL_PAGE, self.call_count)):
            led_to = self._sub_calls.get(number)
            yield number, self.calls[number], self.edges.get(number), list(led_to.items()) if led_to else ()

    def take_values(self, items: Any) -> None:  # noqa: ANN401  # as decoded
        """Enter a page of values."""
        found, cells = items
        shown = self.values
        for number, parts, holders, derived, narrowed in found:
            shown.take(parts, number)
            shown.kinds[number], shown.parts[number] = parts[0], parts
            shown.holders[number] = None if holders is None else set(holders)
            if derived:
                shown.derived[number] = list(derived)
            if narrowed:
                self.narrowed[number] = set(narrowed)
        self._cells.update(cells)

    def _values_of(self, page: int) -> Iterator[Any]:
        shown = self.values
        for number in shown.numbers(page << values.PAGE - 1, (page + 1) << values.PAGE - 1):
            holders = shown.holders[number]
            yield (
                number,
                shown.parts[number],
                None if holders is None else list(holders),
                shown.derived.get(number),
                list(self.narrowed.get(number, ())),
            )

    def take_bucket(self, items: Any) -> None:  # noqa: ANN401  # as decoded
        """Enter a page of the index of values."""
        bucket, found = items
        self._index[bucket] = list(found)
        for parts, number in found:
            self.values.take(parts, number)

    def take_units(self, items: Any) -> None:  # noqa: ANN401  # as decoded
        """Enter a page of units."""
        units = self.program.units
        found, cells = items
        for number, key, *_ in found:
            units[number] = Unit(number, key)
        self._cells.update(cells)
        for name, _ in cells:
            if name[0] in INHERITED:
                self._attributes.setdefault(name[1], []).append(name)
        for number, _, plain, lists, sets, (container, order, metaclass, children) in found:
            unit = units[number]
            for name, value in zip(_PLAIN, plain, strict=True):
                setattr(unit, name, value)
            for name, value in zip(_LISTS, lists, strict=True):
                setattr(unit, name, list(value))
            for name, value in zip(_SETS, sets, strict=True):
                setattr(unit, name, frozenset(value))
            unit.refer(units, container, order, metaclass)
            unit.children = dict(children)

    def _units_of(self, page: int) -> Iterator[Any]:
        for number in range(page << UNIT_PAGE, min((page + 1) << UNIT_PAGE, self.program.unit_count)):
            unit = self.program.units[number]
            yield (
                number,
                unit.key,
                [getattr(unit, name) for name in _PLAIN],
                [getattr(unit, name) for name in _LISTS],
                [list(getattr(unit, name)) for name in _SETS],
                (
                    -1 if unit.container is None else unit.container.number,
                    [each if isinstance(each, str) else each.number for each in unit.order],
                    -1 if unit.metaclass is None else unit.metaclass.number,
                    list(unit.children.items()),
                ),
            )

    def take_file(self, items: Any) -> None:  # noqa: ANN401  # as decoded
        """Enter what is known of a file."""
        path, numbers, shape = items
        program = self.program
        program.numbers[path] = {(name, ordinal): number for name, ordinal, number in numbers}
        if shape is not None:
            _, dotted, units, imports, exports = shape
            program.files[path] = FileShape(path, dotted, tuple([_unit_shape(each) for each in units]), _imports(imports), exports)
            program.imports[path] = dict(program.files[path].imports)

    def take_names(self, items: Any) -> None:  # noqa: ANN401  # as decoded
        """Enter a page of names."""
        for name, readers, mentions, namesakes in items:
            self.readers[name] = set(readers)
            self.program.mentions[name] = set(mentions)
            self.program.namesakes[name] = set(namesakes)

    def _names(self, pages: set[int]) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = {page: [] for page in pages}
        mentions, namesakes = self.program.mentions, self.program.namesakes
        for name in self.readers.keys() | mentions.keys() | namesakes.keys():
            page = _name_page(name)
            if page in found:
                kept = [list(each.get(name, ())) for each in (self.readers, mentions, namesakes)]
                if any(kept):
                    found[page].append((name, *kept))
        return found

    def _cells_of(self, changed: list[set[Any]]) -> list[dict[int, list[Any]]]:
        """Return the cells of the units, calls and values on pages that changed."""
        wanted = {OF_UNIT: (changed[UNITS], UNIT_PAGE), OF_CALL: (changed[CALLS], CALL_PAGE), OF_VALUE: (changed[VALUES], values.PAGE)}
        found: list[dict[int, list[Any]]] = [{}, {}, {}]
        for name, variable in self._cells.items():
            of = CELLS[name[0]]
            pages, bits = wanted[of]
            page = name[1] >> bits
            if page in pages:
                found[of].setdefault(page, []).append((name, variable))
        return found


_TAKE: Final = {
    VARIABLES: Kept.take_variables,
    CALLS: Kept.take_calls,
    VALUES: Kept.take_values,
    BUCKETS: Kept.take_bucket,
    UNITS: Kept.take_units,
    FILES: Kept.take_file,
    NAMES: Kept.take_names,
}


def _encode(value: object) -> bytes:
    return bytes(msgpack.packb(value, unicode_errors="surrogatepass"))


def _decode(data: bytes) -> Any:  # noqa: ANN401  # whatever was encoded
    return msgpack.unpackb(data, use_list=False, strict_map_key=False, unicode_errors="surrogatepass")


def _name_page(name: str) -> int:
    return crc32(name.encode("utf-8", "surrogatepass")) % NAME_PAGES


def _around(dotted: str) -> Iterator[str]:
    """Give the packages around a module."""
    while dotted := dotted.rpartition(".")[0]:
        yield dotted


def _unit_shape(of: Any) -> UnitShape:  # noqa: ANN401  # as decoded
    shape = UnitShape(*of)
    return shape if of[-1] is None else shape._replace(inheritance=ClassShape(*of[-1]))


def _imports(imports: Any) -> Any:  # noqa: ANN401  # as decoded
    return tuple([(key, Imported(*[None if place is None else Place(*place) for place in found])) for key, found in imports])
