"""Matching: which variables and operations of a unit's new summary are those of the one before.

Numbers shift when a statement is inserted; what an operation does to what does not. An operation is known by its code, its constants and
what its operands are known by, and by how many like it went before; a variable by the first operation that fills it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lestockage.languages.python.value_flow import opcodes

if TYPE_CHECKING:
    from lestockage.languages.python.linker.program import Summary

Known = dict[Any, int]

_VARIABLES: Final[dict[int, tuple[int, ...]]] = {
    opcodes.COPY: (2,),
    opcodes.PUT: (1, 3),
    opcodes.PUT_KEY: (1, 2),
    opcodes.EXTEND: (1, 2),
    opcodes.LOAD: (2,),
    opcodes.LOADS: (2,),
    opcodes.STORE: (1, 3),
    opcodes.KEEP: (1, 3),
    opcodes.ITEM: (2, 4),
    opcodes.SETITEM: (1, 3, 4),
    opcodes.SLICE: (2,),
    opcodes.BINARY: (2, 3),
    opcodes.ITERATE: (2,),
    opcodes.UNPACK: (2,),
    opcodes.REST: (2,),
    opcodes.AWAIT: (2,),
    opcodes.DELEGATE: (2,),
    opcodes.INSTANCE_OF: (2,),
    opcodes.NARROW: (2, 3),
    opcodes.ANSWERS: (2,),
    opcodes.WHERE: (2, 3),
    opcodes.SUPER_OF: (2, 3),
    opcodes.RAISE: (1,),
    opcodes.ANNOTATED: (2,),
    opcodes.DEFAULT: (4,),
    opcodes.METACLASS: (1,),
    opcodes.DECORATE: (2, 3),
    opcodes.MATCH_ARGUMENT: (2, 3),
    opcodes.DELETE: (1,),
    opcodes.CAUGHT: (2,),
}
"""Where an operation has the variables that it reads."""

_CONSTANTS: Final[dict[int, tuple[int | slice, ...]]] = {
    opcodes.DEFINE: (2, 3),
    opcodes.LITERAL: (2,),
    opcodes.MAKE: (2, 4),
    opcodes.PUT: (2,),
    opcodes.LOAD: (3,),
    opcodes.LOADS: (3, 4),
    opcodes.STORE: (2,),
    opcodes.KEEP: (2,),
    opcodes.ITEM: (3,),
    opcodes.SETITEM: (2,),
    opcodes.BINARY: (4,),
    opcodes.ITERATE: (3,),
    opcodes.UNPACK: (3, 4),
    opcodes.REST: (3, 4),
    opcodes.NARROW: (4,),
    opcodes.ANSWERS: (3, 4),
    opcodes.IMPORT: (2, 3, 4),
    opcodes.STAR: (1, 2),
    opcodes.ANNOTATED: (1,),
    opcodes.DEFAULT: (1, 2, 3),
    opcodes.MATCH_ARGUMENT: (4,),
    opcodes.DELETE: (2,),
    opcodes.SLICE: (slice(4, None),),
    opcodes.MATCHES: (1,),
    opcodes.SETS: (1,),
}
"""Where it has what is neither a variable nor a place."""

FILLING: Final = frozenset(
    {
        *(opcodes.COPY, opcodes.DEFINE, opcodes.LITERAL, opcodes.MAKE, opcodes.LOAD, opcodes.ITEM, opcodes.SLICE, opcodes.CALL),
        *(opcodes.METHOD, opcodes.BINARY, opcodes.ITERATE, opcodes.UNPACK, opcodes.REST, opcodes.AWAIT, opcodes.DELEGATE),
        *(opcodes.INSTANCE_OF, opcodes.NARROW, opcodes.SUPER_OF, opcodes.IMPORT, opcodes.DECORATE, opcodes.MATCH_ARGUMENT),
        *(opcodes.RECEIVE, opcodes.CAUGHT, opcodes.LOADS, opcodes.ANSWERS, opcodes.WHERE),
    }
)
"""Operations whose first field is the variable that they fill."""


def identities(summary: Summary, known: Known, passing: frozenset[str]) -> tuple[dict[int, int], list[int]]:
    """Return what each variable, and each operation in order, is known by; numbers are equal where two summaries share `known`."""

    def number(key: object) -> int:
        return known.setdefault(key, len(known))

    variables: dict[int, int] = {-1: -1}
    for name, _, variable in summary.parameters:
        variables.setdefault(variable, number(("parameter", name)))
    for name, variable, is_heading in summary.free:
        variables.setdefault(variable, number(("free", name, is_heading)))
    seen: dict[Any, int] = {}
    operations: list[int] = []
    later: list[int] = []

    def read(variable: int) -> int:
        found = variables.get(variable)
        if found is None:  # filled further on: joins of loops
            later.append(variable)
            found = variables[variable] = number(("later", len(later)))
        return found

    for op in summary.ops:
        code = op[0]
        if code == opcodes.CALL:
            args = tuple([(read(each[0]),) if type(each) is tuple else read(each) for each in op[3]])
            key: Any = (code, read(op[2]), args, tuple([(name, read(variable)) for name, variable in op[4]]))
        elif code == opcodes.CREATE:
            key = (code, read(op[1]), tuple([(name, read(variable)) for name, variable in op[2]]))
        elif code == opcodes.METHOD:
            key = (code, read(op[2]), op[3], tuple([read(each) for each in op[4]]))
        else:
            key = (
                code,
                tuple([read(op[place]) for place in _VARIABLES.get(code, ())]),
                tuple([(type(op[place]), op[place]) for place in _CONSTANTS.get(code, ())]),
                op[3:] if code == opcodes.LITERAL else (),
                code == opcodes.COPY and op[1] == summary.result and passing,
            )
        if code in FILLING and op[1] in variables:
            key = (key, variables[op[1]])  # another way into a join; or nowhere, where nobody takes the result
        count = seen.get(key, 0)
        seen[key] = count + 1
        identity = number((key, count))
        operations.append(identity)
        if code in FILLING and op[1] not in variables:
            variables[op[1]] = number(("filled", identity))
    return variables, operations
