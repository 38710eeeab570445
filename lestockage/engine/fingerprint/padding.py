"""Padding: instructions that only say something of lines and documentation, taken out as if the compiler had not put them in."""

from __future__ import annotations

import opcode
from bisect import bisect_left
from itertools import compress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import CodeType

__all__ = ["argument", "has_detours", "reassembled", "tidied"]

_OP = opcode.opmap
_EXTENDED, _NOP, _CACHE, _STORE_NAME = _OP["EXTENDED_ARG"], _OP["NOP"], _OP["CACHE"], _OP["STORE_NAME"]
_ABSOLUTE = frozenset(opcode.hasjabs)
_JUMPS = frozenset({*opcode.hasjrel, *opcode.hasjabs})
_BACKWARD = frozenset(code for name, code in _OP.items() if "JUMP_BACKWARD" in name)
_UNCONDITIONAL = frozenset(_OP[name] for name in ("JUMP_FORWARD", "JUMP_BACKWARD") if name in _OP)
_TURNED = {_OP[name]: _OP[other] for name in _OP if (other := name.replace("JUMP_FORWARD_IF", "JUMP_BACKWARD_IF")) != name}
_TURNED |= {after: before for before, after in _TURNED.items()}
"""Conditional jumps forward and the same backward, each way. Python 3.12 has one operation for both, and its detours are left alone."""
_POPPING = {"JUMP_IF_FALSE_OR_POP": "POP_JUMP_FORWARD_IF_FALSE", "JUMP_IF_TRUE_OR_POP": "POP_JUMP_FORWARD_IF_TRUE"}
_OR_POP = {_OP[name]: _OP[popping] for name, popping in _POPPING.items() if name in _OP}
"""Jumps that keep the value they tested, and the same that drop it."""
_DETOURS = dict.fromkeys(_TURNED, _UNCONDITIONAL) | {op: _UNCONDITIONAL | {*_OR_POP, *_OR_POP.values()} for op in _OR_POP}
"""For each conditional jump, the jumps it can be led on by."""
_BETWEEN = frozenset({_EXTENDED, _NOP})
_IS_CONDITIONAL = bytes(code in _DETOURS for code in range(256))
_IS_JUMP = bytes(code in _JUMPS for code in range(256))
_IS_NOP = bytes(code == _NOP for code in range(256))
_NO_NOP = bytes(code != _NOP for code in range(256))


def argument(ops: bytes, args: bytes, at: int) -> int:
    """Return the argument of the instruction at unit `at`, its prefixes included."""
    value = args[at]
    shift = 8
    while at and ops[at - 1] == _EXTENDED:
        at -= 1
        value |= args[at] << shift
        shift += 8
    return value


def _target(ops: bytes, at: int, number: int) -> int:
    """Return the unit that the jump at `at` goes to."""
    if ops[at] in _ABSOLUTE:
        return number
    after = _after(ops, at)
    return after - number if ops[at] in _BACKWARD else after + number


def _after(ops: bytes, at: int) -> int:
    """Return the unit after an instruction and its caches."""
    at += 1
    while at < len(ops) and ops[at] == _CACHE:
        at += 1
    return at


def _aim(ops: bytes, args: bytes, at: int) -> tuple[int, int]:
    """Return the operation and target unit of the jump at `at`, led on by the jumps it goes to.

    Source: `jump_thread` in CPython's Python/compile.c, which does this only for jumps that are on one line.
    """
    op, target = ops[at], _target(ops, at, argument(ops, args, at))
    while op in _DETOURS:
        stop = target
        while ops[stop] in _BETWEEN:
            stop += 1
        following = ops[stop]
        if following not in _DETOURS[op]:
            break
        onward, turned = _target(ops, stop, argument(ops, args, stop)), op
        if op in _OR_POP and following not in _UNCONDITIONAL:
            if following not in (op, _OR_POP[op]):
                onward = _after(ops, stop)
            turned = op if following == op else _OR_POP[op]
        if onward == target or (onward <= at and turned in _OR_POP):
            break
        op, target = turned, onward
        if (target <= at) != (op in _BACKWARD):
            op = _TURNED.get(op, op)
    return op, target


def tidied(code: CodeType, ops: bytes, args: bytes, table: bytes) -> tuple[bytes, bytes, bytes]:
    """Return operations, arguments and exception table without the traces that line numbers leave: no-ops, and jumps to jumps.

    Jumps are corrected in place; when one takes more or fewer prefixes than before, everything is assembled again.
    """
    gone = list(compress(range(len(ops)), ops.translate(_IS_NOP)))
    fixed_ops, fixed = bytearray(ops), bytearray(args)
    for at in compress(range(len(ops)), ops.translate(_IS_JUMP)):
        if not gone and ops[at] not in _DETOURS:
            continue
        before = argument(ops, args, at)
        op, end = _aim(ops, args, at)
        start = 0 if op in _ABSOLUTE else _after(ops, at)
        number = abs(end - bisect_left(gone, end) - start + bisect_left(gone, start))
        if number == before and op == ops[at]:
            continue
        if max(1, number.bit_length() + 7 >> 3) != max(1, before.bit_length() + 7 >> 3):
            return reassembled(code, ops, args, frozenset())
        fixed_ops[at] = op
        place = at
        while True:
            fixed[place] = number & 255
            number >>= 8
            if not number:
                break
            place -= 1
    entries = (
        [[unit - bisect_left(gone, unit) for unit in entry[:3]] + entry[3:] for entry in _exceptions(table)] if table and gone else None
    )
    kept = ops.translate(_NO_NOP)
    return bytes(compress(fixed_ops, kept)), bytes(compress(fixed, kept)), table if entries is None else _table(entries)


def has_detours(ops: bytes, args: bytes) -> bool:
    """Return whether a conditional jump goes to another jump."""
    for at in compress(range(len(ops)), ops.translate(_IS_CONDITIONAL)):  # none of these has caches
        number = args[at] if ops[at - 1] != _EXTENDED else argument(ops, args, at)
        end = at + 1 - number if ops[at] in _BACKWARD else at + 1 + number
        while ops[end] in _BETWEEN:
            end += 1
        if ops[end] in _DETOURS[ops[at]]:
            return True
    return False


def reassembled(code: CodeType, ops: bytes, args: bytes, forgotten: frozenset[str]) -> tuple[bytes, bytes, bytes]:
    """Return operations, arguments and exception table as the compiler writes them on one line, without stores to `forgotten` names."""
    place: list[int] = []  # for each unit of the original, which instruction of the result it belongs to, or comes before
    kept: list[list[int]] = []  # operation, argument (of a jump: the unit it goes to), caches that follow
    for at, op in enumerate(ops):
        if op == _CACHE:
            place.append(len(kept))
            kept[-1][2] += 1
            continue
        place.append(len(kept))
        number = argument(ops, args, at)
        if op == _STORE_NAME and code.co_names[number] in forgotten and kept and kept[-1][0] in opcode.hasconst:
            kept.pop()
            place = [min(where, len(kept)) for where in place]
        elif op not in _BETWEEN:
            kept.append([*(_aim(ops, args, at) if op in _JUMPS else (op, number)), 0])
    place.append(len(kept))
    for line in kept:
        if line[0] in _JUMPS:
            line[1] = place[line[1]]
    starts = _starts(kept)
    entries = [[starts[place[unit]] for unit in entry[:3]] + entry[3:] for entry in _exceptions(code.co_exceptiontable)]
    units = b"".join(_units(line, index, starts) for index, line in enumerate(kept))
    return units[::2], units[1::2], _table(entries)


def _starts(lines: list[list[int]]) -> list[int]:
    """Return the unit at which each instruction starts, and where they end; far jumps take more units, so repeat until it fits."""
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
    op, number, caches = line
    if op in _JUMPS:
        number = starts[number] if op in _ABSOLUTE else abs(starts[number] - starts[index + 1])
    prefixes = b"".join(bytes((_EXTENDED, number >> shift & 255)) for shift in (24, 16, 8) if number >> shift)
    return prefixes + bytes((op, number & 255)) + bytes(2 * caches)


def _exceptions(table: bytes) -> list[list[int]]:
    """Return the entries of an exception table: start, end, target (in units), depth.

    Format: CPython's Objects/exception_handling_notes.txt.
    """
    numbers: list[int] = []
    value = 0
    for byte in table:
        value = value << 6 | byte & 63
        if not byte & 64:
            numbers.append(value)
            value = 0
    rows = zip(*[iter(numbers)] * 4, strict=True)
    return [[start, start + length, target, depth] for start, length, target, depth in rows]


def _table(entries: list[list[int]]) -> bytes:
    """Return an exception table, without the bits that mark the first byte of each entry."""
    found = bytearray()
    for start, end, target, depth in entries:
        for number in (start, end - start, target, depth):
            shift = max(0, number.bit_length() - 1) // 6 * 6
            while shift:
                found.append(number >> shift & 63 | 64)
                shift -= 6
            found.append(number & 63)
    return bytes(found)
