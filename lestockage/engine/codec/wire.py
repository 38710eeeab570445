"""Wire: plain trees of None, bool, int, float, str, bytes, tuples and dicts, to msgpack bytes and back, bounded against hostile lengths.

The same tree gives the same bytes in every process. What msgpack itself lacks is added here and nowhere else: integers beyond 64 bits
travel as extension 1 (two's complement, big endian), and lone surrogates as the three bytes that UTF-8 would give them. Nesting is
limited by msgpack: 1,024 arrays or maps inside each other when reading, 511 or 1,024 when writing, by its release.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import msgpack  # type: ignore[import-untyped]  # it ships no types
from blake3 import blake3

__all__ = ["HASH_LENGTH", "INLINE_BELOW", "MAX_DEPTH", "UNSCANNED", "digest", "pack", "unpack", "unpack_few"]

HASH_LENGTH = 32
"""Bytes of a BLAKE3 hash; a digest of this length is one, every other is the encoding itself."""

INLINE_BELOW = 256
"""Encodings shorter than this are their own digest, but for those as long as a hash."""

MAX_DEPTH = 1024
"""How many levels of one recursive value are followed before it is refused; msgpack stops there too."""

_BIG_INT = 1
_INT64_MIN = -(1 << 63)
_UINT64_MAX = (1 << 64) - 1
UNSCANNED = 4096
"""Bytes: what a lying length can claim below this stays under 32 MB (1,024 open arrays of 4,096 pointers)."""
_CLAIMABLE = 1 << 26  # bytes of pointers that lying lengths may claim before the data is scanned element by element
_KEPT_BUFFER = 1 << 16  # bytes: a packer that held more is dropped, because its buffer never shrinks

_packers: list[msgpack.Packer] = []
"""Idle packers. A packer is not re-entrant, and the garbage collector may run other code, even another thread, while one packs."""


def digest(data: bytes) -> bytes:
    """Return the identity of an encoding: a small one itself, else its BLAKE3; told apart by their length."""
    return data if len(data) < INLINE_BELOW and len(data) != HASH_LENGTH else blake3(data).digest()


def pack(tree: Any) -> bytes:
    """Return the msgpack bytes of a tree that was already checked.

    Raises ValueError when it nests deeper than msgpack allows. Lists count as tuples, and subclasses as their bases: checking is the
    caller's.
    """
    try:
        packer = _packers.pop()
    except IndexError:
        packer = msgpack.Packer()
    try:
        data: bytes = packer.pack(tree)
    except (OverflowError, UnicodeEncodeError):
        return _pack_rare(tree)
    if len(data) < _KEPT_BUFFER:
        _packers.append(packer)
    return data


def _pack_rare(tree: Any) -> bytes:
    """Pack a tree that holds a large integer or a lone surrogate; both options slow every string down, so `pack` tries without."""
    data: bytes = msgpack.Packer(default=_pack_big, unicode_errors="surrogatepass").pack(tree)
    return data


def _pack_big(value: object) -> msgpack.ExtType:
    """Return the extension for an integer that msgpack cannot hold."""
    if type(value) is not int:
        raise TypeError(f"{type(value).__qualname__} cannot be packed")
    return msgpack.ExtType(_BIG_INT, value.to_bytes((value.bit_length() + 8) // 8, "big", signed=True))


def _unpack_extension(code: int, data: bytes) -> int:
    """Return the large integer of an extension; any other extension, or one that should have been a plain integer, is refused."""
    number = int.from_bytes(data, "big", signed=True)
    if code != _BIG_INT or _INT64_MIN <= number <= _UINT64_MAX:
        raise ValueError(f"unknown extension {code}")
    return number


unpack_few = partial(
    msgpack.unpackb, use_list=False, strict_map_key=False, unicode_errors="surrogatepass", ext_hook=_unpack_extension, raw=False
)
"""As `unpack`, for at most `UNSCANNED` bytes: in C alone."""


def unpack(data: bytes) -> Any:
    """Return the tree that `data` holds, arrays as tuples.

    Raises ValueError (or a subclass) on malformed, truncated or trailing bytes, on nesting beyond 1,024, and on lengths that the data
    cannot hold: msgpack allocates an array when it reads its length, and nested lying lengths would multiply, so they are counted first.
    """
    if len(data) > UNSCANNED:
        _refuse_absurd_lengths(data)
    return unpack_few(data)


def _refuse_absurd_lengths(data: bytes) -> None:
    """Raise ValueError when arrays in `data` claim more elements than follow.

    Skipping walks every element without building any, so lies show before they cost; it is left out while the worst reading is cheap.
    """
    size = len(data)
    wide = data.count(b"\xdd")  # every byte that could be the head of an array; most are not
    narrow = data.count(b"\xdc")
    if 8 * (min(wide, MAX_DEPTH) * size + min(narrow, MAX_DEPTH) * min(size, 0xFFFF)) > _CLAIMABLE:
        reader = msgpack.Unpacker(None, max_buffer_size=size)
        reader.feed(data)
        try:
            reader.skip()
        except msgpack.OutOfData:
            raise ValueError("arrays claim more elements than follow") from None
