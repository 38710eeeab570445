"""Bytecode: the canonical form of a code object, and the names outside itself that it reads.

Bytecode already leaves out comments and formatting. What is left of them is taken out here: line numbers, file names and the names of
local variables are not looked at; constants are listed in the order of their use, so that neither a docstring nor its place in the table
shows; the no-ops that the compiler keeps for the sake of line numbers are removed, and jumps to jumps, which it shortens only within a
line, are shortened. Python 3.13 also fuses instructions only within a line, which is left: there, reformatting a function can cost one
execution, never a stale answer.
"""

from __future__ import annotations

import opcode
import sys
from itertools import compress
from types import CodeType
from typing import TYPE_CHECKING, Any, NamedTuple

from lestockage.engine.fingerprint.padding import argument, has_detours, reassembled, tidied

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["PLAIN", "Code", "Import", "constant", "read_code"]

_OP = opcode.opmap
_EXTENDED, _NOP = _OP["EXTENDED_ARG"], _OP["NOP"]
_FORGOTTEN = frozenset({"__doc__", "__firstlineno__", "__static_attributes__"})
"""Names that a class or module body stores for documentation and line numbers."""


def _marking(codes: Iterable[int]) -> bytes:
    """Return a table for `bytes.translate` that marks these operations with 1 and all others with 0."""
    wanted = set(codes)
    return bytes(code in wanted for code in range(256))


def _named(*names: str) -> frozenset[int]:
    """Return the operations of these names that this Python has."""
    return frozenset(_OP[name] for name in names if name in _OP)


_CONSTANTS = frozenset(opcode.hasconst)
_GLOBALS = _named("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS")
_STORES = _named("STORE_GLOBAL", "DELETE_GLOBAL")
_ATTRIBUTES = _named("LOAD_ATTR", "LOAD_METHOD")
_OF_BODIES = _named("STORE_NAME", "DELETE_NAME", "IMPORT_FROM", "LOAD_ATTR", "LOAD_METHOD", "STORE_ATTR", "DELETE_ATTR")
_IMPORT = _OP["IMPORT_NAME"]
_SHIFTED = _named("LOAD_GLOBAL") | (_ATTRIBUTES if sys.version_info >= (3, 12) else frozenset())
"""Operations whose argument is a name and, in its lowest bit, something else."""
_CONTINUED = _ATTRIBUTES | {_EXTENDED}
_BETWEEN = _named("CACHE", "EXTENDED_ARG", "TO_BOOL")
_IF_FALSE = frozenset(code for name, code in _OP.items() if name.startswith("POP_JUMP") and name.endswith("IF_FALSE"))
_IS_IMPORT = _marking({_IMPORT})
_READ = _marking({*_CONSTANTS, *_GLOBALS, *_STORES})
_READ_BODY = _marking({*_CONSTANTS, *_GLOBALS, *_STORES, _IMPORT, *_OF_BODIES})
_LOAD_GLOBAL = _OP["LOAD_GLOBAL"]
_SAMPLE: bytes = (lambda: _SAMPLE).__code__.co_code[::2]
_CACHES = len(_SAMPLE) - len(_SAMPLE[_SAMPLE.index(_LOAD_GLOBAL) + 1 :].lstrip(b"\0")) - _SAMPLE.index(_LOAD_GLOBAL)
"""From an instruction that loads a global to the next one, in units: it has caches, how many depends on the Python."""
_SUBSCRIBING = _named("STORE_SUBSCR", "DELETE_SUBSCR", "COPY")
"""What follows a container and a simple key that are about to be stored to, deleted from, or changed in place."""
_FILLING = frozenset(
    {
        *("add", "append", "appendleft", "clear", "discard", "extend", "extendleft", "insert", "pop", "popitem", "popleft", "remove"),
        *("setdefault", "update"),
    }
)
_SKIPPED = _named("CACHE", "EXTENDED_ARG")
_OPTIMIZED, _VARARGS, _VARKEYWORDS = 1, 4, 8
_SEES_LOCALS = frozenset({"locals", "vars", "dir", "eval", "exec"})
_UNMARKED = bytes(byte & 127 for byte in range(256))
"""Drops the bit that marks the first byte of each entry of an exception table."""


PLAIN = frozenset({type(None), bool, int, float, complex, str, bytes, type(Ellipsis), type(NotImplemented), range})
"""Types of constants that `repr` tells apart."""


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
    filled: frozenset[str]
    """Global names of what it may change in place: state, where they turn out to be containers."""


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
    if cls in PLAIN:
        return repr(value)
    if cls is tuple or cls is frozenset:
        if PLAIN.issuperset(map(type, value)):
            return repr(value) if cls is tuple else f"{{{','.join(sorted(map(repr, value)))}}}"
        parts = [constant(item) for item in value]
        found = [part for part in parts if part is not None]
        if len(found) < len(parts):
            return None
        return f"({','.join(found)},)" if cls is tuple else f"{{{','.join(sorted(found))}}}"
    return None


def _code(code: CodeType) -> Code:
    """Read a code object: once over the operations that load constants and globals, everything else goes in as it is."""
    names, consts = code.co_names, code.co_consts
    is_body = not code.co_flags & _OPTIMIZED  # of a class or a module
    ops, args, table = _tidy(code, is_body)
    found = dict.fromkeys(_imports(ops, args, names, consts)) if _IMPORT in ops else {}
    plain = bytearray(args)
    texts: list[str] = []
    nested: list[Code] = []
    chains: dict[tuple[str, ...], None] = {}
    stored: set[str] = set()
    filled: set[str] = set()
    for at in compress(range(len(ops)), ops.translate(_READ_BODY if is_body else _READ)):
        op = ops[at]
        number = args[at] if ops[at - 1] != _EXTENDED else argument(ops, args, at)  # the last operation is never a prefix
        if op in _CONSTANTS:
            plain[at] = 0
            texts.append(_text(consts[number], nested))
            continue
        name = names[number >> 1 if op in _SHIFTED else number]
        if op in _GLOBALS:
            chains[_chain(ops, args, at, name, names, filled)] = None
        elif op in _STORES:
            stored.add(name)
        if is_body:  # names are listed by use too: one may have been left out
            texts.append(name)
            plain[at] = 0
    for inner in nested:
        chains.update(dict.fromkeys(inner.names))
        found.update(dict.fromkeys(inner.imports))
        filled |= inner.filled
    kept = tuple(chain for chain in chains if chain[0] not in stored) if stored else tuple(chains)
    head = f"{_shape(code)}{() if is_body else names}{texts}".encode("utf-8", "surrogatepass")
    parts = [b"%d.%d.%d.%d:" % (len(head), len(ops), len(table), len(nested)), head, ops, bytes(plain), table]
    parts += [b"%d:%b" % (len(inner.content), inner.content) for inner in nested]
    return Code(b"".join(parts), kept, tuple(found), frozenset(filled))


def _tidy(code: CodeType, is_body: bool) -> tuple[bytes, bytes, bytes]:  # of a class or a module
    """Return operations, arguments and exception table without what only lines and documentation put there."""
    raw = code.co_code
    ops, args = raw[::2], raw[1::2]
    if is_body and not _FORGOTTEN.isdisjoint(code.co_names):
        return reassembled(code, ops, args, _FORGOTTEN)
    table = code.co_exceptiontable.translate(_UNMARKED)
    if _NOP in ops or has_detours(ops, args):
        return tidied(code, ops, args, table)
    return ops, args, table


def _text(value: Any, nested: list[Code]) -> str:
    """Return the text of a constant that is loaded; code is read and put into `nested`."""
    cls = type(value)
    if cls in PLAIN:
        return repr(value)
    if cls is CodeType:
        nested.append(read_code(value))
        return "code"
    return constant(value) or repr(cls)


def _shape(code: CodeType) -> tuple[object, ...]:
    """Return how a body is called: its kinds of parameters and their names; the names of all variables when it looks at them by name."""
    flags = code.co_flags
    count = code.co_argcount + code.co_kwonlyargcount + bool(flags & _VARARGS) + bool(flags & _VARKEYWORDS)
    variables = code.co_varnames if not _SEES_LOCALS.isdisjoint(code.co_names) else code.co_varnames[:count]
    return (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, flags, len(code.co_freevars), variables)


def _chain(ops: bytes, args: bytes, at: int, name: str, names: tuple[str, ...], filled: set[str]) -> tuple[str, ...]:  # noqa: PLR0913, PLR0917  # one call per global
    """Return a global name that is read at `at`, with the attributes that are read from it at once; note names changed in place."""
    after = at + (_CACHES if ops[at] == _LOAD_GLOBAL else 1)
    if ops[after] not in _CONTINUED:
        if after + 1 < len(ops) and ops[after + 1] in _SUBSCRIBING:
            filled.add(name)
        return (name,)
    chain = [name]
    while True:
        at += 1
        while ops[at] in _SKIPPED:
            at += 1
        if ops[at] not in _ATTRIBUTES:
            break
        number = argument(ops, args, at)
        chain.append(names[number >> 1 if ops[at] in _SHIFTED else number])
    if len(chain) == 2 and chain[1] in _FILLING:
        filled.add(name)
    return tuple(chain)


def _imports(ops: bytes, args: bytes, names: tuple[str, ...], consts: tuple[Any, ...]) -> Iterator[Import]:
    """Yield the imports of a body, those under `if TYPE_CHECKING:` aside."""
    skipped = list(_type_checking(ops, args, names)) if "TYPE_CHECKING" in names else []
    for at in compress(range(len(ops)), ops.translate(_IS_IMPORT)):
        if any(start < at < end for start, end in skipped):
            continue
        loads = [consts[argument(ops, args, before)] for before in range(max(0, at - 8), at) if ops[before] in _CONSTANTS]
        level, taken = loads[-2:] if len(loads) >= 2 else (0, None)
        yield Import(level if type(level) is int else 0, names[argument(ops, args, at)], taken if type(taken) is tuple else ())


def _type_checking(ops: bytes, args: bytes, names: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Yield the ranges that only run under `if TYPE_CHECKING:`."""
    for at, op in enumerate(ops):
        if op not in _GLOBALS and op not in _ATTRIBUTES:
            continue
        number = argument(ops, args, at)
        if names[number >> 1 if op in _SHIFTED else number] == "TYPE_CHECKING":
            test = at + 1
            while ops[test] in _BETWEEN:
                test += 1
            if ops[test] in _IF_FALSE:
                yield test, test + 1 + argument(ops, args, test)
