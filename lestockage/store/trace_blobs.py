"""Trace blobs: what a memo read, what that came to and what its execution made, as bytes that end with a checksum.

As `row_seal` for ids: damaged bytes are found before they are believed, and what a crafted file may claim costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import msgpack  # type: ignore[import-untyped]  # it ships no types

from lestockage.engine.codec.wire import pack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lestockage.engine.memostore import Dep

_SEAL_BYTES: Final = 4
_MODULUS: Final = 4_294_967_291
SIDES: Final = 1 << 40
"""Added to the position of an edge that stands for sides of a node; no memo has so many dependencies."""


def _sealed(data: bytes, start: int = 0) -> bytes:
    return data + crc32(data, start).to_bytes(_SEAL_BYTES, "big")


_ID: Final = frozenset({int})
_BYTES: Final = frozenset({bytes})
_NOTHING: Final[bytes] = msgpack.packb(())
_packers: Final[list[msgpack.Packer]] = []
"""Idle packers, as `wire.pack` keeps them: making one costs more than what it packs."""


def _opened(data: bytes, start: int = 0) -> bytes | None:
    packed = data[:-_SEAL_BYTES]
    return packed if crc32(packed, start).to_bytes(_SEAL_BYTES, "big") == data[-_SEAL_BYTES:] else None


def pack_deps(deps: Sequence[Dep]) -> bytes | None:
    """Return dependencies as bytes; None for none."""
    return _sealed(pack(deps)) if deps else None


def unpack_deps(data: bytes | None) -> tuple[Dep, ...] | None:
    """Return the dependencies that `pack_deps` was given; None for bytes that are damaged."""
    if data is None:
        return ()
    packed = _opened(data)
    if packed is None:
        return None
    try:
        # No maps, no extension types, no more items than bytes.
        deps: Any = msgpack.unpackb(packed, use_list=False, max_array_len=len(packed), max_map_len=0, max_ext_len=0)
    except (ValueError, msgpack.UnpackException):
        return None
    if type(deps) is not tuple:
        return None
    kinds = set(map(type, deps))
    return deps if kinds <= _ID or all(type(dep) is int or _is_side(dep) for dep in deps) else None


def _is_side(dep: object) -> bool:
    return type(dep) is tuple and len(dep) == 2 and type(dep[0]) is int and type(dep[1]) is bytes


def places_of(deps: Sequence[Dep]) -> dict[int, int]:
    """Return each node that is among dependencies with its first position; `SIDES` more when sides of it are read."""
    found: dict[int, int] = {}
    for position, dep in enumerate(deps):
        if type(dep) is int:
            found.setdefault(dep, position)
        else:
            number: int = dep[0]  # type: ignore[index]  # a side, by exclusion
            found[number] = found.get(number, position) % SIDES + SIDES
    return found


def pack_reads(reads: Sequence[bytes] | None, code: int, digest: bytes | None) -> bytes | None:
    """Return what dependencies came to as bytes, sealed together with the code that read them and the result; None for None."""
    if reads is None:
        return None
    return _sealed(_packed(reads) if reads else _NOTHING, _start(code, digest))


def _packed(reads: Sequence[bytes]) -> bytes:
    """Pack digests as text, which costs one byte a digest less than binary."""
    try:
        packer = _packers.pop()
    except IndexError:
        packer = msgpack.Packer(use_bin_type=False)
    data: bytes = packer.pack(reads)
    _packers.append(packer)
    return data


def unpack_reads(data: bytes, code: int, digest: bytes | None) -> tuple[bytes, ...] | None:
    """Return what `pack_reads` was given; None for bytes that are damaged, or that belong to another code or result."""
    packed = _opened(data, _start(code, digest))
    if packed is None:
        return None
    try:
        reads: Any = msgpack.unpackb(packed, use_list=False, raw=True, max_array_len=len(packed), max_map_len=0, max_ext_len=0)
    except (ValueError, msgpack.UnpackException):
        return None
    return reads if type(reads) is tuple and set(map(type, reads)) <= _BYTES else None


def _start(code: int, digest: bytes | None) -> int:
    return crc32(digest or b"", code % _MODULUS)


def pack_effects(effects: bytes | None) -> bytes | None:
    """Return what an execution made, sealed."""
    return None if effects is None else _sealed(effects)


def unpack_effects(data: bytes | None) -> bytes | None:
    """Return what `pack_effects` was given; None for bytes that are damaged."""
    return None if data is None else _opened(data)
