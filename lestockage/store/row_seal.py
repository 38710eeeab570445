"""Row seal: a checksum over what a row of memos or inputs says, so that bytes flipped on a disk are found before they are believed.

Not a signature: whoever writes the file can write the seal. Large values are told by their own hash. The sign of a node's seal says once
more whether the node is dirty (`~seal`), and its amount counts `verified_at` in, so that both can be changed in SQL alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import msgpack  # type: ignore[import-untyped]  # it ships no types

if TYPE_CHECKING:
    from collections.abc import Sequence

_MODULUS: Final = 4_294_967_291
"""The largest prime below 2**32: every bit of an integer moves the remainder."""
_SEAL_BYTES: Final = 4

SEALED_CLEAN: Final = "CASE WHEN seal < 0 THEN ~seal ELSE seal END"
SEALED_DIRTY: Final = "CASE WHEN seal < 0 THEN seal ELSE ~seal END"
"""SQL: a node's seal once it is clean, or dirty."""
IS_DIRTY: Final = "(n.dirty = 1 AND n.seal < 0)"
"""SQL: whether a node is dirty beyond doubt: where flag and seal differ, dirt is pushed on once more."""


def node_seal(  # noqa: PLR0913, PLR0917  # the columns of a row, by position: one call a row
    number: int, name: int, key: bytes, digest: bytes | None, changed_at: int, verified_at: int, is_dirty: int
) -> int:
    """Return the seal of a row of `memo_nodes`."""
    numbers = (number * 2_654_435_761 + name * 40_503 + changed_at * 2_246_822_519 + (digest is None)) % _MODULUS
    found = crc32(key, numbers if digest is None else crc32(digest, numbers)) + verified_at
    return ~found if is_dirty else found


def member_seal(name: int, key: bytes, cells: bytes) -> int:
    """Return the seal of a row of `memo_members`."""
    return crc32(cells, crc32(key, name % _MODULUS))


def pack_ids(ids: Sequence[int]) -> bytes:
    """Return ids as bytes, which end with their checksum."""
    data: bytes = msgpack.packb(ids)
    return data + crc32(data).to_bytes(_SEAL_BYTES, "big")


def unpack_ids(data: bytes) -> tuple[int, ...] | None:
    """Return the ids that `pack_ids` was given; None for bytes that are damaged, whatever they claim."""
    packed = data[:-_SEAL_BYTES]
    if crc32(packed).to_bytes(_SEAL_BYTES, "big") != data[-_SEAL_BYTES:]:
        return None
    try:
        # No extension types, no nesting, no more items than bytes: what a crafted file may claim costs nothing.
        ids: Any = msgpack.unpackb(packed, use_list=False, max_array_len=len(packed), max_map_len=0, max_ext_len=0)
    except (ValueError, msgpack.UnpackException):
        return None
    return ids if type(ids) is tuple and all(type(number) is int for number in ids) else None
