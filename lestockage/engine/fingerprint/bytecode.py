"""Bytecode: the canonical form of a code object, and the names outside itself that it reads.

Bytecode already leaves out comments and formatting. What is left of them is taken out here: line numbers, file names and the names of local variables
are not looked at; constants are listed in the order of their use, so that neither a docstring nor its place in the table shows; and the no-ops that the
compiler keeps for the sake of line numbers are removed. A formatter that spreads a condition over several lines can still, rarely (one function in a
thousand of the standard library), change which jump the compiler takes: that costs one execution, never a stale answer.
"""

from __future__ import annotations

import opcode
import re
import sys
from types import CodeType
from typing import Any, NamedTuple

__all__ = ["Code", "Import", "constant", "read_code"]

_OP = opcode.opmap
_EXTENDED, _NOP, _CACHE = _OP["EXTENDED_ARG"], _OP["NOP"], 0
_SHIFT_ATTRIBUTE = sys.version_info >= (3, 12)  # since then the low bit of LOAD_ATTR says whether a method is wanted
_FORGOTTEN = frozenset({"__doc__", "__firstlineno__", "__static_attributes__"})
"""Names that a class or module body stores for documentation and line numbers."""


def _any_of(*names: str) -> re.Pattern[bytes]:
    """Return a pattern for the opcodes among `names` that this Python has."""
    found = bytes(_OP[name] for name in names if name in _OP)
    return re.compile(b"[" + re.escape(found) + b"]")


_CONSTANT = re.compile(b"[" + re.escape(bytes(opcode.hasconst)) + b"]")
_NAME = re.compile(b"[" + re.escape(bytes(opcode.hasname)) + b"]")
_OPTIMIZED = 1
_GLOBAL_NAMES = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS")
_GLOBAL = _any_of(*_GLOBAL_NAMES)
_LOAD_GLOBAL = _OP["LOAD_GLOBAL"]
_STORE_GLOBAL = _any_of("STORE_GLOBAL", "DELETE_GLOBAL")
_STORE_NAME = _OP["STORE_NAME"]
_IMPORT = _any_of("IMPORT_NAME")
_ATTRIBUTES = frozenset(_OP[name] for name in ("LOAD_ATTR", "LOAD_METHOD") if name in _OP)
_SHIFTED = frozenset({_LOAD_GLOBAL}) | (_ATTRIBUTES if _SHIFT_ATTRIBUTE else frozenset())
"""Operations whose argument is a name and one bit more."""
_JUMPS = frozenset({*opcode.hasjrel, *opcode.hasjabs})
_ABSOLUTE = frozenset(opcode.hasjabs)
_BACKWARD = frozenset(code for name, code in _OP.items() if "JUMP_BACKWARD" in name)
_IF_FALSE = frozenset(code for name, code in _OP.items() if name.startswith("POP_JUMP") and name.endswith("IF_FALSE"))
_SEES_LOCALS = frozenset({"locals", "vars", "dir", "eval", "exec"})


_UNMARKED = bytes(byte & 127 for byte in range(256))
"""Drops the bit that marks the first byte of each entry of an exception table."""


class Import(NamedTuple):
    """An import statement inside a body: dots before the name, the name, and what is taken from it."""

    level: int
    name: str
    taken: tuple[str, ...]


class Code(NamedTuple):
    """What a code object does, and what it reads from outside."""

    content: bytes
    """The canonical form; equal for two code objects that do the same, as far as bytecode shows."""
    names: tuple[tuple[str, ...], ...]
    """Global names read, each with the attributes read from it at once, in order of first use."""
    imports: tuple[Import, ...]
    """Imports that running it may do."""


_read: dict[int, tuple[CodeType, Code]] = {}
"""Code objects that were read, by identity: they compare by value, which is slow."""


def read_code(code: CodeType) -> Code:
    """Return the canonical form of a code object and everything nested in it, read once per process."""
    known = _read.get(id(code))
    if known is None:
        _read[id(code)] = known = (code, _code(code))
    return known[1]


def constant(value: Any) -> str | None:
    """Return the canonical text of a constant, or None for what is none: exact types only, members of frozen sets sorted."""
    cls = type(value)
    if cls in _PLAIN:
        return repr(value)
    if cls is tuple or cls is frozenset:
        parts = [constant(item) for item in value]
        found = [part for part in parts if part is not None]
        if len(found) < len(parts):
            return None
        return f"({','.join(found)},)" if cls is tuple else f"{{{','.join(sorted(found))}}}"
    return None


_PLAIN = frozenset({type(None), bool, int, float, complex, str, bytes, type(Ellipsis), type(NotImplemented), range})


def _code(code: CodeType) -> Code:
    raw = code.co_code
    ops, args = raw[::2], raw[1::2]
    table = code.co_exceptiontable.translate(_UNMARKED)
    if _NOP in ops or _forgets(code, ops):
        ops, args, table = _without_padding(code, ops, args)
    names = code.co_names
    consts = code.co_consts
    plain = bytearray(args)
    used: list[Any] = []
    for match in _CONSTANT.finditer(ops):
        at = match.start()
        used.append(consts[_argument(ops, args, at)])
        plain[at] = 0
    if not code.co_flags & _OPTIMIZED:  # a class or module body, which may have lost a name
        for match in _NAME.finditer(ops):
            at = match.start()
            argument = _argument(ops, args, at)
            used.append(names[argument >> 1 if ops[at] in _SHIFTED else argument])
            plain[at] = 0
        names = ()
    nested = [read_code(value) for value in used if type(value) is CodeType]
    texts = ["code" if type(value) is CodeType else constant(value) or repr(type(value)) for value in used]
    count = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 4) + bool(code.co_flags & 8)
    variables = code.co_varnames if not _SEES_LOCALS.isdisjoint(names) else code.co_varnames[:count]
    shape = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags, len(code.co_freevars), variables, names)
    head = f"{shape!r}{texts!r}".encode("utf-8", "surrogatepass")
    parts = [b"%d.%d.%d.%d:" % (len(head), len(ops), len(table), len(nested)), head, ops, bytes(plain), table]
    parts += [b"%d:%b" % (len(inner.content), inner.content) for inner in nested]
    names = code.co_names
    found = dict.fromkeys(_names(ops, args, names))
    stored = {names[_argument(ops, args, match.start())] for match in _STORE_GLOBAL.finditer(ops)}
    imports = dict.fromkeys(_imports(ops, args, names, consts))
    for inner in nested:
        found.update(dict.fromkeys(inner.names))
        imports.update(dict.fromkeys(inner.imports))
    return Code(b"".join(parts), tuple(chain for chain in found if chain[0] not in stored), tuple(imports))


def _argument(ops: bytes, args: bytes | bytearray, at: int) -> int:
    """Return the argument of the instruction at `at`, its prefixes included."""
    value = args[at]
    shift = 8
    while at and ops[at - 1] == _EXTENDED:
        at -= 1
        value |= args[at] << shift
        shift += 8
    return value


def _names(ops: bytes, args: bytes, names: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return every global name read, with the attributes that are read from it at once."""
    found = []
    size = len(ops)
    for match in _GLOBAL.finditer(ops):
        at = match.start()
        argument = _argument(ops, args, at)
        chain = [names[argument >> 1 if ops[at] == _LOAD_GLOBAL else argument]]
        while True:
            at += 1
            while at < size and ops[at] in (_CACHE, _EXTENDED):
                at += 1
            if at >= size or ops[at] not in _ATTRIBUTES:
                break
            argument = _argument(ops, args, at)
            chain.append(names[argument >> 1 if _SHIFT_ATTRIBUTE else argument])
        found.append(tuple(chain))
    return found


def _imports(ops: bytes, args: bytes, names: tuple[str, ...], consts: tuple[Any, ...]) -> list[Import]:
    """Return the imports of a body, those under `if TYPE_CHECKING:` aside."""
    found: list[Import] = []
    if _IMPORT.search(ops) is None:
        return found
    skipped = _type_checking(ops, args, names)
    for match in _IMPORT.finditer(ops):
        at = match.start()
        if any(start < at < end for start, end in skipped):
            continue
        loads = [consts[_argument(ops, args, before.start())] for before in _CONSTANT.finditer(ops, max(0, at - 8), at)]
        level, taken = loads[-2:] if len(loads) >= 2 else (0, None)
        found.append(Import(level if type(level) is int else 0, names[_argument(ops, args, at)], taken if type(taken) is tuple else ()))
    return found


def _type_checking(ops: bytes, args: bytes, names: tuple[str, ...]) -> list[tuple[int, int]]:
    """Return the ranges that only run under `if TYPE_CHECKING:`."""
    ranges = []
    for match in _GLOBAL.finditer(ops):
        at = match.start()
        argument = _argument(ops, args, at)
        if names[argument >> 1 if ops[at] == _LOAD_GLOBAL else argument] == "TYPE_CHECKING":
            at += 1
            while ops[at] in (_CACHE, _EXTENDED):
                at += 1
            if ops[at] in _IF_FALSE:
                ranges.append((at, at + 1 + _argument(ops, args, at)))
    return ranges


def _forgets(code: CodeType, ops: bytes) -> bool:
    """Return whether a body stores names that only document it."""
    return _STORE_NAME in ops and not _FORGOTTEN.isdisjoint(code.co_names)


def _without_padding(code: CodeType, ops: bytes, args: bytes) -> tuple[bytes, bytes, bytes]:
    """Return operations, arguments and exception table as the compiler writes them for a body without no-ops and stores of documentation."""
    place: list[int] = []  # for each unit of the original, which instruction of the result it belongs to, or comes before
    kept: list[list[int]] = []  # operation, argument (for a jump, the instruction it goes to), caches that follow
    extended = 0
    for at, (op, arg) in enumerate(zip(ops, args, strict=True)):
        if op == _CACHE and kept and at and ops[at - 1] != _NOP:
            place.append(len(kept))
            kept[-1][2] += 1
            continue
        place.append(len(kept))
        if op == _EXTENDED:
            extended = (extended | arg) << 8
            continue
        arg |= extended  # noqa: PLW2901  # the same argument, whole
        extended = 0
        if op == _STORE_NAME and code.co_names[arg] in _FORGOTTEN and kept and kept[-1][0] in opcode.hasconst:
            kept.pop()
            place = [min(where, len(kept)) for where in place]
        elif op != _NOP:
            kept.append([op, _target(ops, at, op, arg) if op in _JUMPS else arg, 0])
    place.append(len(kept))
    for line in kept:
        if line[0] in _JUMPS:
            line[1] = place[line[1]]
    starts = _assembled(kept)
    table = [
        (starts[place[start]], starts[place[end]], starts[place[target]], depth)
        for start, end, target, depth in _exceptions(code.co_exceptiontable)
    ]
    units = b"".join(_units(line, index, starts) for index, line in enumerate(kept))
    return (
        units[::2],
        units[1::2],
        b"".join(_varint(number) for start, end, target, depth in table for number in (start, end - start, target, depth)),
    )


def _target(ops: bytes, at: int, op: int, arg: int) -> int:
    """Return the unit that the jump at `at` goes to."""
    if op in _ABSOLUTE:
        return arg
    after = at + 1
    while after < len(ops) and ops[after] == _CACHE:
        after += 1
    return after - arg if op in _BACKWARD else after + arg


def _assembled(lines: list[list[int]]) -> list[int]:
    """Return the unit at which each instruction starts, and where they end; a jump takes more units the further it goes, so this is repeated."""
    sizes = [1 + line[2] for line in lines]
    while True:
        starts = [0]
        for size in sizes:
            starts.append(starts[-1] + size)
        grown = [len(_units(line, index, starts)) // 2 for index, line in enumerate(lines)]
        if grown == sizes:
            return starts
        sizes = [max(pair) for pair in zip(sizes, grown, strict=True)]


def _units(line: list[int], index: int, starts: list[int]) -> bytes:
    """Return the bytes of one instruction: prefixes, operation, caches."""
    op, arg, caches = line
    if op in _JUMPS and op not in _ABSOLUTE:
        arg = abs(starts[arg] - starts[index + 1])
    elif op in _JUMPS:
        arg = starts[arg]
    prefixes = b"".join(bytes((_EXTENDED, arg >> shift & 255)) for shift in (24, 16, 8) if arg >> shift)
    return prefixes + bytes((op, arg & 255)) + bytes(2 * caches)


def _varint(number: int) -> bytes:
    """Return a number as an exception table holds it; the bit that marks the start of an entry is left out."""
    parts = [number & 63]
    while number := number >> 6:
        parts.insert(0, number & 63 | 64)
    return bytes(parts)


def _exceptions(table: bytes) -> list[tuple[int, int, int, int]]:
    """Return the entries of an exception table: start, end, target (in units) and depth. Format: CPython's Objects/exception_handling_notes.txt."""
    numbers: list[int] = []
    value = 0
    for byte in table:
        value = value << 6 | byte & 63
        if not byte & 64:
            numbers.append(value)
            value = 0
    rows = zip(*[iter(numbers)] * 4, strict=False)
    return [(start, start + length, target, depth) for start, length, target, depth in rows]
