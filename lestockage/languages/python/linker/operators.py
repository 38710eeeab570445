"""Operators: special methods, which are looked up on the class of an object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.facts import RESULT
from lestockage.languages.python.linker.attributes import from_open_bases
from lestockage.languages.python.linker.codes import CALL_WITH, REFLECTED
from lestockage.languages.python.linker.containers import SEQUENCES, add, hash_keys
from lestockage.languages.python.linker.mixins import mixed_in
from lestockage.languages.python.linker.values import ASSUMED, CLASS, CLOSING, CONTAINER, CONTEXT, EXTERNAL, INSTANCE
from lestockage.languages.python.value_flow.opcodes import ITERATE

if TYPE_CHECKING:
    from lestockage.languages.python.linker.solver import Constraint
    from lestockage.languages.python.linker.state import State

HASHING = frozenset({"dict", "defaultdict", "set", "frozenset"})
"""Containers that look for what is equal by its hash."""

INSTEAD = {"__bool__": "__len__", "__str__": "__repr__", "__format__": "__str__", "__ne__": "__eq__"}
"""What Python calls where an object has no such method."""

MIRRORED = {"eq": "__eq__", "ne": "__ne__", "lt": "__gt__", "gt": "__lt__", "le": "__ge__", "ge": "__le__"}


def method(s: State, c: Constraint, value: int) -> None:
    """Fire (METHOD, base, dst, name, arguments, call): a special method, if the class of the object has it."""
    _, _, dst, name, args, call = c
    kind = s.kinds[value]
    if kind in (INSTANCE, ASSUMED):
        special(s, s.parts[value][1], value, name, args, call, dst)
    elif kind == CLASS:
        metaclass = s.program.metaclass(s.parts[value][1])
        if metaclass is not None:
            special(s, metaclass.number, value, name, args, call, dst)
    elif kind == CONTAINER and name == "__contains__":
        if args[0] >= 0 and s.parts[value][1] in HASHING:
            hash_keys(s, args[0], call)
    elif kind == CONTEXT and dst >= 0 and name in ("__enter__", "__aenter__"):
        yields = s.program.units[s.parts[value][1]].yields
        if yields >= 0:
            s.copy(yields, dst)
    elif dst < 0:
        return
    elif kind == CLOSING and name == "__enter__":
        s.copy(s.parts[value][1], dst)
    elif kind == EXTERNAL and name in ("__enter__", "__aenter__") and s.parts[value][1].endswith(RESULT):
        s.give(dst, value)  # most context managers give themselves


def special(s: State, unit: int, value: int, name: str, args: tuple[int, ...], call: int, dst: int) -> bool:  # noqa: PLR0913, PLR0917  # a call in full
    """Call a special method of an object's class, or what stands in for it; tell whether there is one in the project."""
    looked: str | None = name
    while looked is not None:
        found, outside = s.program.attribute(unit, looked)
        if found >= 0:
            s.install((CALL_WITH, found, s.sub_call(call, looked, dst, args), value, dst))
            return True
        if outside is not None:
            return mixed_in(s, value, outside, args, call, dst)
        from_open_bases(s, unit, CALL_WITH, looked, (s.sub_call(call, looked, dst, args), value, dst))
        looked = INSTEAD.get(looked)
    if name == "__contains__" and s.kinds[value] != CLASS:
        s.install((ITERATE, s.holding(value), -1, call, False))
    return False


def binary(s: State, c: Constraint, value: int) -> None:
    """Fire (BINARY, left, right, dst, name, call): the left object's method, or the right one's reflected."""
    _, _, right, dst, name, call = c
    if s.kinds[value] in (INSTANCE, ASSUMED):
        unit = s.parts[value][1]
        names = [f"__{name}__"]
        if name not in MIRRORED and name.startswith("i") and name[1:] in AUGMENTED:
            names.append(f"__{name[1:]}__")
        for each in names:
            if special(s, unit, value, each, (right,), call, dst):
                return
    elif dst >= 0 and s.kinds[value] == CONTAINER and s.parts[value][1] in SEQUENCES:
        if name in ("add", "iadd"):
            add(s, dst, value, right, call)
        elif name in ("mul", "imul"):
            s.give(dst, value)
    if right >= 0:
        s.install((REFLECTED, right, dst, c[1], name, call))


def reflected(s: State, c: Constraint, value: int) -> None:
    """Fire (REFLECTED, right, dst, left or -1, name, call)."""
    _, _, dst, left, name, call = c
    if s.kinds[value] in (INSTANCE, ASSUMED):
        plain = name[1:] if name not in MIRRORED and name.startswith("i") and name[1:] in AUGMENTED else name
        special(s, s.parts[value][1], value, MIRRORED.get(plain, f"__r{plain}__"), (left,), call, dst)


AUGMENTED = frozenset({"add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow", "lshift", "rshift", "and", "or", "xor"})
