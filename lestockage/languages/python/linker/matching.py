"""Matching: which variables and operations of a unit's new summary are those of the one before.

Numbers shift when a statement is inserted; what an operation does to what does not. An operation is known by its code, its constants and
what its operands are known by, and by how many like it went before; a variable by the first operation that fills it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lestockage.languages.python.linker import codes

if TYPE_CHECKING:
    from lestockage.languages.python.linker.program import Summary

Known = dict[Any, int]

_VARIABLES: Final[dict[int, tuple[int, ...]]] = {
    codes.COPY: (2,),
    codes.PUT: (1, 3),
    codes.PUT_KEY: (1, 2),
    codes.EXTEND: (1, 2),
    codes.LOAD: (2,),
    codes.LOADS: (2,),
    codes.STORE: (1, 3),
    codes.KEEP: (1, 3),
    codes.ITEM: (2, 4),
    codes.SETITEM: (1, 3, 4),
    codes.SLICE: (2,),
    codes.BINARY: (2, 3),
    codes.ITERATE: (2,),
    codes.UNPACK: (2,),
    codes.REST: (2,),
    codes.AWAIT: (2,),
    codes.DELEGATE: (2,),
    codes.INSTANCE_OF: (2,),
    codes.NARROW: (2, 3),
    codes.SUPER_OF: (2, 3),
    codes.RAISE: (1,),
    codes.ANNOTATED: (2,),
    codes.DEFAULT: (4,),
    codes.METACLASS: (1,),
    codes.DECORATE: (2, 3),
    codes.MATCH_ARGUMENT: (2, 3),
    codes.DELETE: (1,),
    codes.CAUGHT: (2,),
}
"""Where an operation has the variables that it reads."""

_CONSTANTS: Final[dict[int, tuple[int | slice, ...]]] = {
    codes.DEFINE: (2, 3),
    codes.LITERAL: (2,),
    codes.MAKE: (2, 4),
    codes.PUT: (2,),
    codes.LOAD: (3,),
    codes.LOADS: (3, 4),
    codes.STORE: (2,),
    codes.KEEP: (2,),
    codes.ITEM: (3,),
    codes.SETITEM: (2,),
    codes.BINARY: (4,),
    codes.ITERATE: (3,),
    codes.UNPACK: (3, 4),
    codes.REST: (3, 4),
    codes.NARROW: (4,),
    codes.IMPORT: (2, 3, 4),
    codes.STAR: (1, 2),
    codes.ANNOTATED: (1,),
    codes.DEFAULT: (1, 2, 3),
    codes.MATCH_ARGUMENT: (4,),
    codes.DELETE: (2,),
    codes.SLICE: (slice(4, None),),
    codes.MATCHES: (1,),
    codes.SETS: (1,),
}
"""Where it has what is neither a variable nor a place."""

FILLING: Final = frozenset(
    {
        *(codes.COPY, codes.DEFINE, codes.LITERAL, codes.MAKE, codes.LOAD, codes.ITEM, codes.SLICE, codes.CALL, codes.METHOD, codes.BINARY),
        *(codes.ITERATE, codes.UNPACK, codes.REST, codes.AWAIT, codes.DELEGATE, codes.INSTANCE_OF, codes.NARROW, codes.SUPER_OF),
        *(codes.IMPORT, codes.DECORATE, codes.MATCH_ARGUMENT, codes.RECEIVE, codes.CAUGHT, codes.LOADS),
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
        if code == codes.CALL:
            args = tuple([(read(each[0]),) if type(each) is tuple else read(each) for each in op[3]])
            key: Any = (code, read(op[2]), args, tuple([(name, read(variable)) for name, variable in op[4]]))
        elif code == codes.CREATE:
            key = (code, read(op[1]), tuple([(name, read(variable)) for name, variable in op[2]]))
        elif code == codes.METHOD:
            key = (code, read(op[2]), op[3], tuple([read(each) for each in op[4]]))
        else:
            key = (
                code,
                tuple([read(op[place]) for place in _VARIABLES.get(code, ())]),
                tuple([(type(op[place]), op[place]) for place in _CONSTANTS.get(code, ())]),
                op[3:] if code == codes.LITERAL else (),
                code == codes.COPY and op[1] == summary.result and passing,
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
