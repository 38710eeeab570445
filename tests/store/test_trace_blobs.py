"""What traces are packed into: bytes that come back as they were, or are found to be damaged."""

from __future__ import annotations

from zlib import crc32

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lestockage.store.trace_blobs import SIDES, pack_deps, pack_effects, pack_reads, places_of, unpack_deps, unpack_effects, unpack_reads

_DEPS = st.lists(st.one_of(st.integers(0, 1 << 50), st.tuples(st.integers(0, 1 << 50), st.binary(max_size=20))), max_size=8).map(tuple)
_READS = st.lists(st.binary(max_size=16), max_size=8).map(tuple)


@given(_DEPS, _READS, st.integers(0, 1 << 40), st.none() | st.binary(max_size=32))
def test_what_was_packed_comes_back(deps: tuple[int, ...], reads: tuple[bytes, ...], code: int, digest: bytes | None) -> None:
    """Dependencies, reads and effects, whatever they are."""
    assert unpack_deps(pack_deps(deps)) == deps
    packed = pack_reads(reads, code, digest)
    assert packed is not None
    assert unpack_reads(packed, code, digest) == reads
    assert unpack_effects(pack_effects(digest)) == digest
    assert pack_reads(None, code, digest) is None


@given(_READS, st.integers(0, 100), st.binary(min_size=1, max_size=32), st.integers(0), st.integers(1, 255))
def test_a_flipped_byte_and_another_owner_are_found(reads: tuple[bytes, ...], code: int, digest: bytes, at: int, flip: int) -> None:
    """Reads belong to one code and one result."""
    packed = pack_reads(reads, code, digest)
    assert packed is not None
    assert unpack_reads(packed, code + 1, digest) is None
    assert unpack_reads(packed, code, digest[:-1] + bytes([digest[-1] ^ flip])) is None
    damaged = bytearray(packed)
    damaged[at % len(packed)] ^= flip
    assert unpack_reads(bytes(damaged), code, digest) is None
    whole = pack_effects(digest)
    assert whole is not None
    assert unpack_effects(whole[:-1]) is None


@pytest.mark.parametrize("claim", [b"\xdd\xff\xff\xff\xff", b"\x81\x01\x02", msgpack.packb("text"), msgpack.packb([[1, 2]]), b"\x91"])
def test_a_crafted_claim_is_damage(claim: bytes) -> None:
    """A right checksum over absurd lengths, other types, or the end of the bytes."""
    sealed = claim + crc32(claim).to_bytes(4, "big")
    assert unpack_deps(sealed) is None
    start = crc32(b"", 0)
    assert unpack_reads(claim + crc32(claim, start).to_bytes(4, "big"), 0, None) is None
    assert unpack_deps(b"") is None


def test_a_node_has_one_place_however_it_is_read() -> None:
    """The first position; marked when sides of it are among what was read."""
    assert places_of((7, (8, b"run"), 9, (7, b"run"))) == {7: SIDES, 8: SIDES + 1, 9: 2}
