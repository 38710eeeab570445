"""Results: what the calls of one file may run, as plain tuples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.languages.python.linker.saying import site_of
from lestockage.languages.python.linker.targets import Target, UnitCalls
from lestockage.languages.python.linker.values import CLASS, EXTERNAL, FUNCTION
from lestockage.languages.python.value_flow import opcodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.languages.python.linker.linker import Linker
    from lestockage.languages.python.linker.program import Unit

CERTAIN, SEVERAL, WIDENED = 1.0, 0.5, 0.25

WIDE = 64
"""Targets of one call from which on it says little which of them runs."""

CONSTRUCTORS = frozenset({"__init__", "__new__", "__post_init__"})

_RULES = {
    **dict.fromkeys((opcodes.LOAD, opcodes.LOADS, opcodes.STORE, opcodes.KEEP, opcodes.DELETE), "attribute"),
    **dict.fromkeys((opcodes.ITEM, opcodes.SETITEM, opcodes.SLICE, opcodes.METHOD, opcodes.BINARY), "operator"),
    **dict.fromkeys((opcodes.ITERATE, opcodes.UNPACK, opcodes.REST, opcodes.EXTEND, opcodes.DELEGATE), "iteration"),
    opcodes.AWAIT: "await",
    opcodes.DECORATE: "decorator",
    opcodes.RAISE: "raise",
    opcodes.CREATE: "class",
}


def file_calls(linker: Linker, path: str) -> tuple[UnitCalls, ...]:
    """Return what every unit of a file calls, in the order of the file."""
    program = linker.program
    found = []
    for each in program.files[path].units:
        unit = program.unit((path, each.name, each.ordinal))
        found.append(unit_calls(linker, unit))
        unit.read = None  # decoded, the summaries of a large project take much memory
    return tuple(found)


def unit_calls(linker: Linker, unit: Unit) -> UnitCalls:
    """Return what one unit calls: every target of a site once."""
    found: dict[tuple[str | None, str, int, int], Target] = {}
    unresolved = 0
    rules = _Rules(unit)
    for op, site, edges in _reached(linker, unit):
        if not edges:
            unresolved += op[0] in _CALLING and site >= 0
            continue
        for target in _targets(linker, op[0], edges, site, rules.of(op)):
            found.setdefault(target[:4], target)
    return UnitCalls(unit.key[1], unit.key[2], tuple(sorted(found.values(), key=_order)), unresolved)


def _reached(linker: Linker, unit: Unit) -> Iterator[tuple[tuple[Any, ...], int, dict[int, int]]]:
    """Give operations with their sites and what they may run; calls that code makes in several cases as one."""
    calls: dict[int, tuple[tuple[Any, ...], dict[int, int]]] = {}
    for op, call in zip(unit.summary.ops, unit.calls, strict=True):
        site = site_of(op) if call >= 0 else -1
        if site == -1:
            continue  # none, or what another unit says at its place: bases are evaluated where the class is
        edges = linker.reached(call)
        if op[0] in _CALLING and site >= 0:
            known = calls.get(site)
            calls[site] = (op, edges) if known is None else (known[0], known[1] | edges)
        else:
            yield op, site, edges
    for site, (op, edges) in calls.items():
        yield op, site, edges


_CALLING = frozenset({opcodes.CALL, opcodes.DECORATE})


class _Rules:
    """By what rule the callee of a call was found: how the code names it."""

    def __init__(self, unit: Unit) -> None:
        summary = unit.summary
        self._receiver = summary.parameters[0][2] if unit.receives and summary.parameters else -2
        self._receives = unit.receives
        self._named = {variable for _, variable, _ in summary.free}
        self._annotated: set[int] = set()
        self._filled: dict[int, tuple[Any, ...]] = {}
        for op in summary.ops:
            if op[0] == opcodes.INSTANCE_OF:
                self._annotated.add(op[1])
            elif op[0] in _NAMING:
                self._filled[op[1]] = op

    def of(self, op: tuple[Any, ...]) -> str:
        """Return the rule of an operation."""
        if op[0] != opcodes.CALL:
            return _RULES[op[0]]
        callee = self._filled.get(op[2])
        if op[2] in self._named or (callee is not None and callee[0] in (opcodes.DEFINE, opcodes.IMPORT)):
            return "name"
        if callee is None or callee[0] != opcodes.LOAD:
            return "value"
        base = callee[2]
        if base == self._receiver:
            return self._receives
        if base in self._annotated:
            return "annotation"
        said = self._filled.get(base)
        if said is not None:
            if said[0] == opcodes.SUPER_OF:
                return "super"
            if said[0] in (opcodes.LITERAL, opcodes.MAKE):
                return "literal"
        return "attribute"


_NAMING = frozenset({opcodes.LOAD, opcodes.DEFINE, opcodes.IMPORT, opcodes.SUPER_OF, opcodes.LITERAL, opcodes.MAKE})
"""Operations that tell how a value is named."""


def _order(target: Target) -> tuple[int, bool, str, str, int]:
    return target.site, target.path is None, target.path or "", target.name, target.ordinal


def _targets(linker: Linker, code: int, edges: dict[int, int], site: int, rule: str) -> list[Target]:
    """Return the targets of one operation: of what is only assumed, that which nothing known refines."""
    known = [target for target in edges if target >= 0]
    values = known + [~target for target in edges if target < 0 and ~target not in edges and not _is_refined(linker, ~target, known)]
    makes = any(linker.kinds[value] == CLASS for value in values)
    names = {value: _name(linker, value) for value in values}
    counted = [value for value in values if not _goes_without_saying(linker, value, names[value][1], makes=makes)]
    confidence = CERTAIN if len(counted) == 1 else SEVERAL if len(counted) < WIDE else WIDENED
    found = []
    for value in values:
        kind = linker.kinds[value]
        if kind == EXTERNAL and code not in (opcodes.CALL, opcodes.DECORATE):
            continue
        made = makes and kind == FUNCTION and _last(names[value][1]) in CONSTRUCTORS
        found.append(Target(*names[value], site, confidence, "constructor" if made else rule))
    return found


def _is_refined(linker: Linker, value: int, known: list[int]) -> bool:
    """Tell whether some object is known whose class, or a base of it, has the method that stands for an assumed object's."""
    units = linker.program.units
    of = units[linker.parts[value][1]].container if linker.kinds[value] == FUNCTION else None
    if of is None or of.kind != "class":
        return bool(known)
    for each in known:
        container = units[linker.parts[each][1]].container if linker.kinds[each] == FUNCTION else None
        if container is not None and container.kind == "class" and linker.program.is_subclass(container.number, of.number):
            return True
    return False


def _goes_without_saying(linker: Linker, value: int, name: str, *, makes: bool) -> bool:
    """Tell whether a target is no other possibility: a constructor of the class that is called, or what a decorator put before."""
    if linker.kinds[value] != FUNCTION:
        return False
    return (makes and _last(name) in CONSTRUCTORS) or linker.program.is_common_wrapper(linker.program.units[linker.parts[value][1]])


def _name(linker: Linker, value: int) -> tuple[str | None, str, int]:
    parts = linker.parts[value]
    if linker.kinds[value] == EXTERNAL:
        return None, parts[1], 0
    unit = linker.program.units[parts[1]]
    return unit.key


def _last(name: str) -> str:
    return name.rpartition(".")[2]
