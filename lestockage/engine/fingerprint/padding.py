"""Padding: instructions that only say something of lines and documentation, taken out as if the compiler had not put them in."""

from __future__ import annotations

import opcode
from bisect import bisect_left
from itertools import compress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import CodeType

__all__ = ["argument", "reassembled", "spliced"]

_OP = opcode.opmap
_EXTENDED, _NOP, _CACHE, _STORE_NAME = _OP["EXTENDED_ARG"], _OP["NOP"], _OP["CACHE"], _OP["STORE_NAME"]
_ABSOLUTE = frozenset(opcode.hasjabs)
_JUMPS = frozenset({*opcode.hasjrel, *opcode.hasjabs})
_BACKWARD = frozenset(code for name, code in _OP.items() if "JUMP_BACKWARD" in name)
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


def _target(ops: bytes, at: int, number: int) -> tuple[int, int]:
    """Return the unit that the jump at `at` counts from, and the one it goes to."""
    if ops[at] in _ABSOLUTE:
        return 0, number
    after = at + 1
    while after < len(ops) and ops[after] == _CACHE:
        after += 1
    return after, after - number if ops[at] in _BACKWARD else after + number


def spliced(code: CodeType, ops: bytes, args: bytes, table: bytes) -> tuple[bytes, bytes, bytes]:
    """Return operations, arguments and exception table without the no-ops that the compiler keeps for the sake of line numbers.

    Jumps are corrected in place; when one becomes so much shorter that it takes a prefix less, everything is assembled again.
    """
    gone = list(compress(range(len(ops)), ops.translate(_IS_NOP)))
    fixed = bytearray(args)
    for at in compress(range(len(ops)), ops.translate(_IS_JUMP)):
        number = argument(ops, args, at)
        start, end = _target(ops, at, number)
        less = abs(bisect_left(gone, end) - bisect_left(gone, start))
        if less:
            shorter = number - less
            if shorter.bit_length() + 7 >> 3 < number.bit_length() + 7 >> 3 and number > 255:
                return reassembled(code, ops, args, frozenset())
            place = at
            while True:
                fixed[place] = shorter & 255
                shorter >>= 8
                if not shorter and (not place or ops[place - 1] != _EXTENDED):
                    break
                place -= 1
    entries = [[unit - bisect_left(gone, unit) for unit in entry[:3]] + entry[3:] for entry in _exceptions(table)] if table else []
    kept = ops.translate(_NO_NOP)
    return bytes(compress(ops, kept)), bytes(compress(fixed, kept)), _table(entries)


def reassembled(code: CodeType, ops: bytes, args: bytes, forgotten: frozenset[str]) -> tuple[bytes, bytes, bytes]:
    """Return operations, arguments and exception table as the compiler writes them without no-ops and stores to `forgotten` names."""
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
        elif op not in (_NOP, _EXTENDED):
            kept.append([op, _target(ops, at, number)[1] if op in _JUMPS else number, 0])
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
