"""Sites: where in a unit its calls, imports and bases are said, as the bytes that a scan holds: pairs of four-byte numbers, one a site."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from lestockage.languages.facts import Site

if TYPE_CHECKING:
    from collections.abc import Sequence

_SITE = struct.Struct("<ii")


def encode_sites(flat: Sequence[int]) -> bytes:
    """Return the bytes of the sites whose lines and columns stand one after the other in a list."""
    return struct.pack(f"<{len(flat)}i", *flat)


def decode_sites(data: bytes) -> list[Site]:
    """Return the sites of a unit in the order of their ordinals."""
    return [*map(Site._make, _SITE.iter_unpack(data))]
