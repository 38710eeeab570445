"""Saying: what the operations of a unit's summary mean as facts and constraints. In a retraction the same words take them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.languages.python.linker import codes
from lestockage.languages.python.linker.matching import FILLING
from lestockage.languages.python.linker.program import KEYWORDS, VARIADIC
from lestockage.languages.python.linker.values import ASSUMED, CLASS, EXTERNAL_INSTANCE, FUNCTION
from lestockage.languages.python.value_flow import opcodes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lestockage.languages.python.linker.program import Summary, Unit
    from lestockage.languages.python.linker.state import State

GIVE, JOIN, PASS, PASS_DATA = range(4)

Link = tuple[int, int, int]
"""(GIVE, variable, value); (JOIN, from, to): copied; (PASS, from, to): copied across the border of a unit, containers as one of a kind."""

CALLING = frozenset(
    {
        *(opcodes.MAKE, opcodes.EXTEND, opcodes.LOAD, opcodes.STORE, opcodes.ITEM, opcodes.SETITEM, opcodes.SLICE),
        *(opcodes.CALL, opcodes.METHOD, opcodes.BINARY, opcodes.ITERATE, opcodes.UNPACK, opcodes.REST, opcodes.AWAIT),
        *(opcodes.DELEGATE, opcodes.RAISE, opcodes.DECORATE, opcodes.MATCH_ARGUMENT, opcodes.DELETE, opcodes.CREATE),
        *(opcodes.LOADS, opcodes.KEEP),
    }
)
"""Operations that have a call of their own: those that may run something, and those that make something."""

_SITE = {
    **dict.fromkeys((opcodes.EXTEND, opcodes.SLICE, opcodes.AWAIT, opcodes.DELEGATE, opcodes.DELETE, opcodes.CREATE), 3),
    **dict.fromkeys((opcodes.LOAD, opcodes.STORE, opcodes.KEEP, opcodes.ITERATE, opcodes.DECORATE), 4),
    **dict.fromkeys(
        (
            opcodes.ITEM,
            opcodes.SETITEM,
            opcodes.CALL,
            opcodes.METHOD,
            opcodes.BINARY,
            opcodes.UNPACK,
            opcodes.MATCH_ARGUMENT,
            opcodes.LOADS,
        ),
        5,
    ),
    opcodes.REST: 6,
    opcodes.RAISE: 2,
}


def site_of(op: tuple[Any, ...]) -> int:
    """Return where an operation stands, -1 where it stands nowhere."""
    place = _SITE.get(op[0])
    return -1 if place is None else int(op[place])


def new_call(s: State, unit: Unit, op: tuple[Any, ...]) -> int:
    """Return a call for an operation that has one, -1 for any other."""
    code = op[0]
    if code not in CALLING:
        return -1
    v = unit.variables
    if code == opcodes.CALL:
        _, dst, _, args, keywords, _ = op
        return s.new_call(
            unit.number,
            v[dst],
            tuple([(v[each[0]],) if type(each) is tuple else v[each] for each in args]),
            tuple([(name, v[variable]) for name, variable in keywords]),
        )
    if code == opcodes.CREATE:
        return s.new_call(unit.number, -1, (), tuple([(name, v[variable]) for name, variable in op[2]]))
    if code == opcodes.DECORATE:
        return s.new_call(unit.number, v[op[1]], (v[op[3]],), ())
    return s.new_call(unit.number, -1, (), ())


def say(s: State, unit: Unit, op: tuple[Any, ...], call: int) -> None:  # noqa: PLR0912, PLR0915  # a case for each code
    """Say one operation. `unit.variables` ends with -1, so that no variable stays none."""
    v = unit.variables
    code = op[0]
    if code == opcodes.CALL:
        if op[2] >= 0:
            s.install((opcodes.CALL, v[op[2]], call))
    elif code == opcodes.LOAD:
        if op[2] >= 0:
            s.install((opcodes.LOAD, v[op[2]], _or_nowhere(s, v[op[1]]), op[3], call, op[2] in unit.chained))
    elif code == opcodes.COPY:
        if op[2] >= 0 and op[1] >= 0 and not is_passing(unit, op):
            s.copy(v[op[2]], v[op[1]])
    elif code == opcodes.DEFINE:
        defined = s.program.child(unit, op[2], op[3])
        s.give(v[op[1]], s.number(CLASS if defined.kind == "class" else FUNCTION, defined.number))
    elif code == opcodes.LITERAL:
        if len(op) > 3:
            s.constants[v[op[1]]] = op[3]
        s.give(v[op[1]], s.number(EXTERNAL_INSTANCE, f"builtins.{op[2]}"))
    elif code == opcodes.MAKE:
        s.give(v[op[1]], made(s, unit, op, call))
    elif code == opcodes.PUT:
        if op[3] >= 0:
            s.install((opcodes.PUT, v[op[1]], op[2], v[op[3]]))
    elif code == opcodes.PUT_KEY:
        if op[2] >= 0:
            s.install((opcodes.PUT_KEY, v[op[1]], v[op[2]]))
    elif code == opcodes.EXTEND:
        if op[2] >= 0:
            s.install((opcodes.EXTEND, v[op[2]], v[op[1]], call))
    elif code == opcodes.STORE:
        if op[1] >= 0:
            s.install((opcodes.STORE, v[op[1]], v[op[3]], op[2], call))
    elif code == opcodes.ITEM:
        if op[2] >= 0:
            s.install((opcodes.ITEM, v[op[2]], _or_nowhere(s, v[op[1]]), op[3], v[op[4]], call))
    elif code == opcodes.SETITEM:
        if op[1] >= 0:
            s.install((opcodes.SETITEM, v[op[1]], op[2], v[op[3]], v[op[4]], call))
    elif code == opcodes.SLICE:
        if op[2] >= 0:
            lower, upper = op[4:] if len(op) > 4 else (None, -1)
            s.install((opcodes.SLICE, v[op[2]], _or_nowhere(s, v[op[1]]), call, lower, upper, len(op) > 4))
    elif code == opcodes.DELETE:
        if op[1] >= 0:
            s.install((opcodes.DELETE, v[op[1]], op[2], call))
    elif code == opcodes.METHOD:
        if op[2] >= 0:
            s.install((opcodes.METHOD, v[op[2]], v[op[1]], op[3], tuple([v[each] for each in op[4]]), call))
    elif code == opcodes.BINARY:
        if op[2] >= 0:
            s.install((opcodes.BINARY, v[op[2]], v[op[3]], v[op[1]], op[4], call))
        elif op[3] >= 0:
            s.install((codes.REFLECTED, v[op[3]], v[op[1]], -1, op[4], call))
    elif code == opcodes.ITERATE:
        if op[2] >= 0:
            s.install((opcodes.ITERATE, v[op[2]], v[op[1]], call, bool(op[3])))
    elif code == opcodes.UNPACK:
        if op[2] >= 0:
            s.install((opcodes.UNPACK, v[op[2]], v[op[1]], op[3], call))
    elif code == opcodes.REST:
        value = s.container("list", "rest", call)
        if op[1] >= 0:
            s.give(v[op[1]], value)
        if op[2] >= 0:
            s.install((opcodes.REST, v[op[2]], value, op[3], op[4], call))
    elif code == opcodes.AWAIT:
        if op[2] >= 0:
            s.install((opcodes.AWAIT, v[op[2]], v[op[1]], call))
    elif code == opcodes.DELEGATE:
        if op[2] >= 0:
            s.install((opcodes.DELEGATE, v[op[2]], v[op[1]], call, unit.yields, s.cell("sent", unit.number)))
    elif code == opcodes.INSTANCE_OF:
        if op[2] >= 0 and op[1] >= 0:
            s.install((opcodes.INSTANCE_OF, v[op[2]], v[op[1]]))
    elif code == opcodes.NARROW:
        _narrow(s, v[op[1]], v[op[2]], v[op[3]], op[4])
    elif code == opcodes.ANSWERS:
        if op[2] >= 0:
            s.install((opcodes.ANSWERS, v[op[2]], v[op[1]], op[3], op[4]))
    elif code == opcodes.WHERE:
        if op[2] >= 0:
            s.install((opcodes.WHERE, v[op[3]], v[op[2]], v[op[1]]))
    elif code == opcodes.SUPER_OF:
        _super(s, unit, v[op[1]], v[op[2]], v[op[3]])
    elif code == opcodes.RAISE:
        if op[1] >= 0:
            s.install((opcodes.RAISE, v[op[1]], call))
    elif code == opcodes.DECORATE:
        name = unit.decorators.get(op[2])
        is_common = name is not None and name in s.program.common
        if op[2] >= 0:
            s.install((opcodes.DECORATE, v[op[2]], call, name if is_common else None))
        if is_common and op[3] >= 0 and op[1] >= 0:
            s.install((codes.IDENTITY_OF, v[op[3]], v[op[1]]))
    elif code == opcodes.DEFAULT:
        if op[4] >= 0:
            of = s.program.child(unit, op[1], op[2]).number
            s.copy(v[op[4]], s.cell("default", of, op[3]))
            if (op[1], op[2]) in unit.decorated:
                s.copy(s.cell("default", of, op[3]), s.cell("parameter", of, op[3]))
    elif code == opcodes.ANNOTATED:
        of = unit.number if unit.kind == "class" else unit.method[1] if unit.method is not None else -1
        if of >= 0 and op[2] >= 0:
            s.copy(v[op[2]], s.inherited("assumed", of, op[1]))
    elif code == opcodes.RECEIVE:
        s.copy(s.cell("sent", unit.number), v[op[1]])
    elif code == opcodes.KEEP:
        if unit.method is not None:  # what calls pass is said by the calls
            name = next(name for name, _, variable in unit.summary.parameters if variable == op[3])
            s.copy(s.cell("unpassed", unit.number, name), s.inherited("assumed", unit.method[1], op[2]))
    elif code == opcodes.LOADS:
        s.install((opcodes.LOADS, v[op[2]], v[op[1]], op[3], op[4], call))
    elif code == opcodes.CREATE:
        s.install((opcodes.CREATE, v[op[1]], call))
    elif code == opcodes.CAUGHT:
        s.install((opcodes.CAUGHT, v[op[2]], v[op[1]]))
    elif code == opcodes.MATCH_ARGUMENT and op[2] >= 0 and op[1] >= 0 and op[3] >= 0:
        s.install((opcodes.MATCH_ARGUMENT, v[op[3]], v[op[2]], v[op[1]], op[4], call))


def heading(s: State, unit: Unit) -> list[Link]:
    """Return how a unit is joined to others: its result, names and parameters, and the object that a method is for."""
    summary = unit.summary
    v = unit.variables
    links: list[Link] = []
    if summary.result >= 0 and v[summary.result] not in unit.passing:
        links.append((_border(s, unit), v[summary.result], unit.result))
    if summary.yields >= 0:
        links.append((_border(s, unit), v[summary.yields], unit.yields))
    links += [(JOIN, v[variable], unit.cells[name]) for name, variable in summary.cells if variable >= 0]
    for name, kind, variable in summary.parameters:
        if variable >= 0:
            if kind == VARIADIC:
                links.append((GIVE, v[variable], s.rest_of(unit)))
            elif kind == KEYWORDS:
                links.append((GIVE, v[variable], s.rest_by_name_of(unit)))
            elif unit.called_name not in s.program.named:  # of what something calls, that something says what it does not pass
                links.append((JOIN, s.cell("default", unit.number, name), v[variable]))
                links.append((JOIN, s.cell("default", unit.number, name), s.cell("unpassed", unit.number, name)))
    if unit.children and unit.receiver >= 0 and unit.method is not None and unit.method[0] == unit.number:
        links.append((JOIN, unit.receiver, s.cell("receiver", unit.number)))
    # Of a class method that something calls, that something says which class it sees.
    is_seeded = unit.receives == "self" or (unit.receives == "cls" and unit.name not in s.program.named)
    if is_seeded and unit.receiver >= 0 and unit.container is not None:
        links.append((GIVE, unit.receiver, s.number(ASSUMED if unit.receives == "self" else CLASS, unit.container.number)))
    return links


def say_links(s: State, links: Iterable[Link]) -> None:
    """Say what joins units to each other."""
    for how, one, other in links:
        if how == JOIN:
            s.copy(one, other)
        elif how == PASS:
            s.install((codes.PASS, one, other))
        elif how == PASS_DATA:
            s.install((codes.HOLD, one, other))
        else:
            s.give(one, other)


def is_passing(unit: Unit, op: tuple[Any, ...]) -> bool:
    """Tell whether an operation says that the unit returns a parameter as it is: each call says that for its own argument."""
    return bool(op[1] == unit.summary.result and unit.variables[op[2]] in unit.passing)


def made(s: State, unit: Unit, op: tuple[Any, ...], call: int) -> int:
    """Return the container that an operation makes."""
    value = s.container("iterator" if op[2] == "generator" else op[2], unit.number, call, op[4])
    return s.kept(value) if op[1] in unit.literals else value


def literals(summary: Summary) -> frozenset[int]:
    """Return the variables of displays that hold nothing but literals, and such displays."""
    holding: dict[int, list[int]] = {}
    made: dict[int, int] = {}
    plain: set[int] = set()
    for op in summary.ops:
        code = op[0]
        if code == opcodes.MAKE:
            made[op[1]] = op[4]
        elif code == opcodes.LITERAL:
            plain.add(op[1])
        elif code == opcodes.PUT:
            holding.setdefault(op[1], []).append(op[3])
        elif code == opcodes.PUT_KEY:
            holding.setdefault(op[1], []).append(op[2])
        elif code == opcodes.EXTEND:
            holding.setdefault(op[1], []).append(-2)
    found: set[int] = set()
    for variable in reversed(made):  # inner displays are made after the outer ones
        if made[variable] > 0 and all(each in plain or each in found for each in holding.get(variable, ())):
            found.add(variable)
    return frozenset(found)


def chained(summary: Summary) -> frozenset[int]:
    """Return the variables that a chain of attributes and calls fills which begins with a name of another scope, or with an import.

    By what fills a variable first, as `matching.identities` knows it: so an operation that stays the same stays in its chain.
    """
    found = {variable for _, variable, _ in summary.free}
    met = {variable for _, _, variable in summary.parameters} | found
    for op in summary.ops:
        if op[0] in FILLING and op[1] not in met:
            met.add(op[1])
            if op[0] == opcodes.IMPORT or (op[0] in (opcodes.LOAD, opcodes.CALL) and op[2] in found):
                found.add(op[1])
    return frozenset(found)


def called_names(summary: Summary) -> tuple[dict[int, str], dict[str, int]]:
    """Return the last name of each decorator that a unit applies, by its variable, and how often each last name is called.

    A decorator that is the result of a call has the name of what is called.
    """
    named = {variable: name for name, variable, _ in summary.free}
    callees: dict[int, int] = {}
    decorating: list[int] = []
    called: dict[str, int] = {}
    for op in summary.ops:
        code = op[0]
        if code == opcodes.LOAD:
            named[op[1]] = op[3]
        elif code == opcodes.IMPORT:
            named[op[1]] = op[3] or op[2]
        elif code == opcodes.DEFINE:
            named[op[1]] = op[2].rpartition(".")[2]
        elif code == opcodes.CALL:
            callees[op[1]] = op[2]
            name = named.get(op[2])
            if name is not None:
                called[name] = called.get(name, 0) + 1
        elif code == opcodes.DECORATE:
            decorating.append(op[2])
    found = {variable: named.get(callees.get(variable, variable)) for variable in decorating}
    return {variable: name for variable, name in found.items() if name is not None}, called


def _border(s: State, unit: Unit) -> int:
    return PASS_DATA if unit.name in s.program.busy else PASS


def _or_nowhere(s: State, variable: int) -> int:
    return variable if variable >= 0 else s.nowhere


def _narrow(s: State, dst: int, source: int, of: int, keep: int) -> None:
    if dst >= 0 and of >= 0:
        s.install((opcodes.NARROW, of, source, dst, keep))
    elif dst >= 0 and source >= 0:
        s.copy(source, dst)


def _super(s: State, unit: Unit, dst: int, of: int, variable: int) -> None:
    if dst < 0:
        return
    if of >= 0:
        s.install((opcodes.SUPER_OF, of, variable, dst))
        return
    if unit.method is not None:
        method, around = unit.method
        receiver = unit.receiver if method == unit.number else s.cell("receiver", method)
        if receiver >= 0:
            s.install((codes.SUPER_FROM, receiver, dst, around))
